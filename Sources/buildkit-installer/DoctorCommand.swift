import ArgumentParser
import Installer

/// `buildkit-installer doctor`: what keeps builds from going through.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Find what is broken, and say what to do.",
        subcommands: [DoctorRunCommand.self, BundleCommand.self], defaultSubcommand: DoctorRunCommand.self)
}

/// `buildkit-installer doctor`, when nothing else is asked for.
struct DoctorRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examine", abstract: "Look at every layer that a build goes through.",
        discussion: """
            In this order: the client's files, docker buildx, DNS, TCP, the certificates of both sides, HTTP/2,
            BuildKit, its platforms, a real build; then the cluster: release, pods, Secrets, NetworkPolicies. What a
            broken layer explains is not looked at. A builder that sleeps is not woken.

            EXIT STATUS
              0 nothing is broken   1 something is broken
            """)

    @OptionGroup(title: "Answers") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions

    @Flag(name: .long, inversion: .prefixedNo, help: "Try a small build.")
    var build = true

    func run() async throws {
        let session = try CommandContext(look.asRunOptions, flags: fields.given)
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

/// `buildkit-installer doctor bundle`: what somebody who is to help has to see.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Write what somebody who is to help has to see.",
        discussion: """
            A tar.gz with the examination, the status, versions, events, descriptions, logs, and the last run's plan and
            journal. Secrets are not asked for; keys, tokens and the like are taken out of everything else.
            """)

    @Argument(help: "The file to write, such as doctor.tar.gz.") var file: String

    @OptionGroup(title: "Answers") var fields: InstallationOptions
    @OptionGroup var look: ReportOptions

    func run() async throws {
        let session = try CommandContext(look.asRunOptions, flags: fields.given)
        let resolution = try session.resolution()
        let look = SupportBundleCollector(
            dependencies: session.dependencies, answers: resolution.answers,
            given: Set(resolution.origins.keys))
        let bundle = try await SignalHandling.ending { await look.bundle() }
        session.reporter.report(try bundle.write(to: file))
    }
}
