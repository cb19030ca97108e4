/// Writes a text in mdoc(7), the language of manual pages.
struct Mdoc {
    private(set) var text = ""

    /// A macro with its arguments, which are plain words and not macros.
    mutating func macro(_ name: String, _ words: String...) { line(name, words.map(Self.word)) }

    /// One entry of a list: flags with dashes, and the name of the value.
    mutating func entry(flags: [String], value: String?) {
        var words: [String] = []
        for flag in flags {
            // The macro adds the first dash.
            words += words.isEmpty ? [] : [","]
            words += ["Fl", Self.word(String(flag.dropFirst()))]
        }
        if let value { words += ["Ar", Self.word(value)] }
        line("It", words)
    }

    /// A paragraph. Each sentence is on a separate line, so mdoc recognises the end of sentences.
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

    /// A list of terms with their meanings.
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
        // A short capitalised word could be parsed as a macro.
        let isLikeMacro = word.count <= 3 && word.first?.isUppercase == true
        let escaped = (isLikeMacro ? "\\&" : "") + escaped(word)
        guard word.contains(" ") else { return escaped }
        return "\"\(escaped.replacing("\"", with: "\\(dq"))\""
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    }

    /// Text to copy is not wrapped.
    private static func unhyphenated(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("\\-") || $0.contains("_") ? "\\%\($0)" : "\($0)" }.joined(separator: " ")
    }

    /// A line that starts like a macro must be escaped.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
    }
}
