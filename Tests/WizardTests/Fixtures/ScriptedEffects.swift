import FoundationEssentials
import Synchronization

@testable import Installer
@testable import Wizard

/// Simulated effects: facts are available at once, a plan's steps succeed one after the other. Requests are recorded,
/// so that a test can check them.
final class ScriptedEffects: Sendable {
    private let asked = Mutex<[String]>([])
    private let facts: Facts
    /// The step during which the run waits until it is stopped.
    private let endless: Step.ID?
    /// The step that fails the first time.
    private let failing: Mutex<Step.ID?>

    init(facts: Facts = Sample.facts, endless: Step.ID? = nil, failing: Step.ID? = nil) {
        self.facts = facts
        self.endless = endless
        self.failing = Mutex(failing)
    }

    /// The requests of the wizard, in order.
    var log: [String] { asked.withLock { $0 } }

    private func note(_ text: String) { asked.withLock { $0.append(text) } }

    var effects: EffectHandlers {
        EffectHandlers(
            look: { [self] _, answers, report in
                note("look \(answers.context)/\(answers.namespace)")
                report(facts)
            },
            recall: { $0.texts(of: Field.all) },
            reports: .init(
                status: { [self] answers, _ in
                    note("status \(answers.namespace)")
                    return Sample.status
                },
                watch: { [self] answers, _, report in
                    note("watch \(answers.namespace)")
                    report(Sample.status)
                },
                clients: { [self] answers in
                    note("clients \(answers.namespace)")
                    return Sample.clients
                },
                examine: { [self] answers, _, report in
                    note("examine \(answers.namespace)")
                    report(Sample.findings)
                }, installations: { Sample.installations }),
            run: { [self] plan, _, _, interruptionPolicy, report in
                await run(plan, interruptionPolicy, report)
            },
            summarize: { Sample.summary($0, of: $1, $2, isRehearsal: $3) },
            save: { [self] answers, path in note("save \(path)") },
            complete: { PathCompletion($0, home: Sample.home) },
            now: { Sample.now })
    }

    private func run(_ plan: Plan, _ interruptionPolicy: EffectHandlers.Ask, _ report: EffectHandlers.Report)
        async
    {
        note("run \(plan.title)")
        report(.began(plan: plan, at: Sample.now))
        for step in plan.steps {
            report(.started(step: step.id, at: Sample.now))
            report(.printed(step: step.id, line: OutputLine("doing \(step.id)")))
            if failing.withLock({ $0 == step.id }) {
                failing.withLock { $0 = nil }
                let failure = InstallerError("The tool failed", hint: "Try it again.")
                report(.failed(step: step.id, failure: failure, at: Sample.now))
                report(.ended(at: Sample.now))
                return
            }
            if step.id == endless {
                // Ends when the task is cancelled.
                while !Task.isCancelled { await Task.yield() }
                report(.interrupted(step: step.id, at: Sample.now))
                await end(plan, after: step, interruptionPolicy, report)
                return
            }
            report(.finished(step: step.id, at: Sample.now))
        }
        report(.ended(at: Sample.now))
    }

    private func end(
        _ plan: Plan, after last: Step, _ interruptionPolicy: EffectHandlers.Ask,
        _ report: EffectHandlers.Report
    ) async {
        let decision = await interruptionPolicy()
        note("\(decision)")
        if decision == .undo {
            for step in plan.steps.prefix(while: { $0.id != last.id }).reversed() + [last] {
                report(.undoing(step: step.id, at: Sample.now))
                report(.undone(step: step.id, at: Sample.now))
            }
        }
        report(.ended(at: Sample.now))
    }
}
