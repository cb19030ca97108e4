import FoundationEssentials
import Synchronization

@testable import Installer
@testable import Wizard

/// Effects without a world: facts come at once, a plan's steps succeed one after the other. What was asked
/// for is kept, so that a test can see it.
final class ScriptedEffects: Sendable {
    private let asked = Mutex<[String]>([])
    private let facts: Facts
    /// The step during which the run waits to be stopped.
    private let endless: Step.ID?

    init(facts: Facts = Sample.facts, endless: Step.ID? = nil) {
        self.facts = facts
        self.endless = endless
    }

    /// What the wizard asked for, in order.
    var log: [String] { asked.withLock { $0 } }

    private func note(_ text: String) { asked.withLock { $0.append(text) } }

    var effects: EffectHandlers {
        EffectHandlers(
            look: { [self] _, answers, report in
                note("look \(answers.context)/\(answers.namespace)")
                report(facts)
            },
            recall: { $0.texts(of: Field.all) },
            status: { [self] answers, _ in
                note("status \(answers.namespace)")
                return Sample.status
            },
            run: { [self] plan, _, _, interruptionPolicy, report in
                await run(plan, interruptionPolicy, report)
            },
            summarize: { Sample.summary($0, of: $1, $2, isRehearsal: $3) },
            save: { [self] answers, path in note("save \(path)") },
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
