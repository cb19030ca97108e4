import FoundationEssentials

/// A few files in a folder as a tar archive, all for their owner alone.
///
/// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar)
struct TarArchive {
    private(set) var bytes: [UInt8] = []

    /// - Parameter folder: of at most 80 bytes, as the files' names.
    init(folder: String, files: [String: Data], at time: Date) {
        bytes += Self.header("\(folder)/", mode: 0o700, size: 0, type: "5", time)
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            bytes += Self.header("\(folder)/\(name)", mode: 0o600, size: content.count, type: "0", time)
            bytes += content + Self.padding(after: content.count)
        }
        // Two empty blocks end it.
        bytes += [UInt8](repeating: 0, count: 1024)
    }

    private static func padding(after count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (512 - count % 512) % 512)
    }

    private static func header(
        _ name: String, mode: Int, size: Int, type: String, _ time: Date
    ) -> [UInt8] {
        // Name, mode, owner, group, size, time, checksum, type, linked name, magic, version; the rest is empty.
        let before =
            field(name, 100) + [mode, 0, 0].flatMap { octal($0, 8) } + octal(size, 12)
            + octal(Int(time.timeIntervalSince1970), 12)
        let after = Array(type.utf8) + field("", 100) + field("ustar", 6) + Array("00".utf8) + field("", 247)
        // The sum counts its own field as spaces.
        let sum = (before + after).reduce(8 * 0x20) { $0 + Int($1) }
        return before + octal(sum, 7) + Array(" ".utf8) + after
    }

    private static func field(_ text: String, _ length: Int) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(length))
        return bytes + [UInt8](repeating: 0, count: length - bytes.count)
    }

    private static func octal(_ number: Int, _ length: Int) -> [UInt8] {
        let digits = String(number, radix: 8)
        return Array((String(repeating: "0", count: length - 1 - digits.count) + digits).utf8) + [0]
    }
}

/// A gzip file whose content is stored as it is: what is in a bundle is small, and every unpacker reads it.
/// https://www.rfc-editor.org/rfc/rfc1952 and https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
enum Gzip {
    /// As much as a stored block holds.
    private static let block = 65_535

    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        // Deflate; no name, no time; of an unknown system.
        var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(block)
            rest = rest.dropFirst(block)
            let length = UInt16(part.count)
            out.append(rest.isEmpty ? 1 : 0)
            out += littleEndian(length) + littleEndian(~length) + part
        } while !rest.isEmpty
        return out + littleEndian(checksum(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
    }

    /// CRC-32.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes { sum = sum >> 8 ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
        return ~sum
    }

    /// What each byte adds to the sum.
    private static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
        return value
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
