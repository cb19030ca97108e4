import ArgumentParser
import Installer
import MutualTLS

/// `buildkit-installer status`: shows the state of an installation.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show health, versions and certificate expiry.",
        discussion: Discussion.text(
            """
            The installation is selected with the same settings as for install; all others are read from the last \
            install. Makes no changes: a builder that is scaled to zero is not woken.
            """,
            examples: ["status", "status --namespace buildkit --fail-under-days 14 --output json"],
            statuses: [.done, .failed, .certificatesDue, .badUsage, .noInput, .interrupted],
            meanings: [
                .done: "Healthy.", .failed: "Problems found, or the cluster does not respond.",
                .certificatesDue: "Healthy, but a certificate expires within --fail-under-days.",
            ]))

    @OptionGroup(title: "Settings") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions
    @OptionGroup var screen: ScreenOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Exit 3 if a certificate expires in fewer than this number of days.", valueName: "days"))
    var failUnderDays = CertificateSummary.usualLimit

    @Flag(name: .long, help: "Show a full-screen view, refreshed when pods change.")
    var watch = false

    func validate() throws {
        guard !watch || look.output == .text else {
            throw ValidationError("--watch and --output json are mutually exclusive")
        }
    }

    func run() async throws {
        let session = try CommandContext(look.settings, flags: fields.given)
        guard !watch else { return try await session.watch(in: screen.theme) }
        let resolution = try session.resolution()
        let look = StatusCollector(
            dependencies: session.dependencies, answers: resolution.answers,
            given: Set(resolution.origins.keys),
            days: failUnderDays)
        // Tools that were started for the status end with it, also if it is interrupted.
        let status = try await SignalHandling.ending { await look.status() }
        session.reporter.report(status)
        switch status.health {
        case .well: return
        case .wrong: throw ExitStatus.failed
        case .certificatesDue: throw ExitStatus.certificatesDue
        }
    }
}
