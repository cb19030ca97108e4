import ArgumentParser
import Installer

/// `buildkit-installer sleep`: BuildKit's pod goes, its cache stays, and builds wait.
struct SleepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sleep",
        abstract: "Put BuildKit to sleep until it is woken.",
        discussion: """
            Its pod goes, its cache stays. A build that is started meanwhile waits, as long as the chart's
            proxy.hold says. Where the cluster has KEDA, the chart's builder.sleep does this by itself.
            """)

    @OptionGroup var options: ScaleOptions

    @Flag(name: .long, help: "Also while builds run or wait; those that run are finished first.")
    var force = false

    func run() async throws { try await options.scale(.sleep, isForced: force) }
}

/// `buildkit-installer wake`: BuildKit's pod comes again, and builds that wait go on.
struct WakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wake",
        abstract: "Wake BuildKit, and wait until it is ready.")

    @OptionGroup var options: ScaleOptions

    func run() async throws { try await options.scale(.wake) }
}

/// What `sleep` and `wake` have in common: which installation is meant, and whether to do it or only to show it.
struct ScaleOptions: ParsableArguments {
    /// Which installation.
    struct Place: FieldFlags {
        @Option(.context) var context: String?
        @Option(.namespace) var namespace: String?
        @Option(.release) var release: String?
        @Option(.timeout) var timeout: String?
    }

    @Flag(name: .long, help: "Show what would be done and change nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Print the plan as a shell script and change nothing.")
    var printCommands = false

    @OptionGroup var place: Place

    func scale(_ scaling: ScaleTarget, isForced: Bool = false) async throws {
        let session = try CommandContext(.none(), flags: place.given)
        let answers = try session.answers()
        guard !printCommands, !dryRun else { return try await rehearse(scaling, session, answers, isForced) }
        let dependencies = session.dependencies
        let installation = await FactCollector(dependencies: dependencies, answers: answers).installation()
        try await RunLock.holding(installation, writingTo: [], in: dependencies) { lock in
            for note in lock.notes { Console.errors.line(note) }
            let change = try await plan(scaling, session, answers, isForced)
            for note in change.notes { Console.errors.line(note) }
            try await session.perform(change.plan, under: lock)
            for line in change.outcome { Console.output.line(line) }
        }
    }

    private func plan(
        _ scaling: ScaleTarget, _ session: CommandContext, _ answers: Answers, _ isForced: Bool
    ) async throws -> ScalePlanner {
        let change = try await ScalePlanner.look(in: session.dependencies, scaling, answers)
        if let refusal = change.refusal(isForced: isForced) {
            session.reporter.failed(refusal)
            session.reporter.refused()
            throw ExitStatus.cannotBeUsed
        }
        return change
    }

    private func rehearse(
        _ scaling: ScaleTarget, _ session: CommandContext, _ answers: Answers, _ isForced: Bool
    ) async throws {
        let change = try await plan(scaling, session, answers, isForced)
        guard !printCommands else { return Console.output.write("\(ShellScript(change.plan))") }
        for note in change.notes { Console.errors.line(note) }
        session.reporter.plan(change.plan)
    }
}
