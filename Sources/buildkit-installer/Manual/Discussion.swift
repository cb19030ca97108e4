/// A text of help, taken apart: running text, and what stands under headings in capitals.
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
            } else if !line.isEmpty {
                if sections.isEmpty { text.append(line) } else { sections[sections.count - 1].lines.append(line) }
            }
        }
    }

    func section(_ heading: String) -> Section? { sections.first { $0.heading == heading } }
}
