/// Expands `CSI n b`, "repeat the last character n times", as xterm would show it.
///
/// libvterm treats a repetition that ends one column before the edge as one that has filled the row, and puts the
/// following text on the next row.
struct Repetition {
    /// An incomplete sequence that may be a repetition.
    private var pending: [UInt8] = []
    private var last: UInt8?

    /// The same output without repetitions. A sequence that is still ambiguous is returned with the next portion.
    mutating func expand(_ output: some Sequence<UInt8>) -> [UInt8] {
        var expanded: [UInt8] = []
        for byte in output { expanded += take(byte) }
        return expanded
    }

    private mutating func take(_ byte: UInt8) -> [UInt8] {
        let isPart =
            switch pending.count {
            case 0: byte == 0x1B
            case 1: byte == UInt8(ascii: "[")
            default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
        if isPart {
            pending.append(byte)
            return []
        }
        defer { pending = [] }
        if byte == UInt8(ascii: "b"), let last, pending.count > 2 {
            let count = Int(String(decoding: pending.dropFirst(2), as: UTF8.self)) ?? 1
            return Array(repeating: last, count: count)
        }
        // ncurses only repeats ASCII, and only directly after the character.
        last = pending.isEmpty && (0x20..<0x7F).contains(byte) ? byte : nil
        return pending + [byte]
    }
}
