/// gRPC's own log, which says why a connection failed where buildx only says that it did.
struct GRPCLog {
    /// The text of each failure's `desc`, in order, each once.
    let reasons: [String]

    init(_ text: String) {
        var reasons: [String] = []
        for line in text.split(separator: "\n") {
            if let reason = Self.quoted(line), !reasons.contains(reason) { reasons.append(reason) }
        }
        self.reasons = reasons
    }

    /// The Go string after `desc = `: a quote or a backslash in it is written with a backslash.
    private static func quoted(_ line: Substring) -> String? {
        guard let start = line.firstRange(of: "connection error: desc = \"") else { return nil }
        var out = ""
        var isEscaped = false
        for character in line[start.upperBound...] {
            switch character {
            case "\\" where !isEscaped: isEscaped = true
            case "\"" where !isEscaped: return out
            default:
                out.append(character)
                isEscaped = false
            }
        }
        return nil
    }
}
