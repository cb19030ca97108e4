/// Cuts a stream of bytes into lines, wherever the pipe happened to cut it.
///
/// A carriage return ends a line too, for that is how progress bars redraw themselves. A line that grows beyond
/// what anybody reads is handed over in pieces, so that no tool can fill the memory.
struct LineSplitter {
    /// The longest piece of a line, in bytes.
    static let limit = 64 * 1024

    private var rest: [UInt8] = []
    /// A line feed right after a carriage return belongs to the line that was just handed over.
    private var followsReturn = false

    /// Takes the next bytes, and returns the lines that they complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n") where followsReturn: followsReturn = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                lines.append(cut())
                followsReturn = byte == UInt8(ascii: "\r")
            default:
                followsReturn = false
                rest.append(byte)
                if rest.count >= Self.limit { lines.append(contentsOf: cutPiece()) }
            }
        }
        return lines
    }

    /// What is left at the end: a last line that has no end.
    mutating func finish() -> String? { rest.isEmpty ? nil : cut() }

    private mutating func cut() -> String {
        defer { rest.removeAll(keepingCapacity: true) }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Cuts before the last character, which may not be whole yet.
    private mutating func cutPiece() -> [String] {
        guard let start = rest.lastIndex(where: { $0 & 0xC0 != 0x80 }), start > rest.startIndex else {
            return [cut()]
        }
        let character = Array(rest[start...])
        rest.removeSubrange(start...)
        let piece = cut()
        rest = character
        return [piece]
    }
}
