import FoundationEssentials
import Installer
import Terminal

/// The last page: the result and next steps, or the failure and how to resume.
struct SummaryPage: Page {
    private var scroll = Scroll()
    private var showsLog = false
    private var isCopied = false

    func title(_ context: PageContext) -> String {
        switch context.model.summary?.outcome {
        case .failed: "Failed"
        case .interrupted: "Interrupted"
        case .partlyRemoved: "Incomplete"
        case .installed, .changed, .unchanged, .removed, .rehearsed, nil: "Done"
        }
    }

    func hints(_ context: PageContext) -> [KeyHint] {
        var hints = [KeyHint("Enter", "quit")]
        if canRetry(context.model) {
            if fieldToEdit(context.model, context.guide) != nil {
                hints.append(KeyHint("e", "edit and retry"))
            }
            hints.append(KeyHint("r", "retry"))
        }
        if canRemove(context.model) { hints.append(KeyHint("u", "uninstall")) }
        if hasFailed(context.model) { hints.append(KeyHint("d", "doctor")) }
        if let copy = copy(context.model) { hints.append(KeyHint("y", isCopied ? "copied" : copy.name)) }
        let scroll = scrolls(context) ? [KeyHint("↑↓", "scroll")] : []
        return hints + [showsLog ? KeyHint("l", "summary") : KeyHint("l", "log"), KeyHint("h", "home")]
            + scroll
    }

    /// Whether the text is longer than the page; a log may be, and is not measured for each frame.
    private func scrolls(_ context: PageContext) -> Bool {
        let body = Layout(size: context.model.size, paneFrom: paneFrom).body.size
        return showsLog || lines(context, columns: body.columns - 2).count > body.rows
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        if message == .copied { isCopied = true }
        guard case .key(let key) = message else { return .stay }
        isCopied = false
        switch key {
        case .enter, .escape, .character("q"): return .quit
        case .character("h"): return .restart(.start)
        case .character("d") where hasFailed(model): return .examine
        case .character("r") where canRetry(model): return .restart(.proposal)
        case .character("u") where canRemove(model): return .walk(.uninstall)
        case .character("e") where canRetry(model):
            return fieldToEdit(model, guide).map { .retry(editing: $0.id) } ?? .stay
        case .character("y"): return copy(model).map { .perform(.copy($0.text)) } ?? .stay
        case .character("l"):
            showsLog.toggle()
            scroll = Scroll()
        default:
            let body = model.body
            scroll.fit(
                length: lines(PageContext(model: model, guide: guide), columns: body.columns - 2).count,
                height: body.rows)
            _ = scroll.handle(key)
        }
        return .stay
    }

    /// The setting that caused the failure, where the workflow asks for it.
    private func fieldToEdit(_ model: WizardModel, _ guide: WizardFlow) -> Field? {
        model.summary?.failure?.fieldToChange.flatMap { guide.verb.place(asking: $0.id) == nil ? nil : $0 }
    }

    /// What `y` copies: the log in sight, after a failure the command that fixes it, otherwise that of the first
    /// next step.
    private func copy(_ model: WizardModel) -> (name: String, text: String)? {
        if showsLog {
            let log = model.run?.output ?? ""
            return log.isEmpty ? nil : (name: "copy log", text: log)
        }
        if let command = Fix(model.summary?.failure?.hint)?.command { return ("copy fix", command) }
        return model.summary?.next.first.map { ("copy command", $0.command) }
    }

    private func hasFailed(_ model: WizardModel) -> Bool {
        [.failed, .interrupted].contains(model.summary?.outcome)
    }

    private func canRemove(_ model: WizardModel) -> Bool { model.run?.leavesInstallation ?? false }

    private func canRetry(_ model: WizardModel) -> Bool {
        hasFailed(model) || model.summary?.outcome == .rehearsed
    }

    var paneFrom: Int? { Layout.wide }

