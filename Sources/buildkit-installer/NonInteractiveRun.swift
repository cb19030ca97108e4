import ArgumentParser
import Installer

/// A command that asks nothing but whether to go on: it is done, or it says why not.
struct NonInteractiveRun {
    let session: CommandContext
    let verb: Workflow
    /// Whether somebody is there who is asked only whether to go on.
    var confirms = false

    private var options: RunOptions { session.options }
    private var dependencies: Dependencies { session.dependencies }

    func run() async throws {
        do { try await go() } catch let refusal as PlanRefusal {
            session.reporter.refused(refusal.failure, as: .unavailable)
            throw ExitStatus.unavailable
        }
    }

    private func go() async throws {
        let answers = try await session.answers(for: verb)
        if let path = options.saveAnswers {
            try AnswersFile.save(verb.texts(of: answers), to: path, home: dependencies.home)
        }
        guard options.yes || confirms, !options.dryRun, !options.printCommands else {
            return try await rehearse(answers)
        }
        // First nobody else may be at work there: what is seen has to hold until it is changed.
        let (abandoned, installation) = try await SignalHandling.ending { [dependencies] in
            let abandoned = await dependencies.endAbandonedTools()
            return (
                abandoned, await FactCollector(dependencies: dependencies, answers: answers).installation()
            )
        }
        try await SignalHandling.holding(
            installation, writingTo: dependencies.certificateFolders(answers, of: installation),
            in: dependencies
        ) { try await go(answers, under: $0, ended: abandoned) }
    }

    /// - Parameter abandoned: sentences about the tools that were ended before.
    private func go(_ answers: Answers, under lock: RunLock, ended abandoned: [String]) async throws {
        let leftovers = try await SignalHandling.ending { [dependencies] in
            await abandoned + lock.journal.endLeftovers(in: dependencies)
        }
        var facts = try await look(answers)
        // Seen from outside, the run that never ended would be the one that is at work: this one.
        facts.interruptedRun = .known(lock.journal.interruptedRun)
        try check(answers, facts)
        var plan = try plan(answers, facts)
        plan.notes += leftovers + lock.notes
        session.reporter.plan(plan)
        if !plan.steps.isEmpty { try session.confirm("Go ahead?") }
        try await perform(plan, answers, lock)
    }

    private func look(_ answers: Answers) async throws -> Facts {
        try await SignalHandling.ending { [verb, dependencies] in
            await verb.survey(answers, in: dependencies).complete()
        }
    }

    /// Shows what would be done, or why it would not: the checks end a rehearsal as they would end the run.
    private func rehearse(_ answers: Answers) async throws {
        let facts = try await look(answers)
        guard !options.printCommands else {
            return Console.output.write(VisibleText("\(ShellScript(try plan(answers, facts)))"))
        }
        try check(answers, facts)
        let plan = try plan(answers, facts)
        session.reporter.plan(plan)
        guard options.dryRun else { return try session.confirm("") }
        session.reporter.summary(
            RunSummary(RunState(plan), of: verb, answers, isRehearsal: true, dependencies: dependencies))
    }

    private func plan(_ answers: Answers, _ facts: Facts) throws -> Plan {
        try verb.plan(answers, facts, places: dependencies.places, home: dependencies.home)
    }

    /// - Throws: where the plan would fail. It is not shown then: it would not be what happens.
    private func check(_ answers: Answers, _ facts: Facts) throws {
        let results = verb.checks.results(facts, answers)
        session.reporter.checks(results)
        guard let failure = results.refusal else { return }
        session.reporter.refused(failure, as: ExitStatus(failure))
        throw ExitStatus(failure)
    }

    private func perform(_ plan: Plan, _ answers: Answers, _ lock: RunLock) async throws {
        let reporter = session.reporter
        let interruptionPolicy = options.keepOnFailure ? InterruptionPolicy.keep : .undo
        let run = await SignalHandling.cancelling {
            await PlanExecutor(dependencies).execute(
                plan, under: lock.lease, keepOnFailure: options.keepOnFailure,
                interruptionPolicy: { interruptionPolicy },
                report: { event in
                    lock.journal.record(event)
                    reporter.event(event, of: plan)
                })
        }
        let summary = RunSummary(run, of: verb, answers, dependencies: dependencies)
        reporter.summary(summary)
        try ExitStatus(summary.outcome).end()
    }
}
