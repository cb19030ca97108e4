import Installer
import Synchronization

/// Prints each check once, when its result is known.
final class AccessibleChecks: Sendable {
    private let console: AccessibleConsole
    private let checks: [Check]
    private let answers: Answers
    private let state = Mutex<(facts: Facts, printed: Set<Check.ID>)>((Facts(), []))

    init(_ checks: [Check], _ answers: Answers, console: AccessibleConsole) {
        self.checks = checks
        self.answers = answers
        self.console = console
    }

    /// The complete result.
    var facts: Facts { state.withLock { $0.facts } }

    func take(_ facts: Facts) {
        state.withLock { state in
            state.facts = facts
            for result in checks.results(facts, answers) where result.verdict != .pending {
                if state.printed.insert(result.id).inserted { print(result) }
            }
        }
    }

    private func print(_ result: CheckResult) {
        console.line(
            "\(result.verdict.word): \(result.sentence): \(result.verdict.evidence)".indentedAfterFirstLine)
        if let hint = result.verdict.hint { console.line("  \(hint)".indentedAfterFirstLine) }
    }
}

/// The newest of the values that a query reports.
final class Latest<Value: Sendable>: Sendable {
    private let state = Mutex<Value?>(nil)

    var value: Value? { state.withLock { $0 } }
    func keep(_ value: Value) { state.withLock { $0 = value } }
}

/// Prints the steps of a run when they start and end.
final class AccessibleProgress: Sendable {
    private let console: AccessibleConsole
    private let guide: WizardFlow
    private let state: Mutex<RunState>

    init(_ plan: Plan, _ guide: WizardFlow, console: AccessibleConsole) {
        self.console = console
        self.guide = guide
        state = Mutex(RunState(plan))
    }

    var run: RunState { state.withLock { $0 } }

    func take(_ event: RunEvent) {
        let (before, run) = state.withLock { run in
            let before = run
            run.apply(event)
            return (before, run)
        }
        if case .pods(let step, let pods, _) = event {
            for pod in pods where !before[step].pods.contains(pod) {
                console.line("  \(pod.name): \(pod.inWords)")
            }
        }
        if let text = Self.text(event, run) { console.line(guide.short(text)) }
    }

    private static func text(_ event: RunEvent, _ run: RunState) -> String? {
        switch event {
        case .began, .printed, .pods, .reaching, .made, .ended: nil
        case .started(let step, _): "\(place(of: step, run)) \(title(of: step, run))…"
        case .finished(let step, let time):
            "\(place(of: step, run)) done, after \(TimeFormat.elapsed(from: run[step].startedAt ?? time, to: time))"
        case .failed(let step, let failure, _): "\(place(of: step, run)) failed: \(failure.message)"
        case .interrupted(let step, _): "\(place(of: step, run)) interrupted"
        case .undoing(let step, _): "Rolling back: \(title(of: step, run))"
        case .undone: nil
        case .undoFailed(_, let failure, _): "Rollback failed: \(failure.message)"
        }
    }

    /// "[2/8]"
    private static func place(of step: Step.ID, _ run: RunState) -> String {
        let number = run.plan.steps.firstIndex { $0.id == step }.map { $0 + 1 } ?? 0
        return "[\(number)/\(run.plan.steps.count)]"
    }

    private static func title(of step: Step.ID, _ run: RunState) -> String {
        run.plan.steps.first { $0.id == step }?.title ?? step
    }
}
