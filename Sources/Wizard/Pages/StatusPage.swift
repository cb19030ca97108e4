import Installer
import Terminal

/// The status as printed by the command line.
struct StatusPage: Page {
    private var scroll = Scroll()
    private var isCopied = false

    func title(_ context: PageContext) -> String { "Status" }

    func hints(_ context: PageContext) -> [KeyHint] {
        let leave = context.model.isWatching ? KeyHint("q", "quit") : KeyHint("Esc", "back")
        let fix = fix(context.model) == nil ? [] : [KeyHint("y", isCopied ? "copied" : "copy fix")]
        let body = Layout(size: context.model.size).body.size
        let lines = lines(context.model, context.guide, columns: body.columns - 2)
        let scroll = lines.count > body.rows ? [KeyHint("↑↓", "scroll")] : []
        return [KeyHint("r", "refresh"), leave] + fix + scroll
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .copied: isCopied = true
        case .key(.character("r")): return .showStatus
        case .key(.character("q")): return .quit
        case .key(.character("y")): return fix(model).map { .perform(.copy($0)) } ?? .stay
        case .key(.escape): return model.isWatching ? .quit : .back
        case .key(let key):
            isCopied = false
            let body = model.body
            scroll.fit(length: lines(model, guide, columns: body.columns - 2).count, height: body.rows)
            _ = scroll.handle(key)
        default: break
        }
        return .stay
    }

    /// The first piece of advice.
    private func fix(_ model: WizardModel) -> String? {
        Fix(model.status?.advice.first { $0.mark == .hint }?.text)?.copied
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let lines = lines(context.model, context.guide, columns: frame.size.columns - 2)
        var scroll = scroll
        scroll.fit(length: lines.count, height: frame.size.rows)
        frame.write(lines, in: scroll.visible)
    }

    private func lines(_ model: WizardModel, _ guide: WizardFlow, columns: Int) -> [Line] {
        let looking = Line("checking\(Glyphs.unicode.ellipsis)", .muted)
        let report = ReportLines(guide: guide, columns: columns)
        guard let status = model.status else { return [looking] }
        // Required actions come first, so that they are visible without scrolling.
        let advice = status.advice.isEmpty ? [] : report.lines(status.advice) + [.empty]
        // Always one line, so that nothing moves during a refresh.
        return report.head(status.headline, status.mark) + [model.isTakingStatus ? looking : .empty]
            + advice + report.lines(status.table)
    }
}

extension StatusReport {
    fileprivate var mark: CheckSymbol {
        switch health {
        case .well: .passed
        case .certificatesDue: .warning
        case .wrong: .failed
        }
    }
}

/// The lines of a report on a page.
struct ReportLines {
    let guide: WizardFlow
    let columns: Int

    func head(_ text: String, _ mark: CheckSymbol) -> [Line] {
        Line.wrap(after: Line("\(mark.symbol) ", mark.style), text, mark.style, columns: columns)
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
