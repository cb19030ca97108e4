import Terminal

/// A shell command on several lines, each of which but the last ends with a backslash, so that it can be
/// copied.
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

    /// What may not be torn: a quoted text, and a flag with its value.
    private static func words(of command: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in command {
            if character == "'" { isQuoted.toggle() }
            if character == " ", !isQuoted {
                words.append(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        return (words + [word]).reduce(into: []) { joined, word in
            if let last = joined.last, last.hasPrefix("--"), !last.contains(" "), !word.hasPrefix("-") {
                joined[joined.count - 1] = "\(last) \(word)"
            } else {
                joined.append(word)
            }
        }
    }
}
