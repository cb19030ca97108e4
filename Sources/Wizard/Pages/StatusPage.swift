import FoundationEssentials
import Installer
import Terminal

/// How the installation fares, as the command line prints it.
struct StatusPage: Page {
    /// How long a status stands before it is taken anew, where somebody watches; in seconds.
    private static let interval = 5.0

    private var scroll = Scroll()

    func title(_ model: WizardModel) -> String { "Status" }

    func hints(_ context: PageContext) -> [KeyHint] {
        let leave = context.model.isWatching ? KeyHint("q", "leave") : KeyHint("Esc", "back")
        return [KeyHint("r", "refresh"), leave, KeyHint("↑↓", "scroll")]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .tick: return model.isWatching && isOld(model) ? .showStatus : .stay
        case .key(.character("r")): return .showStatus
        case .key(.character("q")): return .quit
        case .key(.escape): return model.isWatching ? .quit : .back
        case .key(let key):
            let body = Chrome(size: model.size).body.size
            scroll.fit(length: lines(model, guide, columns: body.columns - 2).count, height: body.rows)
            _ = scroll.handle(key)
            return .stay
        default: return .stay
        }
    }

    private func isOld(_ model: WizardModel) -> Bool {
        model.status.map { model.now.timeIntervalSince($0.takenAt) >= Self.interval } ?? false
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let lines = lines(context.model, context.guide, columns: frame.size.columns - 2)
        var scroll = scroll
        scroll.fit(length: lines.count, height: frame.size.rows)
        frame.write(lines, in: scroll.visible)
    }

    private func lines(_ model: WizardModel, _ guide: WizardFlow, columns: Int) -> [Line] {
        let looking = Line("looking \(Glyphs.unicode.ellipsis)", .muted)
        guard let status = model.status else { return [looking] }
        let report = ReportLines(guide: guide, columns: columns)
        // What is to be done stands first: nobody should have to scroll for it.
        let advice = status.advice.isEmpty ? [] : report.lines(status.advice) + [.empty]
        // Always a line, so that nothing moves while it is looked again.
        return report.head(status) + [model.isTakingStatus ? looking : .empty] + advice
            + report.lines(status.table)
    }
}

/// The lines of a report, as a page shows them.
struct ReportLines {
    let guide: WizardFlow
    let columns: Int

    func head(_ status: StatusReport) -> [Line] {
        let mark: CheckSymbol =
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
