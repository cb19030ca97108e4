import FoundationEssentials
import Installer

/// Reports progress line by line, outside the wizard.
protocol Reporter: Sendable {
    func problems(_ problems: [AnswerError])
    func checks(_ results: [CheckResult])
    /// The same, for a command that only runs the checks.
    func allChecks(_ results: [CheckResult])
    func plan(_ plan: Plan)
    func event(_ event: RunEvent, of plan: Plan)
    /// Reports that nothing was started, with the reason.
    /// - Parameter lease: the run's lock, where it is unknown whether it was created.
    func refused(_ failure: InstallerError, as status: ExitStatus, leaving lease: String?)
    func summary(_ summary: RunSummary)
    /// Reports the end of a command with a few lines.
    func done(_ outcome: ResultLine.Outcome, _ lines: [String])
    func report<Value: Report>(_ report: Value)
}

extension Reporter {
    /// Reports that nothing was started, with the reason.
    func refused(_ failure: InstallerError, as status: ExitStatus) {
        refused(failure, as: status, leaving: nil)
    }
}

/// Plain lines: progress on standard output, errors on standard error.
struct PlainReporter: Reporter {
    /// Whether the output of tools is shown.
    let isVerbose: Bool

    func problems(_ problems: [AnswerError]) {
        guard !problems.isEmpty else { return }
        Console.errors.line(problems.count == 1 ? "Invalid setting:" : "Invalid settings:")
        for problem in problems { Console.errors.line("  \(problem)".indentedAfterFirstLine) }
    }

    func refused(_ failure: InstallerError, as status: ExitStatus, leaving lease: String?) {
        // Invalid settings are listed above, one per line.
        if failure.code != .invalidAnswer { Console.errors.failure(failure) }
        Console.errors.line(
            lease.map { "No changes were made, except possibly the lock (\($0)), which expires." }
                ?? "No changes were made.")
    }

    func checks(_ results: [CheckResult]) {
        for result in results where !result.verdict.isFine { show(result, on: Console.errors) }
    }

    func allChecks(_ results: [CheckResult]) {
        for result in results { show(result, on: Console.output) }
    }

    /// A check with its fix, and, where it failed, the place in the documents that explains it.
    private func show(_ result: CheckResult, on console: Console) {
        console.line(
            "\(result.verdict.word): \(result.sentence): \(result.verdict.evidence)".indentedAfterFirstLine)
        if let hint = result.verdict.hint { console.line("  \(hint)".indentedAfterFirstLine) }
        if case .failed = result.verdict, let code = result.code {
            console.line("  See: \(code.documentation)")
        }
    }

    func plan(_ plan: Plan) {
        Console.output.line("\(plan.title): \(plan.installation)")
        for (index, step) in plan.steps.enumerated() { Console.output.line("  \(index + 1). \(step.title)") }
        for difference in plan.differences {
            Console.output.line("  Changes: \(difference)".indentedAfterFirstLine)
        }
        for note in plan.notes { Console.output.line("  \(note)".indentedAfterFirstLine) }
    }

    func event(_ event: RunEvent, of plan: Plan) {
        func title(_ id: Step.ID) -> String { plan.steps.first { $0.id == id }?.title ?? id }
        switch event {
        case .began, .ended, .undoing, .reaching, .made, .pods: break
        case .started(let step, _): Console.output.line(title(step))
        case .printed(_, let line): if isVerbose { Console.output.line("    \(line.text)") }
        case .finished: if isVerbose { Console.output.line("  done") }
        case .failed(_, let failure, _): Console.errors.line("  failed: \(failure.message)")
        case .interrupted: Console.errors.line("  interrupted")
        case .undone(let step, _): Console.output.line("Rolled back: \(title(step))")
        case .undoFailed(let step, let failure, _):
            Console.errors.line("Rollback failed: \(title(step))")
            Console.errors.line("  \(failure.message)")
        }
    }

    func summary(_ summary: RunSummary) {
        let console = summary.failure == nil ? Console.output : Console.errors
        console.line("")
        for line in summary.lines { console.line(line) }
        if let failure = summary.failure { console.reference(for: failure) }
    }

    func done(_ outcome: ResultLine.Outcome, _ lines: [String]) {
        for line in lines { Console.output.line(line) }
    }

    func report<Value: Report>(_ report: Value) {
        for line in report.lines { Console.output.line(line) }
    }
}

extension CheckOutcome {
    var isFine: Bool {
        switch self {
        case .passed, .skipped, .pending: true
        case .warning, .failed: false
        }
    }
}

/// One JSON object per line on standard output; the last line is the result.
struct JSONReporter: Reporter {
    let lines: JSONLines

    func problems(_ problems: [AnswerError]) { lines.write("answer-errors", AnswerErrorsLine(problems)) }
    func checks(_ results: [CheckResult]) { lines.write("checks", ChecksLine(checks: results)) }
    func allChecks(_ results: [CheckResult]) { checks(results) }
    func plan(_ plan: Plan) { lines.write("plan", PlanLine(plan)) }

    func event(_ event: RunEvent, of plan: Plan) {
        guard let line = EventLine(event) else { return }
        lines.write("event", line, at: line.time)
    }

    func refused(_ failure: InstallerError, as status: ExitStatus, leaving lease: String?) {
        lines.result(ResultLine(failed: failure, status: status))
    }

    func summary(_ summary: RunSummary) { lines.result(ResultLine(summary)) }

    func done(_ outcome: ResultLine.Outcome, _ texts: [String]) {
        lines.result(ResultLine(outcome, texts.joined(separator: "\n")))
    }

    func report<Value: Report>(_ report: Value) { lines.write(Value.kind, report) }
}