    /// The steps with what became of them; after a dry run the commands that a run would be.
    func pane(_ context: PageContext, columns: Int) -> [Line] {
        guard let run = context.model.run, let summary = context.model.summary else { return [] }
        let lines =
            summary.outcome == .rehearsed
            ? Line.wrap("\(ShellScript(run.plan))", columns: columns)
            : RunLines(run, context.model, context.guide).record(columns: columns)
        return Line.wrap(run.plan.title, .heading, columns: columns) + [.empty] + lines
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
            ? Array(RunLog(run, context.guide, columns: columns))
            : SummaryLines(summary, of: run, context.guide, columns: columns).lines
    }
}

/// The result of a run, for the last page and the line-by-line wizard.
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
        case .interrupted, .partlyRemoved: head(glyphs.warning, summary.headline, .warning)
        }
    }

    private func head(_ symbol: Character, _ text: String, _ style: Style) -> [Line] {
        Line.wrap(after: Line("\(symbol) ", style), text, style, columns: columns)
    }

    private var content: [Line] {
        switch summary.outcome {
        case .installed, .changed, .unchanged, .removed, .partlyRemoved:
            (summary.account.map(told) ?? table) + told(summary.remarks)
        case .rehearsed: steps + told(summary.remarks)
        case .failed, .interrupted: causes + leftover + told(summary.remarks)
        }
    }

    // MARK: Installation

    private var table: [Line] {
        let end = summary.certificatesEnd.map { [("Expires on", TimeFormat.day($0))] } ?? []
        let endpoint = summary.endpoint.map { [("Endpoint", $0)] } ?? []
        let rows = [
            ("Release", summary.installation.release), ("Namespace", summary.installation.namespace),
            ("Certificates", guide.short(summary.certificates)),
        ]
        return ([("Builder", summary.builder)] + endpoint + rows + end).flatMap { name, text in
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
        [Line("Planned steps", .heading)]
            + run.plan.steps.flatMap {
                Line.wrap(
                    after: Line("  \(Glyphs.unicode.bullet) ", .muted), guide.short($0.title),
                    columns: columns)
            } + [.empty]
    }

    // MARK: Failure

    /// The fix comes before the tool's words, which may be long.
    private var causes: [Line] {
        guard let failure = summary.failure else { return [] }
        let fix = Fix(failure.hint)?.lines(after: Line("Fix   ", .muted), columns: columns) ?? []
        let said = failure.detail.map { [Line("Error output", .heading)] + verbatim($0) } ?? []
        let parts = [fix, said, failure.reference(columns: columns)].filter { !$0.isEmpty }
        return parts.flatMap { $0 + [.empty] }
    }

    private func verbatim(_ text: String) -> [Line] {
        text.split(separator: "\n").flatMap {
            Line.wrap(Text.printable($0), .muted, columns: columns, indent: 2)
        }
    }

    private var leftover: [Line] {
        guard summary.undoFailures.isEmpty else {
            let failures = summary.undoFailures.flatMap {
                Line.wrap(
                    after: Line("  \(Glyphs.unicode.failed) ", .failure), $0.failure.message, columns: columns
                )
            }
            return [Line("Rollback incomplete", .heading)] + failures + [.empty]
        }
        let kept = run.plan.steps.count { run[$0.id].status == .done }
        let isKept = !summary.undone && summary.changes == .something
        let text =
            isKept
            ? "Changes kept: \(kept) of \(run.plan.steps.count) steps completed." : summary.leftover
        return Line.wrap(text, columns: columns) + [.empty]
    }

    // MARK: Next steps

    private var commands: [Line] {
        guard !summary.next.isEmpty else { return [] }
        let rows = summary.next.flatMap { next in
            Line.wrap("\(next.purpose):", .muted, columns: columns, indent: 2)
                + ShellLines(next.command, columns: columns - 4).lines.map { Line("    \($0)", .accent) }
        }
        return [Line("Next steps", .heading)] + rows
    }
}
