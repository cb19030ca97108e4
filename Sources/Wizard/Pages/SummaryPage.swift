import FoundationEssentials
import Installer
import Terminal

/// The last page: what exists now and what to type next, or what went wrong and how to go on.
struct SummaryPage: Page {
    private var scroll = Scroll()
    private var showsLog = false

    func title(_ model: WizardModel) -> String {
        switch model.summary?.outcome {
        case .failed: "Failed"
        case .interrupted: "Stopped"
        case .rehearsed: "Rehearsed"
        case .installed, .changed, .unchanged, .removed, nil: "Done"
        }
    }

    func hints(_ context: PageContext) -> [KeyHint] {
        [
            KeyHint("Enter", "leave"), showsLog ? KeyHint("l", "summary") : KeyHint("l", "log"),
            KeyHint("↑↓", "scroll"),
        ]
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        guard case .key(let key) = message else { return .stay }
        switch key {
        case .enter, .escape, .character("q"): return .quit
        case .character("l"):
            showsLog.toggle()
            scroll = Scroll()
        default:
            let body = Chrome(size: model.size).body.size
            scroll.fit(
                length: lines(PageContext(model: model, guide: guide), columns: body.columns - 2).count,
                height: body.rows)
            _ = scroll.handle(key)
        }
        return .stay
    }

    func draw(into frame: inout Frame, _ context: PageContext) {
        let lines = lines(context, columns: frame.size.columns - 2)
        var scroll = scroll
        scroll.fit(length: lines.count, height: frame.size.rows)
        frame.write(lines, in: scroll.visible)
    }

    private func lines(_ context: PageContext, columns: Int) -> [Line] {
        let model = context.model
        guard let run = model.run, let summary = model.summary else { return [] }
        return showsLog
            ? RunLines(run, model, context.guide).log(columns: columns)
            : SummaryLines(summary, of: run, context.guide, columns: columns).lines
    }
}

/// What came of a run, as the last page and the plain wizard show it.
struct SummaryLines {
    private let summary: RunSummary
    private let run: RunState
    private let guide: WizardFlow
    private let columns: Int

    init(_ summary: RunSummary, of run: RunState, _ guide: WizardFlow, columns: Int) {
        self.summary = summary
        self.run = run
        self.guide = guide
        self.columns = columns
    }

    var lines: [Line] { headline + [.empty] + content + commands }

    private var headline: [Line] {
        let glyphs = Glyphs.unicode
        return switch summary.outcome {
        case .installed, .changed, .unchanged, .removed, .rehearsed:
            head(glyphs.done, summary.headline, .success)
        case .failed:
            head(glyphs.failed, summary.failure.map { "\($0.message)." } ?? summary.headline, .failure)
        case .interrupted: head(glyphs.warning, summary.headline, .warning)
        }
    }

    private func head(_ symbol: Character, _ text: String, _ style: Style) -> [Line] {
        Line.wrap(after: Line("\(symbol) ", style), text, style, columns: columns)
    }

    private var content: [Line] {
        switch summary.outcome {
        case .installed, .changed, .unchanged, .removed:
            (summary.account.map(told) ?? table) + told(summary.remarks)
        case .rehearsed: steps
        case .failed, .interrupted: causes + leftover
        }
    }

    // MARK: What there is now

    private var table: [Line] {
        let end = summary.certificatesEnd.map { [("Valid until", TimeFormat.day($0))] } ?? []
        let rows = [
            ("Builder", summary.builder), ("Release", summary.installation.release),
            ("Namespace", summary.installation.namespace),
            ("Certificates", guide.short(summary.certificates)),
        ]
        return (rows + end).flatMap { name, text in
            Line.wrap(after: Line("  " + Text.pad(name, to: 14), .muted), text, columns: columns)
        } + [.empty]
    }

    private func told(_ sentences: [String]) -> [Line] {
        sentences.flatMap {
            Line.wrap(
                after: Line("  \(Glyphs.unicode.bullet) ", .muted), guide.short($0), columns: columns)
        } + (sentences.isEmpty ? [] : [.empty])
    }

    private var steps: [Line] {
        [Line("These steps would be done", .heading)]
            + run.plan.steps.flatMap {
                Line.wrap(
                    after: Line("  \(Glyphs.unicode.bullet) ", .muted), guide.short($0.title),
                    columns: columns)
            } + [.empty]
    }

    // MARK: What went wrong

    private var causes: [Line] {
        guard let failure = summary.failure else { return [] }
        let said =
            failure.detail.map { [Line("What the tool said", .heading)] + verbatim($0) + [.empty] } ?? []
        let hint = failure.hint.map {
            Line.wrap(after: Line("\(Glyphs.unicode.right) ", .accent), $0, .accent, columns: columns) + [
                .empty
            ]
        }
        return said + (hint ?? [])
    }

    private func verbatim(_ text: String) -> [Line] {
        text.split(separator: "\n").flatMap {
            Line.wrap(Text.printable($0), .muted, columns: columns, indent: 2)
        }
    }

    private var leftover: [Line] {
        guard summary.undoFailures.isEmpty else {
            let failures = summary.undoFailures.flatMap {
                Line.wrap(after: Line("  \(Glyphs.unicode.failed) ", .failure), $0.message, columns: columns)
            }
            return [Line("Could not be taken back", .heading)] + failures + [.empty]
        }
        let kept = run.plan.steps.count { run[$0.id].status == .done }
        let text =
            summary.undone
            ? "What had been done was taken back."
            : kept == 0
                ? "Nothing had been changed."
                : "\(kept) of \(run.plan.steps.count) steps are done, and were kept."
        return Line.wrap(text, columns: columns) + [.empty]
    }

    // MARK: What to do next

    private var commands: [Line] {
        guard !summary.next.isEmpty else { return [] }
        let rows = summary.next.flatMap { next in
            Line.wrap("\(next.purpose):", .muted, columns: columns, indent: 2)
                + ShellLines(next.command, columns: columns - 4).lines.map { Line("    \($0)", .accent) }
        }
        return [Line("What to type next", .heading)] + rows
    }
}
