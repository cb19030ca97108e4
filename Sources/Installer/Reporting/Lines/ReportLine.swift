/// A line of a report: what it is about, and what there is to say.
public struct ReportLine: Equatable, Sendable {
    public enum Mark: Sendable {
        case plain, good, warning, bad, muted
        /// A line to be typed, or read as a piece of advice.
        case hint
    }

    /// Empty: it goes on with what the line above is about.
    public var label: String
    public var text: String
    public var mark: Mark

    init(_ label: String, _ text: String, _ mark: Mark = .plain) {
        self.label = label
        self.text = text
        self.mark = mark
    }
}

extension [ReportLine] {
    /// As text: the labels in a column of their own.
    var texts: [String] {
        let width = map(\.label.count).max() ?? 0
        return map { line in
            "  \(line.label)\(String(repeating: " ", count: width - line.label.count))  \(line.text)"
        }
    }
}
