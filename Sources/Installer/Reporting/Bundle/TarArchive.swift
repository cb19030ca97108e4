/// Files in one file, as `tar` reads it: the ustar form of POSIX.1-1988.
/// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
struct TarArchive {
    private static let block = 512

    private(set) var bytes: [UInt8] = []
    private let time: Int

    /// - Parameter time: when the files were made, in seconds since 1970.
    init(time: Int) { self.time = time }

    /// - Parameter name: at most a hundred bytes.
    mutating func add(_ name: String, _ content: [UInt8]) {
        bytes += header(name, size: content.count) + content
        bytes += [UInt8](repeating: 0, count: (Self.block - content.count % Self.block) % Self.block)
    }

    /// Two empty blocks end it.
    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 2 * Self.block) }

    private func header(_ name: String, size: Int) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: Self.block)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        put(String(name.prefix(100)), at: 0)
        put("0000600", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(size, digits: 11), at: 124)
        put(Self.octal(time, digits: 11), at: 136)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        // The sum counts its own field as blanks.
        put("        ", at: 148)
        put("\(Self.octal(header.reduce(0) { $0 + Int($1) }, digits: 6))\0 ", at: 148)
        return header
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
