import ArgumentParser
import Installer

/// `buildkit-installer status`: how an installation fares.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show health, versions and certificate expiry.",
        discussion: Discussion.text(
            """
            The installation is selected by the same settings as for an install; the others are remembered from \
            it. Nothing is changed: a builder that is scaled to zero is not woken, and no build is counted.
            """,
            examples: ["status", "status --namespace buildkit --fail-under-days 14 --output json"],
            statuses: [.done, .failed, .certificatesDue, .badUsage, .noInput, .interrupted],
            meanings: [
                .done: "Healthy.", .failed: "A problem was found, or the cluster does not answer.",
                .certificatesDue: "Healthy, but a certificate expires within --fail-under-days.",
            ]))

    @OptionGroup(title: "Answers") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Exit with 3 if a certificate expires in fewer days.", valueName: "days"))
    var failUnderDays = StatusReport.usualDays

    @Flag(name: .long, help: "Show it on a screen, and refresh every five seconds.")
    var watch = false

    func validate() throws {
        guard !watch || look.output == .text else {
            throw ValidationError("--watch and --output json contradict each other: --watch is for a screen")
        }
    }

    func run() async throws {
        let session = try CommandContext(look.asRunOptions, flags: fields.given)
        guard !watch else { return try await session.watch() }
        let resolution = try session.resolution()
        let look = StatusCollector(
            dependencies: session.dependencies, answers: resolution.answers,
            given: Set(resolution.origins.keys),
            days: failUnderDays)
        // What was begun for the look ends with it, also when it is broken off.
        let status = try await SignalHandling.ending { await look.status() }
        session.reporter.report(status)
        switch status.health {
        case .well: return
        case .wrong: throw ExitStatus.failed
        case .certificatesDue: throw ExitStatus.certificatesDue
        }
    }
}
