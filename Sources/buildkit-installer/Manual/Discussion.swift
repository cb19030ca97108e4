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
            } else if sections.isEmpty {
                if !line.isEmpty { text.append(line) }
            } else {
                sections[sections.count - 1].lines += line.columns
            }
        }
    }

    func section(_ heading: String) -> Section? { sections.first { $0.heading == heading } }
}

extension String {
    /// What stands side by side in a line, apart by more than a space or two.
    fileprivate var columns: [String] {
        split(separator: "   ").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }
}
