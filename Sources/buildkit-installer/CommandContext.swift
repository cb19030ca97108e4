import ArgumentParser
import FoundationEssentials
import Installer
import Wizard

/// One run of the program: the world, what was answered so far, and how to go about it.
struct CommandContext {
    let options: RunOptions
    let flags: [Field.ID: String]
    let dependencies: Dependencies

    init(_ options: RunOptions, flags: [Field.ID: String] = [:], dependencies: Dependencies = .live) {
        self.options = options
        self.flags = flags
        self.dependencies = dependencies
    }

    /// What flags, environment and answers file come to.
    private func resolve() throws -> ResolvedAnswers {
        let path = options.answers ?? dependencies.environment["BUILDKIT_INSTALLER_ANSWERS"]
        let file = try path.map { try AnswersFile(readingFrom: $0) }
        return AnswerSources(file: file, environment: dependencies.environment, flags: flags).resolve()
    }

    /// The release that is meant.
    var release: String { get throws { try resolve().answers.release } }

    /// The answers, or everything that is wrong with them.
    func answers() throws -> Answers { try check(try resolve()) }

    /// The answers to a verb's questions; where it recalls, what is not given is as the installation was made.
    func answers(for verb: Workflow) async throws -> Answers {
        var resolution = try resolve()
        if verb.recalls {
            let saved = await dependencies.recall(resolution.answers)
            resolution.answers.recall(saved, except: Set(resolution.origins.keys))
        }
        return try check(resolution)
    }

    /// What was answered, and by whom, or everything that is wrong with it.
    func resolution() throws -> ResolvedAnswers {
        let resolution = try resolve()
        _ = try check(resolution)
        return resolution
    }

    private func check(_ resolution: ResolvedAnswers) throws -> Answers {
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

    var reporter: any Reporter { options.output.reporter(isVerbose: options.verbose) }

    /// The wizard, with the answers that were given.
    func attended(_ verb: Workflow, from start: InitialPage) async throws {
        if verb.id == Workflow.install.id, !options.dryRun {
            try await LocalClusterOffer(dependencies: dependencies).make(for: try resolve().answers)
        }
        try await InteractiveRun(options: options, verb: verb, dependencies: dependencies).run(
            try resolve(), from: start)
    }

    /// The status on a screen, which is taken again and again.
    func watch() async throws {
        guard Console.isTerminal else {
            throw ValidationError("--watch needs a terminal, which shows what is looked at again and again.")
        }
        try await InteractiveRun(options: options, verb: .install, dependencies: dependencies).watch(
            try resolution())
    }

    /// Runs a plan that needs no looking around, with nobody else at work in the folders that it writes to.
    func perform(_ plan: Plan, writingTo folders: [String]) async throws {
        try await RunLock.holding(
            plan.installation, writingTo: folders, isInCluster: false, in: dependencies
        ) { _ in try await perform(plan, under: nil) }
    }

    /// Runs a plan under a lock that is held.
    func perform(_ plan: Plan, under lock: RunLock?) async throws {
        let reporter = reporter
        let lease = lock?.lease
        let run = await SignalHandling.cancelling {
            await PlanExecutor(dependencies).execute(plan, under: lease) { reporter.event($0, of: plan) }
        }
        if let failure = run.failure { throw failure }
        if run.wasInterrupted { throw ExitStatus.interrupted }
    }
}

extension Dependencies {
    /// The real one.
    static var live: Dependencies {
        let environment = ProcessInfo.processInfo.environment
        return Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment,
            home: environment["HOME"] ?? "/")
    }
}
