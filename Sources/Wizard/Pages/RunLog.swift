import Installer
import Terminal

/// The complete output of a run as rows, by step.
///
/// A row is formatted when it is drawn: of ten thousand lines a second, all those that are kept would take longer than a
/// key may.
struct RunLog: RandomAccessCollection {
    private struct Entry {
        let text: String
        let style: Style
        let indent: Int

        func lines(columns: Int) -> [Line] { Line.wrap(text, style, columns: columns, indent: indent) }
    }

    private let columns: Int
    private var entries: [Entry] = []
    /// For each row, its entry, and its number among the rows of the entry.
    private var rows: [(entry: Int, part: Int)] = []

    init(_ run: RunState, _ guide: WizardFlow, columns: Int) {
        self.columns = columns
        for step in run.plan.steps where !run[step.id].lines.isEmpty {
            if !rows.isEmpty { add("", .plain) }
            add(guide.short(step.title), .heading)
            for line in run[step.id].lines { add(Text.printable(line.text), .muted, indent: 2) }
        }
        if rows.isEmpty { add("No output yet.", .muted) }
    }

    private mutating func add(_ text: String, _ style: Style, indent: Int = 0) {
        let entry = Entry(text: text, style: style, indent: indent)
        let fits = Text.width(text) + indent <= columns
        let count = fits ? 1 : entry.lines(columns: columns).count
        rows += (0..<count).map { (entries.count, $0) }
        entries.append(entry)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { rows.count }

    subscript(row: Int) -> Line { entries[rows[row].entry].lines(columns: columns)[rows[row].part] }
}
