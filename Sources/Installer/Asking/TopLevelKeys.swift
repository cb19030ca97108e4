import FoundationEssentials

/// The keys of a JSON object as they stand in its text. A decoder keeps the last of two alike and says nothing;
/// a person who wrote one twice wants to know.
struct TopLevelKeys {
    private(set) var repeated: [String] = []

    /// - Parameter contents: JSON that has been decoded already, so it is well-formed.
    init(of contents: Data) {
        var seen: Set<String> = []
        var depth = 0
        var text: [UInt8]?
        var escaped = false
        var candidate: String?
        for byte in contents {
            if var open = text {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    candidate = String(decoding: open, as: UTF8.self)
                    text = nil
                    continue
                }
                open.append(byte)
                text = open
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): text = []
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == 1:
                guard let key = candidate else { break }
                if !seen.insert(key).inserted { repeated.append(key) }
            default: break
            }
        }
    }
}
