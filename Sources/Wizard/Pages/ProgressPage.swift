import FoundationEssentials
import Installer
import Terminal

/// The progress: steps with state and time, and the last output of the current tool.
struct ProgressPage: Page {
    /// The state of a stop request.
    private enum Stop: Equatable { case asked, stopping, deciding, decided }

    private var stop: Stop?
    private var showsLog = false
    private var scroll = Scroll(follows: true)
    private var isCopied = false

    func title(_ context: PageContext) -> String { "Progress" }

    func hints(_ context: PageContext) -> [KeyHint] {
        let log = showsLog ? [KeyHint("l", "steps"), KeyHint("↑↓", "scroll")] : [KeyHint("l", "log")]
        let copy = copy(context.model).map { [KeyHint("y", isCopied ? "copied" : $0.name)] } ?? []
        return switch stop {
        case .asked: [KeyHint("s", "stop"), KeyHint("Esc", "continue")]
        case .deciding: [KeyHint("u", "roll back"), KeyHint("k", "keep")] + log + copy
        case .stopping, .decided: log + copy
        case nil: log + [KeyHint("Ctrl-C", "stop")] + copy
        }
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .run(.began): self = ProgressPage()
        case .run(.interrupted):
            guard canRollBack(model) else { return decide(.keep) }
            stop = .deciding
        // The executor asks only then.
        case .run(.failed) where model.run?.canRollBack == true: stop = .deciding
        case .copied: isCopied = true
        case .key(let key):
            isCopied = false
            return handle(key, model, guide)
        default: break
        }
        return .stay
    }

    /// What `y` copies: the fix of the failure in question, the output in the log, or the commands of the step.
    private func copy(_ model: WizardModel) -> (name: String, text: String)? {
        guard let run = model.run else { return nil }
        if stop == .deciding, let command = Fix(run.failure?.hint)?.command { return ("copy fix", command) }
        if showsLog {
            let log = run.output
            return log.isEmpty ? nil : (name: "copy log", text: log)
        }
        let step = run.current ?? run.plan.steps.first { $0.id == run.stoppedAt }
        let commands = step.map { ShellScript.lines(for: $0.action).joined(separator: "\n") } ?? ""
        return commands.isEmpty ? nil : (name: "copy command", text: commands)
    }

    private mutating func handle(_ key: Key, _ model: WizardModel, _ guide: WizardFlow) -> Navigation {
        switch (key, stop) {
        case (.control("c"), nil): stop = .asked
        case (.character("s"), .asked), (.control("c"), .asked):
            stop = .stopping
            return .perform(.stop)
        case (.escape, .asked): stop = nil
        case (.character("u"), .deciding): return decide(.undo)
        case (.character("k"), .deciding): return decide(.keep)
        case (.character("l"), _): showsLog.toggle()
        case (.character("y"), _): return copy(model).map { .perform(.copy($0.text)) } ?? .stay
        default:
            guard showsLog, let run = model.run else { return .stay }
            let body = model.body
            let log = RunLog(run, guide, columns: body.columns - 2)
            scroll.fit(
                length: log.count,
                height: max(1, body.rows - question(model, columns: body.columns).count - 2))
            _ = scroll.handle(key)
        }
        return .stay
    }

    /// Whether a step of the plan can be undone.
    private func canRollBack(_ model: WizardModel) -> Bool {
        model.run?.plan.steps.contains { !$0.undo.isEmpty } ?? false
    }

    private mutating func decide(_ decision: InterruptionPolicy) -> Navigation {
        stop = .decided
        return .perform(.decide(decision))
    }
}

// MARK: - Drawing

extension ProgressPage {
    func draw(into frame: inout Frame, _ context: PageContext) {
        let model = context.model
        guard let run = model.run else { return }
        let columns = frame.size.columns
        let lines = RunLines(run, model, context.guide)
        frame.write(head(run, model, columns: columns).cut(to: columns), row: 0)
        if frame.size.rows > 8 { frame.write(bar(run, at: model.now, columns: columns), row: 1) }
        let question = question(model, columns: columns)
        let top = frame.size.rows > 12 ? 3 : 2
        let body = Rect(
            column: 0, row: top, columns: columns, rows: max(1, frame.size.rows - top - question.count))
        frame.draw(in: body) { part in
            if showsLog {
                draw(RunLog(run, context.guide, columns: columns - 2), into: &part)
            } else {
                draw(lines, run, hasTail: !context.hasPane, into: &part)
            }
        }
        frame.write(question, row: frame.size.rows - question.count)
    }

