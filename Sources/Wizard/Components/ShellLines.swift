import Terminal

/// A shell command wrapped with trailing backslashes, so that it can be copied.
struct ShellLines {
    let lines: [String]

    init(_ command: String, columns: Int) {
        var lines: [String] = []
        for word in Self.words(of: command) {
            if let last = lines.last, Text.width(last) + Text.width(word) + 3 <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(lines.isEmpty ? word : "  \(word)")
            }
        }
        self.lines = lines.enumerated().map { $0 < lines.count - 1 ? "\($1) \\" : $1 }
    }

    /// Units that are not wrapped: quoted text, and a flag with its value.
    private static func words(of command: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var quote: Unicode.Scalar?
        var isEscaped = false
        // By scalars, as the shell does: a quote with a combining mark is a quote.
        for scalar in command.unicodeScalars {
            if scalar == " ", quote == nil, !isEscaped {
                words.append(String(word))
                word = String.UnicodeScalarView()
                continue
            }
            word.append(scalar)
            switch scalar {
            case _ where isEscaped: isEscaped = false
            case "\\" where quote != "'": isEscaped = true
            case "'", "\"":
                if quote == nil { quote = scalar } else if quote == scalar { quote = nil }
            default: break
            }
        }
        return (words + [String(word)]).reduce(into: []) { joined, word in
            if let last = joined.last, last.hasPrefix("--"), !last.contains(" "), !word.hasPrefix("-") {
                joined[joined.count - 1] = "\(last) \(word)"
            } else {
                joined.append(word)
            }
        }
    }
}
