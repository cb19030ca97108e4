import FoundationEssentials
import Installer
import Terminal

/// What is being done: the steps with their state and time, and the last that the running tool said.
struct ProgressPage: Page {
    /// How far a wish to stop has got.
    private enum Stop: Equatable { case asked, stopping, deciding, decided }

    private var stop: Stop?
    private var showsLog = false
    private var scroll = Scroll(follows: true)

    func title(_ model: WizardModel) -> String { "Progress" }

    func hints(_ context: PageContext) -> [KeyHint] {
        switch stop {
        case .asked: return [KeyHint("s", "stop"), KeyHint("Esc", "go on")]
        case .deciding: return [KeyHint("u", "undo"), KeyHint("k", "keep")]
        case .stopping, .decided, nil:
            let log = showsLog ? [KeyHint("l", "steps"), KeyHint("↑↓", "scroll")] : [KeyHint("l", "log")]
            return stop == nil ? log + [KeyHint("Ctrl-C", "stop")] : log
        }
    }

    mutating func update(_ message: Message, _ model: inout WizardModel, _ guide: WizardFlow) -> Navigation {
        switch message {
        case .run(.began): self = ProgressPage()
        case .run(.interrupted): stop = .deciding
        case .key(let key): return handle(key, model, guide)
        default: break
        }
        return .stay
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
        default:
            guard showsLog, let run = model.run else { return .stay }
            let body = Chrome(size: model.size).body.size
            let log = RunLines(run, model, guide).log(columns: body.columns - 2)
            scroll.fit(
                length: log.count, height: max(1, body.rows - question(columns: body.columns).count - 2))
            _ = scroll.handle(key)
        }
        return .stay
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
        frame.write(head(run, model).cut(to: columns), row: 0)
        let question = question(columns: columns)
        let body = Rect(
            column: 0, row: 2, columns: columns, rows: max(1, frame.size.rows - 2 - question.count))
        frame.draw(in: body) { part in
            if showsLog {
                draw(lines.log(columns: columns - 2), into: &part)
            } else {
                draw(lines, run, into: &part)
            }
        }
        frame.write(question, row: frame.size.rows - question.count)
    }

    private func head(_ run: RunState, _ model: WizardModel) -> Line {
        let done = run.plan.steps.count { run[$0.id].status == .done }
        let elapsed =
            run.startedAt.map { TimeFormat.elapsed(from: $0, to: run.endedAt ?? model.now) } ?? "0:00"
        return (Line(run.plan.title, .heading) + Line("   \(done) of \(run.plan.steps.count) steps", .muted))
            .filled(to: Chrome(size: model.size).body.size.columns, with: Line(elapsed))
    }

    private func draw(_ log: [Line], into frame: inout Frame) {
        var scroll = scroll
        scroll.fit(length: log.count, height: frame.size.rows)
        frame.write(log, in: scroll.visible)
    }

    private func draw(_ lines: RunLines, _ run: RunState, into frame: inout Frame) {
        let active = run.plan.steps.lastIndex { run[$0.id].status != .waiting } ?? 0
        let count = run.plan.steps.count
        let room = min(count, max(3, frame.size.rows - 4))
        // Where not all steps are in sight, arrows need a place at the edge.
        let steps = lines.steps(columns: frame.size.columns - (room < count ? 2 : 0))
        let sight = ListSelection(count: steps.count, index: active).visible(rows: room)
        frame.write(steps, in: sight)
        let rows = frame.size.rows - room - 2
        guard rows > 0 else { return }
        frame.write(lines.tail(columns: frame.size.columns, rows: rows), row: room + 1)
    }

    /// What is asked or told at the foot of the page.
    private func question(columns: Int) -> [Line] {
        let text: String? =
            switch stop {
            case .asked: "Stop? The running step is stopped; then you choose to undo or to keep."
            case .stopping: "Stopping \(Glyphs.unicode.ellipsis)"
            case .deciding: "Stopped. Undo what was done, or keep it and go on another time?"
            case .decided, nil: nil
            }
        guard let text else { return [] }
        return [.empty] + Line.wrap(text, .warning, columns: columns)
    }
}

/// A run as rows of text: its steps, and what its tools printed.
struct RunLines {
    private let run: RunState
    private let isRehearsal: Bool
    private let now: Date
    private let guide: WizardFlow

    init(_ run: RunState, _ model: WizardModel, _ guide: WizardFlow) {
        self.run = run
        self.guide = guide
        isRehearsal = model.isRehearsal
        now = model.now
    }

    func steps(columns: Int) -> [Line] {
        run.plan.steps.map { step in
            let progress = run[step.id]
            let mark = StepSymbol(progress.status, isRehearsal: isRehearsal)
            let isWaiting = progress.status == .waiting
            let isActive = progress.status == .running || progress.status == .undoing
            let title = Line(guide.short(step.title), isWaiting ? .muted : isActive ? .heading : .plain)
            let time =
                progress.startedAt.map { TimeFormat.elapsed(from: $0, to: progress.endedAt ?? now) } ?? ""
            let right = Line(mark.word, mark.style) + Line(pad(isRehearsal ? "" : time), .muted)
            return (Line("\(mark.symbol) ", mark.style) + title).filled(to: columns, with: right)
        }
    }

    private func pad(_ time: String) -> String {
        guard !isRehearsal else { return "" }
        return String(repeating: " ", count: max(1, 8 - time.count)) + time
    }

    /// Everything that was printed, by step.
    func log(columns: Int) -> [Line] {
        let steps = run.plan.steps.filter { !run[$0.id].lines.isEmpty }
        guard !steps.isEmpty else { return [Line("Nothing has been printed yet.", .muted)] }
        return Array(
            steps.map { [Line(guide.short($0.title), .heading)] + printed($0.id, columns: columns) }.joined(
                separator: [.empty]))
    }

    /// The last rows of the step that is under way, or was.
    func tail(columns: Int, rows: Int) -> [Line] {
        let step = run.current ?? run.plan.steps.last { !run[$0.id].lines.isEmpty }
        guard let step else { return [] }
        return Array(printed(step.id, columns: columns, last: rows).suffix(rows))
    }

    private func printed(_ step: Step.ID, columns: Int, last: Int? = nil) -> [Line] {
        let lines = run[step].lines.suffix(last ?? .max)
        return lines.flatMap { line in
            Line.wrap(Text.printable(line.text), .muted, columns: columns, indent: 2)
        }
    }
}
