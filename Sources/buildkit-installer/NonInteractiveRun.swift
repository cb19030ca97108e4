import ArgumentParser
import Installer
import Wizard

/// A command that at most asks for confirmation: it succeeds, or reports why it failed.
struct NonInteractiveRun {
    let session: CommandContext
    let verb: Workflow
    /// Whether the user is prompted only for confirmation.
    var confirms = false

    private var options: RunSettings { session.options }
    private var dependencies: Dependencies { session.dependencies }

    func run() async throws {
        do {
            try await session.connected {
                try await NonInteractiveRun(session: $0, verb: verb, confirms: confirms).go()
            }
        } catch let refusal as PlanRefusal {
            session.reporter.refused(refusal.failure, as: .unavailable)
            throw ExitStatus.unavailable
        }
    }

    private func go() async throws {
        let answers = try await session.answers(for: verb)
        try options.save(answers, of: verb, home: dependencies.home)
        guard !options.checksOnly else { return try await runChecks(answers) }
        guard options.yes || confirms, !options.dryRun, !options.printCommands else {
            return try await rehearse(answers)
        }
        // The lock comes first: the observed state must not change until the run changes it.
        let (abandoned, installation) = try await SignalHandling.ending { [dependencies] in
            let abandoned = await dependencies.endAbandonedTools()
            return (
                abandoned, await FactCollector(dependencies: dependencies, answers: answers).installation()
            )
        }
        var named = answers
        // The installation that is locked is the one that is read, whatever becomes the current context meanwhile.
        named.context = installation.context
        try await SignalHandling.holding(
            installation, writingTo: dependencies.certificateFolders(answers, of: installation),
            in: dependencies
        ) { [named] in try await go(named, under: $0, ended: abandoned) }
    }

    /// - Parameter abandoned: notes about leftover tools that were stopped.
    private func go(_ answers: Answers, under lock: RunLock, ended abandoned: [String]) async throws {
        let leftovers = try await SignalHandling.ending { [dependencies] in
            await abandoned + lock.journal.endLeftovers(in: dependencies)
        }
        var facts = try await look(answers)
        // The queries would report this run, which holds the lock, as the interrupted one.
        facts.interruptedRun = .known(lock.journal.interruptedRun)
        try check(answers, facts, leaving: await lock.lease?.possibleLease)
        var plan = try plan(answers, facts)
        plan.notes += leftovers + lock.notes
        session.reporter.plan(plan)
        if !plan.steps.isEmpty { try session.confirm("Proceed?", danger: danger(plan, answers)) }
        try await perform(plan, answers.named(by: facts), lock)
    }

    private func danger(_ plan: Plan, _ answers: Answers) -> (question: String, release: String)? {
        let production = ProductionNames(environment: dependencies.environment)
        return production.question(before: verb, answers, in: plan.installation.context)
            .map { ($0, answers.release) }
    }

    private func look(_ answers: Answers) async throws -> Facts {
        try await SignalHandling.ending { [verb, dependencies] in
            await verb.survey(answers, in: dependencies).complete()
        }
    }

    /// Only the checks, all of them: a gate for scripts.
    private func runChecks(_ answers: Answers) async throws {
        let results = verb.checks.results(try await look(answers), answers)
        session.reporter.allChecks(results)
        try refuse(results)
        session.reporter.done(.unchanged, ["All checks passed."])
    }

    /// Shows the plan, or why it would fail: a dry run has the same checks as a run.
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

    /// - Throws: if the plan would fail. It is not shown then, since it would not be executed.
    private func check(_ answers: Answers, _ facts: Facts, leaving lease: String? = nil) throws {
        let results = verb.checks.results(facts, answers)
        session.reporter.checks(results)
        try refuse(results, leaving: lease)
    }

    private func refuse(_ results: [CheckResult], leaving lease: String? = nil) throws {
        guard let failure = results.refusal else { return }
        session.reporter.refused(failure, as: ExitStatus(failure), leaving: lease)
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
