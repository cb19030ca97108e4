import FoundationEssentials

// Properties of a JSON text that a JSON decoder does not report.

/// The nesting depth of lists and objects in a text that may be JSON.
struct JSONNesting {
    private(set) var depth = 0

    init(of contents: Data) {
        var open = 0
        var isQuoted = false
        var isEscaped = false
        for byte in contents {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isQuoted: isEscaped = true
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted, UInt8(ascii: "[") where !isQuoted:
                open += 1
                depth = max(depth, open)
            case UInt8(ascii: "}") where !isQuoted, UInt8(ascii: "]") where !isQuoted: open -= 1
            default: break
            }
        }
    }
}

/// The keys of a JSON object in the order of its text. A decoder silently keeps the last of two equal keys; this
/// reports the duplicates.
struct TopLevelKeys {
    private(set) var repeated: [String] = []

    /// - Parameter contents: JSON that has already been decoded, so it is well-formed.
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
                    candidate = Self.key(open)
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

    /// The decoded key: `\u006b` is k.
    private static func key(_ text: [UInt8]) -> String {
        let quote = [UInt8(ascii: "\"")]
        // The whole text has been decoded before, so a part of it can be decoded.
        return (try? JSONDecoder().decode(String.self, from: Data(quote + text + quote)))
            ?? String(decoding: text, as: UTF8.self)
    }
}
