import ArgumentParser
import Installer
import Wizard

/// One run of the program: the world, what was answered so far, and how to go about it.
struct Session {
    let options: RunOptions
    let flags: [Field.ID: String]
    let world: World

    init(_ options: RunOptions, flags: [Field.ID: String] = [:], world: World = .live) {
        self.options = options
        self.flags = flags
        self.world = world
    }

    /// What flags, environment and answers file come to.
    private func resolve() throws -> Resolution {
        let path = options.answers ?? world.environment["BUILDKIT_INSTALLER_ANSWERS"]
        let file = try path.map { try AnswersFile(readingFrom: $0) }
        return Sources(file: file, environment: world.environment, flags: flags).resolve()
    }

    /// The answers, or everything that is wrong with them.
    func answers() throws -> Answers {
        let resolution = try resolve()
        guard resolution.problems.isEmpty else {
            reporter.problems(resolution.problems)
            reporter.refused()
            throw ExitStatus.badAnswers
        }
        return resolution.answers
    }

    /// Whether somebody is there to be asked.
    var isAttended: Bool {
        Console.isTerminal && !options.yes && !options.printCommands && options.output == .text
    }

    var reporter: any Reporter {
        options.output == .json ? JSONReporter() : PlainReporter(isVerbose: options.verbose)
    }

    /// The wizard, with the answers that were given.
    func attended(from start: Opening) async throws {
        try await WizardSession(options: options, world: world).run(try resolve(), from: start)
    }

    /// Runs a plan that needs no looking around.
    func perform(_ plan: Plan) async throws {
        let reporter = reporter
        let run = await Interruption.cancelling {
            await Executor(world).execute(plan) { reporter.event($0, of: plan) }
        }
        if let failure = run.failure { throw failure }
        if run.wasInterrupted { throw ExitStatus.interrupted }
    }
}
