import FoundationEssentials
import Installer
import Terminal

/// A run as rows of text: its steps, and what its tools printed.
struct RunLines {
    private let run: Run
    private let isRehearsal: Bool
    private let now: Date
    private let guide: Guide

    init(_ run: Run, _ model: Model, _ guide: Guide) {
        self.run = run
        self.guide = guide
        isRehearsal = model.isRehearsal
        now = model.now
    }

    func steps(columns: Int) -> [Line] {
        run.plan.steps.map { step in
            let progress = run[step.id]
            let mark = StepMark(progress.status, isRehearsal: isRehearsal)
            let isWaiting = progress.status == .waiting
            let isActive = progress.status == .running || progress.status == .undoing
            let title = Line(guide.short(step.title), isWaiting ? .muted : isActive ? .heading : .plain)
            let time = progress.startedAt.map { Clock.elapsed(from: $0, to: progress.endedAt ?? now) } ?? ""
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
