import ArgumentParser
import FoundationEssentials
import Installer
import Terminal
import Wizard

/// One run of the program: dependencies, settings and run options.
struct CommandContext {
    let options: RunSettings
    let flags: [Field.ID: String]
    private(set) var dependencies: Dependencies

    /// - Throws: if the home folder of the user is unknown.
    init(_ options: RunSettings, flags: [Field.ID: String] = [:]) throws {
        self.options = options
        self.flags = flags
        dependencies = try .live()
    }

    /// Does something with a connection to the cluster that all of it shares.
    func connected(_ body: (CommandContext) async throws -> Void) async throws {
        try await ClusterConnection.sharing(dependencies) { dependencies in
            var session = self
            session.dependencies = dependencies
            try await body(session)
        }
    }

    /// The settings resolved from flags, environment and answers file.
    private func resolve() throws -> ResolvedAnswers {
        let path = options.answers ?? dependencies.environment[OptionVariable.answers.rawValue]
        let file = try path.map { try AnswersFile(readingFrom: $0) }
        return AnswerSources(file: file, environment: dependencies.environment, flags: flags).resolve()
    }

    /// The selected release.
    var release: String { get throws { try resolve().answers.release } }

    /// The settings, or all errors in them.
    func answers() throws -> Answers { try check(try resolve()) }

    /// The settings of a workflow; if it recalls, missing settings are those of the last install.
    func answers(for verb: Workflow) async throws -> Answers {
        var resolution = try resolve()
        if verb.recalls {
            let asked = resolution.answers
            let saved = try await SignalHandling.ending { [dependencies] in await dependencies.recall(asked) }
            resolution.answers.recall(saved, except: Set(resolution.origins.keys))
        }
        return try check(await named(resolution, for: verb))
    }

    /// The same with a default builder name, if an install has none.
    private func named(_ resolution: ResolvedAnswers, for verb: Workflow) async -> ResolvedAnswers {
        guard verb.id == Workflow.install.id, resolution.origins[Field.builder.id] == nil,
            resolution.problems.isEmpty
        else { return resolution }
        var resolution = resolution
        resolution.answers.builder = await dependencies.defaultBuilder(for: resolution.answers)
        return resolution
    }

    /// The settings and their sources, or all errors in them.
    func resolution() throws -> ResolvedAnswers {
        let resolution = try resolve()
        _ = try check(resolution)
        return resolution
    }

    private func check(_ resolution: ResolvedAnswers) throws -> Answers {
        let problems = resolution.problems
        guard problems.isEmpty else {
            reporter.problems(problems)
            let count = problems.count == 1 ? "Invalid setting" : "\(problems.count) invalid settings"
            reporter.refused(InstallerError(count, code: .invalidAnswer), as: .badUsage)
            throw ExitStatus.badUsage
        }
        return resolution.answers
    }

    /// Whether the user can be prompted.
    var isAttended: Bool {
        Console.isTerminal && !options.yes && !options.printCommands && !options.checksOnly
            && options.output == .text
    }

    var reporter: any Reporter { options.output.reporter(isVerbose: options.verbose, dependencies) }

    /// The wizard, with the given settings.
    func attended(_ verb: Workflow, from start: InitialPage, in theme: Theme?) async throws {
        let theme = try Theme(theme, in: dependencies.environment)
        if verb.id == Workflow.install.id, !options.dryRun {
            try await LocalClusterOffer(dependencies: dependencies).make(for: try resolve().answers)
        }
        try await InteractiveRun(options: options, verb: verb, theme: theme, dependencies: dependencies).run(
            await named(try resolve(), for: verb), from: start)
    }

    /// The status on a screen, refreshed periodically.
    func watch(in theme: Theme?) async throws {
        guard Console.isTerminal else {
            throw ValidationError("--watch requires a terminal")
        }
        let theme = try Theme(theme, in: dependencies.environment)
        try await InteractiveRun(options: options, verb: .install, theme: theme, dependencies: dependencies)
            .watch(try resolution())
    }

    /// Asks for confirmation on a terminal; without a terminal `--yes` is required.
    /// - Parameter danger: the question instead, which only the name of the release answers.
    /// - Throws: if not confirmed.
    func confirm(_ question: String, danger: (question: String, release: String)? = nil) throws {
        guard !options.yes else { return }
        guard isAttended else {
            throw InstallerError(
                "Cannot ask for confirmation: no terminal",
                hint: "Add --yes to proceed, or --dry-run to show the plan.", code: .notConfirmed)
        }
        let isConfirmed =
            danger.map { Console.answer(to: $0.question) == $0.release } ?? Console.agrees(to: question)
        guard isConfirmed else {
            reporter.refused(InstallerError("Not confirmed", code: .notConfirmed), as: .interrupted)
            throw ExitStatus.interrupted
        }
    }

    /// Runs a plan without checks, under the locks of the folders that it writes to.
    /// - Parameter message: what was done.
    func perform(_ plan: Plan, writingTo folders: [String], message: () -> String) async throws {
        try await SignalHandling.holding(
            plan.installation, writingTo: folders, isInCluster: false, in: dependencies
        ) { _ in
            try await perform(plan, under: nil)
            reporter.done(.changed, [message()])
        }
    }

    /// Runs a plan under a lock that is held. The caller reports its end.
    /// - Throws: if it failed, or was interrupted, after reporting that.
    func perform(_ plan: Plan, under lock: RunLock?) async throws {
        let reporter = reporter
        let lease = lock?.lease
        let run = await SignalHandling.cancelling {
            await PlanExecutor(dependencies).execute(plan, under: lease) { reporter.event($0, of: plan) }
        }
        if var failure = run.failure {
            if let step = run.stoppedAt { failure.subject = FailureObject.subject(of: step) }
            throw failure
        }
        if run.wasInterrupted {
            reporter.done(.interrupted, ["Interrupted."])
            throw ExitStatus.interrupted
        }
    }
}

extension Dependencies {
    /// The production implementation.
    /// - Throws: if the home folder of the user is unknown.
    static func live() throws(InstallerError) -> Dependencies {
        var environment = ProcessInfo.processInfo.environment
        let home = try HomeFolder.path(in: environment)
        // Tools must use the same home folder.
        environment["HOME"] = home
        var dependencies = Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment, home: home
        ).markedByStarter()
        dependencies.sharesConnections = true
        // While the screen is open this goes to the log, and the Checks page shows it.
        dependencies.notice = { Console.errors.line("kubectl: \($0)") }
        return dependencies
    }
}
