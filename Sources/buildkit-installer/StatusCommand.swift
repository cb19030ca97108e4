import ArgumentParser
import Installer

/// `buildkit-installer status`: how an installation fares.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is installed, and whether it is well.",
        discussion: """
            Which installation is meant is said by the same flags as for an install; the rest is known from then.
            Looking changes nothing: it wakes no builder that sleeps, and counts as no build.

            EXIT STATUS
              0 well   1 something is wrong, or the cluster does not answer   3 well, but a certificate ends soon
            """)

    @OptionGroup(title: "Answers") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions

    @Option(
        name: .long, help: ArgumentHelp("With fewer days left, a certificate ends soon.", valueName: "days"))
    var failUnderDays = StatusReport.usualDays

    @Flag(name: .long, help: "Show it on a screen, and look again every five seconds.")
    var watch = false

    func validate() throws {
        guard !watch || look.output == .text else {
            throw ValidationError("--watch is for a screen, which shows no JSON.")
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
