import ArgumentParser
import Installer

/// `buildkit-installer sleep`: scales BuildKit to zero. The cache is kept, and builds are queued.
struct SleepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sleep",
        abstract: "Scale BuildKit to zero.",
        discussion: Discussion.text(
            """
            The pod is stopped and the cache is kept. New builds are queued for up to proxy.hold (a chart value). \
            With KEDA in the cluster, the chart value builder.sleep scales BuildKit automatically.
            """,
            examples: ["sleep --yes", "sleep --namespace buildkit --force --yes"],
            statuses: [.done, .failed, .badUsage, .noInput, .locked, .interrupted],
            meanings: [
                .unavailable:
                    "Builds are running or queued, KEDA scales BuildKit, or the cluster is unavailable. No changes were made."
            ]))

    @OptionGroup var options: ScaleOptions
    @OptionGroup(title: "Installation") var fields: SleepOptions

    func run() async throws { try await options.scale(.sleep, fields) }
}

/// `buildkit-installer wake`: scales BuildKit up; queued builds continue.
struct WakeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wake",
        abstract: "Scale BuildKit up and wait until it is ready.",
        discussion: Discussion.text(
            "Queued builds start when BuildKit is ready.",
            examples: ["wake --yes", "wake --namespace buildkit --timeout 120 --yes"],
            statuses: [.done, .failed, .badUsage, .noInput, .unavailable, .locked, .interrupted]))

    @OptionGroup var options: ScaleOptions
    @OptionGroup(title: "Installation") var fields: WakeOptions

    func run() async throws { try await options.scale(.wake, fields) }
}

/// Settings of `sleep`.
struct SleepOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
    @Option(toggle: .force) var force: String?
    @Option(.timeout) var timeout: String?
}

/// Settings of `wake`.
struct WakeOptions: FieldFlags {
    @OptionGroup var installation: InstallationFlags
    @Option(.timeout) var timeout: String?
}

/// Options of `sleep` and `wake` for their execution.
struct ScaleOptions: ParsableArguments {
    @OptionGroup var report: ReportOptions

    @Flag(name: [.long, .customShort("y")], help: "Do not prompt.")
    var yes = false

    @Flag(name: .long, help: "Show the plan without making changes.")
    var dryRun = false

    @Flag(name: .long, help: "Print the plan as a shell script without making changes.")
    var printCommands = false

    func validate() throws {
        guard !printCommands || !dryRun else {
            throw ValidationError("--print-commands and --dry-run are mutually exclusive")
        }
    }

    func scale(_ scaling: ScaleTarget, _ fields: some FieldFlags) async throws {
        var settings = report.settings
        (settings.yes, settings.dryRun, settings.printCommands) = (yes, dryRun, printCommands)
        try await CommandContext(settings, flags: fields.given).connected {
            try await scale(scaling, in: $0)
        }
    }

    private func scale(_ scaling: ScaleTarget, in session: CommandContext) async throws {
        let dependencies = session.dependencies
        var answers = try session.answers()
        // Printed commands include the context.
        let asked = answers
        answers.context = try await SignalHandling.ending {
            await FactCollector(dependencies: dependencies, answers: asked).installation().context
        }
        guard !printCommands, !dryRun else { return try await rehearse(session, scaling, answers) }
        let target = answers.installation
        try await SignalHandling.holding(target, writingTo: [], in: dependencies) { lock in
            let change = try await plan(session, scaling, answers, under: lock)
            if report.output == .text { for note in lock.notes + change.notes { Console.errors.line(note) } }
            if report.output == .json { session.reporter.plan(change.plan) }
            if !change.isDone { try session.confirm("\(change.plan.title), \(change.plan.installation)?") }
            try await session.perform(change.plan, under: lock)
            session.reporter.done(change.isDone ? .unchanged : .changed, change.outcome)
        }
    }

    private func rehearse(
        _ session: CommandContext, _ scaling: ScaleTarget, _ answers: Answers
    ) async throws {
        let change = try await plan(session, scaling, answers)
        guard !printCommands else { return Console.output.write(VisibleText("\(ShellScript(change.plan))")) }
        if report.output == .text { for note in change.notes { Console.errors.line(note) } }
        session.reporter.plan(change.plan)
        session.reporter.done(.dryRun, ["Dry run: no changes were made."])
    }

    /// - Throws: if it is refused, after reporting it.
    private func plan(
        _ session: CommandContext, _ scaling: ScaleTarget, _ answers: Answers, under lock: RunLock? = nil
    ) async throws -> ScalePlanner {
        let lease = await lock?.lease?.possibleLease
        let change = try await look(session, scaling, answers, leaving: lease)
        if let refusal = change.refusal(isForced: answers.force) {
            session.reporter.refused(refusal, as: ExitStatus(refusal), leaving: lease)
            throw ExitStatus(refusal)
        }
        return change
    }

    /// A failure to read the state is a refusal: no changes were made.
    private func look(
        _ session: CommandContext, _ scaling: ScaleTarget, _ answers: Answers, leaving lease: String?
    ) async throws -> ScalePlanner {
        let look = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await Result {
                try await ScalePlanner.look(in: dependencies, scaling, answers)
            }
        }
        do { return try look.get() } catch let failure as InstallerError {
            session.reporter.refused(failure, as: .unavailable, leaving: lease)
            throw ExitStatus.unavailable
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
