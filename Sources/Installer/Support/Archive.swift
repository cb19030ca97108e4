import FoundationEssentials

/// A tar archive of some files in a folder, readable only by the owner.
///
/// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 (ustar)
struct TarArchive {
    private(set) var bytes: [UInt8] = []

    /// - Parameter folder: at most 80 bytes, like the files' names.
    init(folder: String, files: [String: Data], at time: Date) {
        bytes += Self.header("\(folder)/", mode: 0o700, size: 0, type: "5", time)
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            bytes += Self.header("\(folder)/\(name)", mode: 0o600, size: content.count, type: "0", time)
            bytes += content + Self.padding(after: content.count)
        }
        // Two empty blocks mark the end.
        bytes += [UInt8](repeating: 0, count: 1024)
    }

    /// The bytes of a file with this name.
    func bytes(for path: String) -> [UInt8] {
        Self.isCompressed(path) ? Gzip.compressed(bytes) : bytes
    }

    /// Whether a name is that of an archive: `.tar`, or compressed, `.tar.gz` or `.tgz`.
    static func isName(_ path: String) -> Bool { path.hasSuffix(".tar") || isCompressed(path) }

    /// Whether the file name asks for compression.
    static func isCompressed(_ path: String) -> Bool { path.hasSuffix(".tar.gz") || path.hasSuffix(".tgz") }

    /// The names of the entries; those up to the first header that is none.
    static func names(in archive: [UInt8]) -> [String] {
        var names: [String] = []
        var rest = archive[...]
        while rest.count >= 512 {
            let header = Array(rest.prefix(512))
            let name = String(decoding: header.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
            let digits = String(decoding: header[124..<136].prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
            guard !name.isEmpty, let size = Int(digits, radix: 8), size >= 0 else { break }
            names.append(name)
            rest = rest.dropFirst(512 + size + padding(after: size).count)
        }
        return names
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
        // The checksum counts its own field as spaces.
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
