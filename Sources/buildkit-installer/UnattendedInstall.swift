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
        let facts = await Survey(world: world, answers: answers).complete()
        let plan = Plan.install(answers, facts, places: world.places, home: world.home)
        if options.printCommands {
            Console.output.write("\(Script(plan))")
            return
        }
        let reporter = session.reporter
        let results = Checks.install.results(facts, answers)
        reporter.checks(results)
        reporter.plan(plan)
        if options.dryRun {
            reporter.summary(Summary(Run(plan), answers, isRehearsal: true, world: world))
            return
        }
        guard results.allowPlan else { throw ExitStatus.cannotBeUsed }
        guard options.yes else {
            throw Failure(
                "Nothing was changed: there is no terminal to ask on",
                hint: "Add --yes to go ahead, or --dry-run.")
        }
        try await perform(plan, reporter)
    }

    private func perform(_ plan: Plan, _ reporter: any Reporter) async throws {
        let journal = try Journal(at: world.places.journal(of: plan.site))
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
