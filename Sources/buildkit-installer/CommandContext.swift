import ArgumentParser
import FoundationEssentials
import Installer
import Wizard

/// One run of the program: the world, what was answered so far, and how to go about it.
struct CommandContext {
    let options: RunOptions
    let flags: [Field.ID: String]
    let dependencies: Dependencies

    /// - Throws: where nobody can tell the user's home folder.
    init(_ options: RunOptions, flags: [Field.ID: String] = [:]) throws {
        self.options = options
        self.flags = flags
        dependencies = try .live()
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
            let asked = resolution.answers
            let saved = try await SignalHandling.ending { [dependencies] in await dependencies.recall(asked) }
            resolution.answers.recall(saved, except: Set(resolution.origins.keys))
        }
        return try check(await named(resolution, for: verb))
    }

    /// The same with a name for the builder, where an install is given none.
    private func named(_ resolution: ResolvedAnswers, for verb: Workflow) async -> ResolvedAnswers {
        guard verb.id == Workflow.install.id, resolution.origins[Field.builder.id] == nil,
            resolution.problems.isEmpty
        else { return resolution }
        var resolution = resolution
        resolution.answers.builder = await dependencies.defaultBuilder(for: resolution.answers)
        return resolution
    }

    /// What was answered, and by whom, or everything that is wrong with it.
    func resolution() throws -> ResolvedAnswers {
        let resolution = try resolve()
        _ = try check(resolution)
        return resolution
    }

    private func check(_ resolution: ResolvedAnswers) throws -> Answers {
        let problems = resolution.problems
        guard problems.isEmpty else {
            reporter.problems(problems)
            let count = problems.count == 1 ? "An answer is invalid" : "\(problems.count) answers are invalid"
            reporter.refused(InstallerError(count, code: .invalidAnswer), as: .badUsage)
            throw ExitStatus.badUsage
        }
        return resolution.answers
    }

    /// Whether somebody is there to be asked.
    var isAttended: Bool {
        Console.isTerminal && !options.yes && !options.printCommands && options.output == .text
    }

    var reporter: any Reporter { options.output.reporter(isVerbose: options.verbose, dependencies) }

    /// The wizard, with the answers that were given.
    func attended(_ verb: Workflow, from start: InitialPage) async throws {
        if verb.id == Workflow.install.id, !options.dryRun {
            try await LocalClusterOffer(dependencies: dependencies).make(for: try resolve().answers)
        }
        try await InteractiveRun(options: options, verb: verb, dependencies: dependencies).run(
            await named(try resolve(), for: verb), from: start)
    }

    /// The status on a screen, which is taken again and again.
    func watch() async throws {
        guard Console.isTerminal else {
            throw ValidationError("--watch needs a terminal")
        }
        try await InteractiveRun(options: options, verb: .install, dependencies: dependencies).watch(
            try resolution())
    }

    /// Asks whether to go on, where somebody is there; elsewhere `--yes` has to say so.
    /// - Throws: where nobody agrees.
    func confirm(_ question: String) throws {
        guard !options.yes else { return }
        guard isAttended else {
            throw InstallerError(
                "There is no terminal to ask for confirmation on; nothing was changed",
                hint: "Add --yes to go ahead, or --dry-run to see the plan.", code: .notConfirmed)
        }
        guard Console.agrees(to: question) else {
            reporter.refused(InstallerError("Not confirmed", code: .notConfirmed), as: .interrupted)
            throw ExitStatus.interrupted
        }
    }

    /// What there is to say at the end of a plan.
    struct Ending {
        var outcome: ResultLine.Outcome
        var lines: [String]

        init(_ outcome: ResultLine.Outcome, _ lines: [String]) {
            (self.outcome, self.lines) = (outcome, lines)
        }

        static func done(_ line: String) -> Self { Self(.changed, [line]) }
    }

    /// Runs a plan that needs no looking around, with nobody else at work in the folders that it writes to.
    func perform(_ plan: Plan, writingTo folders: [String], ending: () -> Ending) async throws {
        try await SignalHandling.holding(
            plan.installation, writingTo: folders, isInCluster: false, in: dependencies
        ) { _ in try await perform(plan, under: nil, ending: ending) }
    }

    /// Runs a plan under a lock that is held.
    func perform(_ plan: Plan, under lock: RunLock?, ending: () -> Ending) async throws {
        let reporter = reporter
        let lease = lock?.lease
        let run = await SignalHandling.cancelling {
            await PlanExecutor(dependencies).execute(plan, under: lease) { reporter.event($0, of: plan) }
        }
        if let failure = run.failure { throw failure }
        if run.wasInterrupted {
            reporter.done(.interrupted, ["Interrupted."])
            throw ExitStatus.interrupted
        }
        let ending = ending()
        reporter.done(ending.outcome, ending.lines)
    }
}

extension Dependencies {
    /// The real ones.
    /// - Throws: where nobody can tell the user's home folder.
    static func live() throws(InstallerError) -> Dependencies {
        var environment = ProcessInfo.processInfo.environment
        let home = try HomeFolder.path(in: environment)
        // The tools are to find the same one.
        environment["HOME"] = home
        var dependencies = Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: home
        ).markedByStarter()
        // While the screen is in use this goes to the log, and the page of the checks shows it.
        dependencies.notice = { Console.errors.line("kubectl: \($0)") }
        return dependencies
    }
}