    var paneFrom: Int? { Layout.medium }

    func pane(_ context: PageContext, columns: Int) -> [Line] {
        guard let run = context.model.run else { return [] }
        let tail = RunLines(run, context.model, context.guide).tail(
            columns: columns, rows: context.model.body.rows)
        let title = run.current?.title ?? "Output"
        return [Line(Text.cut(context.guide.short(title), to: columns), .heading), .empty] + tail
    }

    private func head(_ run: RunState, _ model: WizardModel, columns: Int) -> Line {
        let done = run.plan.steps.count { run[$0.id].status == .done }
        let elapsed =
            run.startedAt.map { TimeFormat.elapsed(from: $0, to: run.endedAt ?? model.now) } ?? "0:00"
        return (Line(run.plan.title, .heading) + Line("   \(done) of \(run.plan.steps.count) steps", .muted))
            .filled(to: columns, with: Line(elapsed))
    }

    /// The completed share of the steps, each as long as it usually takes.
    private func bar(_ run: RunState, at now: Date, columns: Int) -> Line {
        let steps = run.plan.steps
        guard !steps.isEmpty else { return .empty }
        let whole = steps.reduce(0) { $0 + $1.action.weight }
        let done = steps.reduce(0.0) { $0 + part(of: $1, in: run, at: now) }
        let filled = min(columns, Int(Double(columns) * done / Double(whole)))
        return Line(String(repeating: Glyphs.unicode.full, count: filled), .bar)
            + Line(String(repeating: Glyphs.unicode.empty, count: columns - filled), .muted)
    }

    /// What is done of a step, in seconds of its usual duration. One that takes longer stays just below its end.
    private func part(of step: Step, in run: RunState, at now: Date) -> Double {
        let weight = Double(step.action.weight)
        let progress = run[step.id]
        switch progress.status {
        case .done: return weight
        case .waiting, .undone: return 0
        case .running, .failed, .interrupted, .undoing, .undoFailed:
            let end = progress.endedAt ?? now
            let elapsed = max(0, end.timeIntervalSince(progress.startedAt ?? end))
            return min(elapsed / weight, 0.9) * weight
        }
    }

    private func draw(_ log: RunLog, into frame: inout Frame) {
        var scroll = scroll
        scroll.fit(length: log.count, height: frame.size.rows)
        frame.write(log, in: scroll.visible)
    }

    private func draw(_ lines: RunLines, _ run: RunState, hasTail: Bool, into frame: inout Frame) {
        let count = run.plan.steps.count + (run.current.map { run[$0.id].pods.count } ?? 0)
        let room = min(count, max(3, frame.size.rows - (hasTail ? 4 : 0)))
        // If not all steps are visible, the edge is reserved for arrows.
        let (steps, active) = lines.steps(columns: frame.size.columns - (room < count ? 2 : 0))
        let sight = ListSelection(count: steps.count, index: active).visible(rows: room)
        frame.write(steps, in: sight)
        let rows = frame.size.rows - room - 2
        guard rows > 0, hasTail else { return }
        frame.write(lines.tail(columns: frame.size.columns, rows: rows), row: room + 1)
    }

    /// The question or message in the footer of the page.
    private func question(_ model: WizardModel, columns: Int) -> [Line] {
        if stop == .deciding, let failure = model.run?.failure {
            return [.empty] + Line.wrap("\(failure.message).", .failure, columns: columns)
                + Line.wrap(
                    "Roll back the changes, or keep them and resume later?", .warning, columns: columns)
        }
        let text: String? =
            switch stop {
            case .asked:
                canRollBack(model)
                    ? "Stop now? The current step is interrupted; you can then roll back or keep the changes."
                    : "Stop now? The current step is interrupted, and its changes are kept."
            case .stopping: "Stopping\(Glyphs.unicode.ellipsis)"
            case .deciding: "Stopped. Roll back the changes, or keep them and resume later?"
            case .decided, nil: nil
            }
        guard let text else { return [] }
        return [.empty] + Line.wrap(text, .warning, columns: columns)
    }
}
