import Terminal

/// What the pane beside a list says of the selected entry: its properties, and the commands for it.
struct Details {
    private(set) var lines: [Line]
    private let columns: Int

    /// The width of the labels.
    private static let label = 11

    init(_ title: String, columns: Int) {
        self.columns = columns
        lines = Line.wrap(title, .heading, columns: columns) + [.empty]
    }

    /// A part with a heading of its own.
    mutating func begin(_ title: String) { lines += [.empty, Line(title, .heading)] }

    mutating func add(_ text: String) { lines += Line.wrap(text, columns: columns) }

    /// A property; one that is not known is left out.
    mutating func add(_ label: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines += Line.wrap(after: Line(Text.pad(label, to: Self.label), .muted), value, columns: columns)
    }

    mutating func add(command: String) {
        lines += ShellLines(command, columns: columns).lines.map { Line($0, .accent) }
    }
}
