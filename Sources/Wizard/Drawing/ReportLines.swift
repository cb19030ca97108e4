import Installer
import Terminal

/// The lines of a report, as a page shows them.
struct ReportLines {
    let guide: Guide
    let columns: Int

    func head(_ status: StatusReport) -> [Line] {
        let mark: CheckMark =
            switch status.health {
            case .well: .passed
            case .certificatesDue: .warning
            case .wrong: .failed
            }
        return Line.wrap(
            after: Line("\(mark.symbol) ", mark.style), status.headline, mark.style, columns: columns)
    }

    func lines(_ lines: [ReportLine]) -> [Line] {
        let width = lines.map { Text.width($0.label) }.max() ?? 0
        return lines.flatMap { line in
            Line.wrap(
                after: Line("  " + Text.pad(line.label, to: width + 2), .muted),
                Text.printable(guide.short(line.text)[...]), line.mark.style, columns: columns)
        }
    }
}

extension ReportLine.Mark {
    fileprivate var style: Style {
        switch self {
        case .plain, .good: .plain
        case .warning: .warning
        case .bad: .failure
        case .muted: .muted
        case .hint: .accent
        }
    }
}
