/// A parsed help text: paragraphs, and sections with capitalised headings.
struct Discussion {
    struct Section {
        var heading: String
        var lines: [String]
    }

    private(set) var text: [String] = []
    private(set) var sections: [Section] = []

    init(_ discussion: String) {
        for line in discussion.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.first?.isUppercase == true, line == line.uppercased() {
                sections.append(Section(heading: line, lines: []))
            } else if sections.isEmpty {
                if !line.isEmpty { text.append(line) }
            } else {
                let text = line.trimmingSpaces
                if !text.isEmpty { sections[sections.count - 1].lines.append(text) }
            }
        }
    }

    func section(_ heading: String) -> Section? { sections.first { $0.heading == heading } }
}

extension String {
    fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}

extension Discussion {
    /// The text of a command's help, in the format that ``Discussion`` parses.
    /// - Parameters:
    ///   - text: one paragraph, however long; it is wrapped where it is shown.
    ///   - statuses: possible exit statuses of the command.
    ///   - meanings: meanings of a status for this command; by default the general meaning.
    static func text(
        _ text: String, examples: [String],
        statuses: [ExitStatus] = [.done, .badUsage, .noInput, .unavailable, .failed, .interrupted],
        meanings: [ExitStatus: String] = [:]
    ) -> String {
        let all = Set(statuses).union(meanings.keys).sorted { $0.rawValue < $1.rawValue }
        let lines = all.map { "  \($0.rawValue)  \(meanings[$0] ?? $0.meaning)" }
        return
            ([text, "", "EXAMPLES"] + examples.map { "  buildkit-installer \($0)" }
            + ["", "EXIT STATUS"] + lines)
            .joined(separator: "\n")
    }
}
