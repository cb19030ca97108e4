import ArgumentParser
import Installer

/// `buildkit-installer sleep`: BuildKit's pod goes, its cache stays, and builds wait.
struct SleepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sleep",
        abstract: "Scale BuildKit to zero until it is woken.",
        discussion: Discussion.text(
            """
            The pod stops, the cache is kept. A build that is started meanwhile is queued, as long as the chart's \
            proxy.hold says. With KEDA in the cluster, the chart's builder.sleep does this automatically.
            """,
            examples: ["sleep --yes", "sleep --namespace buildkit --force --yes"],
            meanings: [
                .unavailable:
                    "Builds are running or queued, KEDA scales BuildKit, or the cluster is not available. Nothing was changed."
            ]))

    @OptionGroup var options: ScaleOptions
    @OptionGroup(title: "Installation") var installation: ScaleOptions.Installation

    @Flag(name: .long, help: "Also while builds are running or queued: running builds finish first.")
    var force = false

    func run() async throws { try await options.scale(.sleep, installation, isForced: force) }
}

/// `buildkit-installer wake`: BuildKit's pod comes again, and builds that wait go on.
struct WakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wake",
        abstract: "Scale BuildKit up, and wait until it is ready.",
        discussion: Discussion.text(
            "Queued builds continue as soon as BuildKit is ready.",
            examples: ["wake --yes", "wake --namespace buildkit --timeout 120 --yes"]))

    @OptionGroup var options: ScaleOptions
    @OptionGroup(title: "Installation") var installation: ScaleOptions.Installation

    func run() async throws { try await options.scale(.wake, installation) }
}

/// What `sleep` and `wake` have in common: how they go about their work, and which installation is meant.
struct ScaleOptions: ParsableArguments {
    struct Installation: FieldFlags {
        @OptionGroup var installation: InstallationFlags
        @Option(.timeout) var timeout: String?
    }

    @OptionGroup var report: ReportOptions

    @Flag(name: [.long, .customShort("y")], help: "Do not prompt.")
    var yes = false

    @Flag(name: .long, help: "Show what would be done, and change nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Print the plan as a shell script, and change nothing.")
    var printCommands = false

    func validate() throws {
        guard !printCommands || !dryRun else {
            throw ValidationError("--print-commands and --dry-run contradict each other: give one of them")
        }
    }

    func scale(_ scaling: ScaleTarget, _ installation: Installation, isForced: Bool = false) async throws {
        var options = try report.asRunOptions
        (options.yes, options.dryRun, options.printCommands) = (yes, dryRun, printCommands)
        let session = try CommandContext(options, flags: installation.given)
        var answers = try session.answers()
        // What is printed to be typed later names the cluster.
        let asked = answers
        answers.context = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await FactCollector(dependencies: dependencies, answers: asked).installation().context
        }
        guard !printCommands, !dryRun else { return try await rehearse(session, scaling, answers, isForced) }
        let target = answers.installation
        try await SignalHandling.holding(target, writingTo: [], in: session.dependencies) { lock in
            let change = try await plan(session, scaling, answers, isForced)
            if report.output == .text { for note in lock.notes + change.notes { Console.errors.line(note) } }
            if report.output == .json { session.reporter.plan(change.plan) }
            if !change.isDone { try session.confirm("\(change.plan.title), \(change.plan.installation)?") }
            try await session.perform(change.plan, under: lock) {
                .init(change.isDone ? .unchanged : .changed, change.outcome)
            }
        }
    }

    private func rehearse(
        _ session: CommandContext, _ scaling: ScaleTarget, _ answers: Answers, _ isForced: Bool
    ) async throws {
        let change = try await plan(session, scaling, answers, isForced)
        guard !printCommands else { return Console.output.write(VisibleText("\(ShellScript(change.plan))")) }
        if report.output == .text { for note in change.notes { Console.errors.line(note) } }
        session.reporter.plan(change.plan)
        session.reporter.done(.dryRun, ["Dry run: no changes were made."])
    }

    /// - Throws: where it is refused, after that was told.
    private func plan(
        _ session: CommandContext, _ scaling: ScaleTarget, _ answers: Answers, _ isForced: Bool
    ) async throws -> ScalePlanner {
        let change = try await look(session, scaling, answers)
        if let refusal = change.refusal(isForced: isForced) {
            session.reporter.refused(refusal, as: ExitStatus(refusal))
            throw ExitStatus(refusal)
        }
        return change
    }

    /// What keeps it from being seen keeps it from being done, and nothing was changed.
    private func look(_ session: CommandContext, _ scaling: ScaleTarget, _ answers: Answers) async throws
        -> ScalePlanner
    {
        let look = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await Result {
                try await ScalePlanner.look(in: dependencies, scaling, answers)
            }
        }
        do { return try look.get() } catch let failure as InstallerError {
            session.reporter.refused(failure, as: .unavailable)
            throw ExitStatus.unavailable
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
