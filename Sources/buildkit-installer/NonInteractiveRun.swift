import ArgumentParser
import Installer

/// A verb that asks nothing: it is done, or it says why not.
struct NonInteractiveRun {
    let session: CommandContext
    let verb: Workflow
    /// Whether somebody is there who is asked only whether to go on.
    var confirms = false

    private var options: RunOptions { session.options }
    private var dependencies: Dependencies { session.dependencies }

    func run() async throws {
        do { try await go() } catch let failure as InstallerError where options.output == .json {
            session.reporter.failed(failure)
            throw ExitStatus.failed
        } catch let refusal as PlanRefusal {
            session.reporter.failed(refusal.failure)
            session.reporter.refused()
            throw ExitStatus.cannotBeUsed
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
        let installation = await FactCollector(dependencies: dependencies, answers: answers).installation()
        try await RunLock.holding(
            installation, writingTo: dependencies.certificateFolders(answers, of: installation),
            in: dependencies
        ) { try await go(answers, under: $0) }
    }

    private func go(_ answers: Answers, under lock: RunLock) async throws {
        let leftovers = await lock.journal.endLeftovers(in: dependencies)
        var facts = await verb.survey(answers, in: dependencies).complete()
        // Seen from outside, the run that never ended would be the one that is at work: this one.
        facts.interruptedRun = .known(lock.journal.interruptedRun)
        var plan = try plan(answers, facts)
        plan.notes += leftovers + lock.notes
        try check(answers, facts, plan)
        guard options.yes || plan.steps.isEmpty || Console.agrees(to: "Go ahead?") else {
            session.reporter.refused()
            throw ExitStatus.interrupted
        }
        try await perform(plan, answers, lock)
    }

    /// Shows what would be done.
    private func rehearse(_ answers: Answers) async throws {
        let facts = await verb.survey(answers, in: dependencies).complete()
        let plan = try plan(answers, facts)
        guard !options.printCommands else { return Console.output.write("\(ShellScript(plan))") }
        guard options.dryRun else {
            try check(answers, facts, plan)
            throw InstallerError(
                "Nothing was changed: there is no terminal to ask on",
                hint: "Add --yes to go ahead, or --dry-run.")
        }
        tell(answers, facts, plan)
        session.reporter.summary(
            RunSummary(RunState(plan), of: verb, answers, isRehearsal: true, dependencies: dependencies))
    }

    /// - Throws: ``PlanRefusal``, after the checks have been told.
    private func plan(_ answers: Answers, _ facts: Facts) throws -> Plan {
        do throws(PlanRefusal) {
            return try verb.plan(answers, facts, places: dependencies.places, home: dependencies.home)
        } catch {
            session.reporter.checks(verb.checks.results(facts, answers))
            throw error
        }
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
        if let status = ExitStatus.after(summary.outcome) { throw status }
    }
}
