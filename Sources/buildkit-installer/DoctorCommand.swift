import ArgumentParser
import Installer

/// `buildkit-installer doctor`: diagnoses problems.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Diagnose problems.",
        discussion: DoctorRunCommand.configuration.discussion,
        subcommands: [DoctorRunCommand.self, BundleCommand.self], defaultSubcommand: DoctorRunCommand.self)
}

/// `buildkit-installer doctor` without a subcommand.
struct DoctorRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examine", abstract: "Check every layer that a build goes through.",
        discussion: Discussion.text(
            """
            Checks in this order: client files, docker buildx, DNS, TCP, server and client certificates, HTTP/2, \
            BuildKit, platforms, a test build; then the cluster: release, pods, Secrets, NetworkPolicies. \
            A check that depends on a failed one is skipped. A builder that is scaled to zero is not woken.
            """,
            examples: ["doctor", "doctor --no-build --output json"],
            statuses: [.done, .failed, .badUsage, .noInput, .interrupted],
            meanings: [.done: "No problems found.", .failed: "Problems found."]))

    @OptionGroup(title: "Settings") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions

    @Flag(name: .long, inversion: .prefixedNo, help: "Run a small test build.")
    var build = true

    func run() async throws {
        let session = try CommandContext(look.settings, flags: fields.given)
        let resolution = try session.resolution()
        let look = DoctorCollector(
            dependencies: session.dependencies, answers: resolution.answers,
            given: Set(resolution.origins.keys),
            builds: build)
        let examination = try await SignalHandling.ending { await look.examination() }
        session.reporter.report(examination)
        if !examination.isHealthy { throw ExitStatus.failed }
    }
}

/// `buildkit-installer doctor bundle`: writes a support bundle.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Write a support bundle.",
        discussion: Discussion.text(
            """
            A tar archive (.tar or .tar.gz) with the output of doctor and status, versions, events, descriptions, \
            logs, and the plan and journal of the last run. Secrets are not read; keys and tokens are removed from \
            everything else.
            """,
            examples: ["doctor bundle doctor.tar", "doctor bundle doctor.tar --namespace buildkit"],
            statuses: [.done, .failed, .badUsage, .noInput, .cannotCreate, .interrupted]))

    @Argument(help: ArgumentHelp("Output file.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup(title: "Settings") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions

    func run() async throws {
        let session = try CommandContext(look.settings, flags: fields.given)
        let resolution = try session.resolution()
        let look = SupportBundleCollector(
            dependencies: session.dependencies, answers: resolution.answers,
            given: Set(resolution.origins.keys))
        let bundle = try await SignalHandling.ending { await look.bundle() }
        session.reporter.report(try bundle.write(to: file))
    }
}
