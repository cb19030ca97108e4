import ArgumentParser
import Installer

/// An install that asks nothing: it is done, or it says why not.
struct UnattendedInstall {
    let session: Session
    let answers: Answers

    private var options: RunOptions { session.options }
    private var world: World { session.world }

    func run() async throws {
        if let path = options.saveAnswers { try AnswersFile.save(answers, to: path, home: world.home) }
        guard options.yes, !options.dryRun, !options.printCommands else { return try await rehearse() }
        // First nobody else may be at work there: what is seen has to hold until it is changed.
        let journal = try Journal(
            at: world.places.journal(of: await Survey(world: world, answers: answers).site()))
        let leftovers = await journal.endLeftovers(in: world)
        var facts = await Survey(world: world, answers: answers).complete()
        // Seen from outside, the run that never ended would be the one that is at work: this one.
        facts.unfinished = .known(journal.unfinished)
        var plan = plan(facts)
        plan.notes += leftovers
        try check(facts, plan)
        try await perform(plan, journal)
    }

    /// Shows what would be done.
    private func rehearse() async throws {
        let facts = await Survey(world: world, answers: answers).complete()
        let plan = plan(facts)
        guard !options.printCommands else { return Console.output.write("\(Script(plan))") }
        guard options.dryRun else {
            try check(facts, plan)
            throw Failure(
                "Nothing was changed: there is no terminal to ask on",
                hint: "Add --yes to go ahead, or --dry-run.")
        }
        tell(facts, plan)
        session.reporter.summary(Summary(Run(plan), answers, isRehearsal: true, world: world))
    }

    private func plan(_ facts: Facts) -> Plan {
        Plan.install(answers, facts, places: world.places, home: world.home)
    }

    @discardableResult
    private func tell(_ facts: Facts, _ plan: Plan) -> [CheckResult] {
        let results = Checks.install.results(facts, answers)
        session.reporter.checks(results)
        session.reporter.plan(plan)
        return results
    }

    /// - Throws: where the plan would fail.
    private func check(_ facts: Facts, _ plan: Plan) throws {
        guard !tell(facts, plan).allowPlan else { return }
        session.reporter.refused()
        throw ExitStatus.cannotBeUsed
    }

    private func perform(_ plan: Plan, _ journal: Journal) async throws {
        let reporter = session.reporter
        let aftermath = options.keepOnFailure ? Aftermath.keep : .undo
        let run = await Interruption.cancelling {
            await Executor(world).execute(
                plan, keepOnFailure: options.keepOnFailure, aftermath: { aftermath },
                report: { event in
                    journal.record(event)
                    reporter.event(event, of: plan)
                })
        }
        let summary = Summary(run, answers, world: world)
        reporter.summary(summary)
        if let status = ExitStatus.after(summary.outcome) { throw status }
    }
}
