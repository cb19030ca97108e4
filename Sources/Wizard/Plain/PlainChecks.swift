import Installer
import Synchronization

/// Prints each check once, as soon as it has come to something.
final class PlainChecks: Sendable {
    private let console: PlainConsole
    private let checks: [Check]
    private let answers: Answers
    private let state = Mutex<(facts: Facts, printed: Set<Check.ID>)>((Facts(), []))

    init(_ checks: [Check], _ answers: Answers, console: PlainConsole) {
        self.checks = checks
        self.answers = answers
        self.console = console
    }

    /// Everything that has been found.
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
        console.line("\(result.verdict.word): \(result.sentence): \(result.verdict.evidence)")
        if let hint = result.verdict.hint { console.line("  \(hint)") }
    }
}
