import FoundationEssentials
import Installer
import Terminal

/// A run as rows of text: its steps, and the output of its tools.
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

    /// The steps, with the pods that the current one waits for, and the index of the last one that is not waiting.
    func steps(columns: Int) -> (lines: [Line], active: Int) {
        var lines: [Line] = []
        var active = 0
        for step in run.plan.steps {
            if run[step.id].status != .waiting { active = lines.count }
            lines.append(line(step, columns: columns))
            if step.id == run.current?.id { lines += pods(of: step, columns: columns) }
        }
        return (lines, active)
    }

    private func line(_ step: Step, columns: Int) -> Line {
        let progress = run[step.id]
        let mark = StepSymbol(progress.status, isRehearsal: isRehearsal)
        let isWaiting = progress.status == .waiting
        let isActive = progress.status == .running || progress.status == .undoing
        let title = Line(guide.short(step.title), isWaiting ? .muted : isActive ? .heading : .plain)
        let time =
            progress.startedAt.map { TimeFormat.elapsed(from: $0, to: progress.endedAt ?? now) } ?? ""
        let limit =
            isActive ? step.action.timeLimit.map { " of \(TimeFormat.elapsed(seconds: $0))" } ?? "" : ""
        let right = Line(mark.word, mark.style) + Line(pad(isRehearsal ? "" : time + limit), .muted)
        let symbol = isActive ? spinner(progress.startedAt) : mark.symbol
        return (Line("\(symbol) ", mark.style) + title).filled(to: columns, with: right)
    }

    /// The pods as they are, ready ones in another style.
    private func pods(of step: Step, columns: Int) -> [Line] {
        let pods = run[step.id].pods
        let width = min(pods.map { Text.width($0.name) }.max() ?? 0, columns / 2)
        return pods.map { pod in
            let name = Line("    \(Text.pad(Text.cut(pod.name, to: width), to: width))  ", .muted)
            return (name + Line(Text.printable(pod.inWords[...]), pod.isReady ? .success : .plain))
                .cut(to: columns)
        }
    }

    /// A sign of life that moves with every tick.
    private func spinner(_ start: Date?) -> Character {
        let frames = Glyphs.unicode.spinner
        let elapsed = max(0, now.timeIntervalSince(start ?? now))
        return frames[Int(elapsed * 4) % frames.count]
    }

    private func pad(_ time: String) -> String {
        guard !isRehearsal else { return "" }
        return String(repeating: " ", count: max(1, 8 - time.count)) + time
    }

    /// The steps with what became of each, for a narrow column.
    func record(columns: Int) -> [Line] {
        run.plan.steps.flatMap { step in
            let progress = run[step.id]
            let mark = StepSymbol(progress.status, isRehearsal: isRehearsal)
            let time = progress.startedAt.map {
                TimeFormat.elapsed(from: $0, to: progress.endedAt ?? now)
            }
            let known = [progress.status == .done ? "" : mark.word, time ?? ""].filter { !$0.isEmpty }
            let state = known.isEmpty ? "" : " (\(known.joined(separator: ", ")))"
            return Line.wrap(
                after: Line("\(mark.symbol) ", mark.style), guide.short(step.title) + state,
                progress.status == .waiting ? .muted : .plain, columns: columns)
        }
    }

    /// The last output rows of the current or last step.
    func tail(columns: Int, rows: Int) -> [Line] {
        let step = run.current ?? run.plan.steps.last { !run[$0.id].lines.isEmpty }
        guard let step else { return [] }
        return run[step.id].lines.suffix(rows).flatMap { line in
            Line.wrap(Text.printable(line.text), .muted, columns: columns, indent: 2)
        }.suffix(rows)
    }
}

extension RunState {
    /// The complete output as it was printed; empty where there is none.
    var output: String { plan.steps.flatMap { self[$0.id].lines.map(\.text) }.joined(separator: "\n") }
}
