import ArgumentParser
import Installer

/// An install that asks nothing: all that is wrong is said at once, and then it is done or it is not.
struct Unattended {
    let options: RunOptions
    let world: World
    private let reporter: any Reporter

    init(options: RunOptions, world: World) {
        self.options = options
        self.world = world
        reporter = options.output == .json ? JSONReporter() : PlainReporter(now: world.now)
    }

    func install(_ resolution: Resolution) async throws {
        guard resolution.problems.isEmpty else {
            reporter.problems(resolution.problems)
            throw ExitStatus.badAnswers
        }
        let answers = resolution.answers
        if let path = options.saveAnswers { try world.save(answers, to: path) }
        let facts = await Survey(world: world, answers: answers).complete()
        let plan = Plan.install(answers, facts, places: world.places, home: world.home)
        if options.printCommands {
            Console.output.write("\(Script(plan))")
            return
        }
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
        try await perform(plan, answers)
    }

    /// Runs a plan to its end; the exit status says how it went.
    func perform(_ plan: Plan, _ answers: Answers) async throws {
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
