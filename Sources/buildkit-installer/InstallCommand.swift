import ArgumentParser
import Installer

/// `buildkit-installer install`: from a kubeconfig to a builder that builds.
struct InstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install BuildKit, or bring an installation to the answers given.",
        discussion: """
            On a terminal the wizard opens with the answers given; elsewhere, or with --yes, nothing is asked.
            What is there already stays as it is, so running it again changes nothing.
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: FieldOptions

    mutating func run() async throws {
        let session = try CommandContext(options, flags: fields.given)
        guard !session.isAttended else { return try await session.attended(.install, from: .verb) }
        try await NonInteractiveRun(session: session, verb: .install).run()
    }
}
