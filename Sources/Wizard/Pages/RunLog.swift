import Installer
import Terminal

/// The complete output of a run as rows, by step.
///
/// A line that fits is formatted when it is drawn: of ten thousand lines a second, all those that are kept would take
/// longer than a key may.
struct RunLog: RandomAccessCollection {
    private enum Row {
        case whole(String, Style, indent: Int)
        /// Of a text that takes several rows.
        case part(Line)
    }

    private let columns: Int
    private var rows: [Row] = []

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
        if Text.width(text) + indent <= columns { return rows.append(.whole(text, style, indent: indent)) }
        rows += Line.wrap(text, style, columns: columns, indent: indent).map(Row.part)
    }

    var startIndex: Int { 0 }
    var endIndex: Int { rows.count }

    subscript(row: Int) -> Line {
        switch rows[row] {
        case .whole(let text, let style, let indent):
            Line.wrap(text, style, columns: columns, indent: indent)[0]
        case .part(let line): line
        }
    }
}
