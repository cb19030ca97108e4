import FoundationEssentials
import Installer

/// Tells what happens, line by line, to whoever is not looking at the wizard.
protocol Reporter: Sendable {
    func problems(_ problems: [AnswerError])
    func checks(_ results: [CheckResult])
    func plan(_ plan: Plan)
    func certificates(_ inventory: CertificateInventory)
    func event(_ event: RunEvent, of plan: Plan)
    /// Told after what stands in the way: nothing was begun.
    func refused()
    /// Told where not even a plan could be begun.
    func failed(_ failure: InstallerError)
    func summary(_ summary: RunSummary)
    func report(_ report: some Report)
}

/// Plain lines: what happens on standard output, what is wrong on standard error.
struct PlainReporter: Reporter {
    /// Whether what the tools print is shown too.
    let isVerbose: Bool

    func problems(_ problems: [AnswerError]) {
        Console.errors.line(problems.count == 1 ? "This cannot be used:" : "These cannot be used:")
        for problem in problems { Console.errors.line("  \(problem)") }
    }

    func refused() { Console.errors.line("Nothing was changed.") }

    func failed(_ failure: InstallerError) { Console.errors.line("\(failure)") }

    func checks(_ results: [CheckResult]) {
        for result in results where !result.verdict.isFine {
            Console.errors.line(
                "\(result.verdict.word): \(result.sentence): \(result.verdict.evidence)"
                    .indentedAfterFirstLine)
            if let hint = result.verdict.hint { Console.errors.line("  \(hint)") }
        }
    }

    func plan(_ plan: Plan) {
        Console.output.line("\(plan.title): \(plan.installation)")
        for (index, step) in plan.steps.enumerated() { Console.output.line("  \(index + 1). \(step.title)") }
        for difference in plan.differences { Console.output.line("  Changes: \(difference)") }
        for note in plan.notes { Console.output.line("  \(note)") }
    }

    func certificates(_ inventory: CertificateInventory) {
        for line in inventory.lines { Console.output.line(line) }
    }

    func event(_ event: RunEvent, of plan: Plan) {
        func title(_ id: Step.ID) -> String { plan.steps.first { $0.id == id }?.title ?? id }
        switch event {
        case .began, .ended, .undoing, .reaching, .made: break
        case .started(let step, _): Console.output.line(title(step))
        case .printed(_, let line): if isVerbose { Console.output.line("    \(line.text)") }
        case .finished: if isVerbose { Console.output.line("  done") }
        case .failed(_, let failure, _): Console.errors.line("  failed: \(failure.message)")
        case .interrupted: Console.errors.line("  interrupted")
        case .undone(let step, _): Console.output.line("Taken back: \(title(step))")
        case .undoFailed(let step, let failure, _):
            Console.errors.line("Not taken back: \(title(step))")
            Console.errors.line("  \(failure.message)")
        }
    }

    func summary(_ summary: RunSummary) {
        let console = summary.failure == nil ? Console.output : Console.errors
        console.line("")
        for line in summary.lines { console.line(line) }
    }

    func report(_ report: some Report) {
        for line in report.lines { Console.output.line(line) }
    }
}

extension String {
    /// With its other lines moved in, so that none passes for a line of its own.
    fileprivate var indentedAfterFirstLine: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    ")
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

/// One JSON object a line on standard output; the last one is the result.
struct JSONReporter: Reporter {
    func problems(_ problems: [AnswerError]) { write(["problems": problems]) }
    func checks(_ results: [CheckResult]) { write(["checks": results]) }
    func plan(_ plan: Plan) { write(["plan": plan]) }
    func certificates(_ inventory: CertificateInventory) { write(["certificates": inventory]) }
    func event(_ event: RunEvent, of plan: Plan) {
        switch event {
        // What only the journal is for.
        case .reaching, .made: break
        default: Console.output.line(json: event.json)
        }
    }
    func refused() { write(["result": ["outcome": "refused"]]) }
    func failed(_ failure: InstallerError) { write(["result": NotBegun(failure: failure)]) }
    func summary(_ summary: RunSummary) { write(["result": summary]) }
    func report(_ report: some Report) { write(report) }

    func register(_ register: ClientReport) { write(register) }

    private func write(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        // All that is reported is made of strings, numbers and dates, which can always be written.
        guard let data = try? encoder.encode(value) else { return }
        Console.output.line(json: String(decoding: data, as: UTF8.self))
    }

    private struct NotBegun: Encodable {
        var outcome = RunSummary.Outcome.failed
        var failure: InstallerError
    }
}
