/// Writes a text in mdoc(7), the language of manual pages.
struct Mdoc {
    private(set) var text = ""

    /// A macro with its arguments; those are words of the page, and no macros.
    mutating func macro(_ name: String, _ words: String...) { line(name, words.map(Self.word)) }

    /// One entry of a list: flags, each with its dashes, and the name of a value.
    mutating func entry(flags: [String], value: String?) {
        var words: [String] = []
        for flag in flags {
            // The macro brings the first dash.
            words += words.isEmpty ? [] : [","]
            words += ["Fl", Self.word(String(flag.dropFirst()))]
        }
        if let value { words += ["Ar", Self.word(value)] }
        line("It", words)
    }

    /// Running text. Each sentence gets a line of its own, from which mdoc knows where sentences end.
    mutating func say(_ lines: [String]) {
        write(
            lines.flatMap { $0.replacing(". ", with: ".\n").split(separator: "\n") }
                .map { Self.unhyphenated(Self.escaped(String($0))) })
    }

    mutating func say(_ lines: String...) { say(lines) }

    /// Lines as they are.
    mutating func literal(_ lines: [String]) {
        text += ".Bd -literal -offset indent\n"
        write(lines.map(Self.escaped))
        text += ".Ed\n"
    }

    /// A list of terms with what they mean.
    mutating func list(_ entries: (inout Mdoc) -> Void) {
        text += ".Bl -tag -width Ds\n"
        entries(&self)
        text += ".El\n"
    }

    private mutating func write(_ lines: [String]) {
        for line in lines { text += Self.guarded(line) + "\n" }
    }

    private mutating func line(_ name: String, _ words: [String]) {
        text += ([".\(name)"] + words).joined(separator: " ") + "\n"
    }

    private static func word(_ word: String) -> String {
        // A short word with a capital could be taken for a macro.
        let isLikeMacro = word.count <= 3 && word.first?.isUppercase == true
        let escaped = (isLikeMacro ? "\\&" : "") + escaped(word)
        guard word.contains(" ") else { return escaped }
        return "\"\(escaped.replacing("\"", with: "\\(dq"))\""
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    }

    /// What somebody may copy is not broken where a line ends.
    private static func unhyphenated(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("\\-") || $0.contains("_") ? "\\%\($0)" : "\($0)" }.joined(separator: " ")
    }

    /// A line that begins like a macro must not be one.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
    }
}
