import ArgumentParser
import Installer

/// A verb that asks nothing: it is done, or it says why not.
struct Unattended {
    let session: Session
    let verb: Verb
    /// Whether somebody is there who is asked only whether to go on.
    var confirms = false

    private var options: RunOptions { session.options }
    private var world: World { session.world }

    func run() async throws {
        do { try await go() } catch let failure as Failure where options.output == .json {
            session.reporter.failed(failure)
            throw ExitStatus.failed
        }
    }

    private func go() async throws {
        let answers = try await session.answers(for: verb)
        if let path = options.saveAnswers {
            try AnswersFile.save(verb.texts(of: answers), to: path, home: world.home)
        }
        guard options.yes || confirms, !options.dryRun, !options.printCommands else {
            return try await rehearse(answers)
        }
        // First nobody else may be at work there: what is seen has to hold until it is changed.
        let journal = try Journal(
            at: world.places.journal(of: await Survey(world: world, answers: answers).site()))
        let leftovers = await journal.endLeftovers(in: world)
        var facts = await verb.survey(answers, in: world).complete()
        // Seen from outside, the run that never ended would be the one that is at work: this one.
        facts.unfinished = .known(journal.unfinished)
        var plan = plan(answers, facts)
        plan.notes += leftovers
        try check(answers, facts, plan)
        guard options.yes || plan.steps.isEmpty || Console.agrees(to: "Go ahead?") else {
            session.reporter.refused()
            throw ExitStatus.interrupted
        }
        try await perform(plan, answers, journal)
    }

    /// Shows what would be done.
    private func rehearse(_ answers: Answers) async throws {
        let facts = await verb.survey(answers, in: world).complete()
        let plan = plan(answers, facts)
        guard !options.printCommands else { return Console.output.write("\(Script(plan))") }
        guard options.dryRun else {
            try check(answers, facts, plan)
            throw Failure(
                "Nothing was changed: there is no terminal to ask on",
                hint: "Add --yes to go ahead, or --dry-run.")
        }
        tell(answers, facts, plan)
        session.reporter.summary(Summary(Run(plan), of: verb, answers, isRehearsal: true, world: world))
    }

    private func plan(_ answers: Answers, _ facts: Facts) -> Plan {
        verb.plan(answers, facts, places: world.places, home: world.home)
    }

    @discardableResult
    private func tell(_ answers: Answers, _ facts: Facts, _ plan: Plan) -> [CheckResult] {
        let results = verb.checks.results(facts, answers)
        session.reporter.checks(results)
        session.reporter.plan(plan)
        return results
    }

    /// - Throws: where the plan would fail.
    private func check(_ answers: Answers, _ facts: Facts, _ plan: Plan) throws {
        guard !tell(answers, facts, plan).allowPlan else { return }
        session.reporter.refused()
        throw ExitStatus.cannotBeUsed
    }

    private func perform(_ plan: Plan, _ answers: Answers, _ journal: Journal) async throws {
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
        let summary = Summary(run, of: verb, answers, world: world)
        reporter.summary(summary)
        if let status = ExitStatus.after(summary.outcome) { throw status }
    }
}
