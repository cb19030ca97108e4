import ArgumentParser
import Installer

/// `buildkit-installer install`: from a kubeconfig to a builder that builds.
struct InstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install or upgrade BuildKit.",
        discussion: Discussion.text(
            """
            On a terminal the wizard opens with the settings given; elsewhere, or with --yes, nothing is asked. \
            What is as it should be stays as it is: running it again changes nothing.
            """,
            examples: [
                "install --dry-run",
                "install --exposure load-balancer --sans builder.example.com --yes",
                "install --answers answers.json --yes --output json",
            ],
            statuses: ExitStatus.ofRuns,
            meanings: [
                .unavailable:
                    "A check failed, also with --dry-run: a tool or the cluster is not available, or something is in the way. Nothing was changed."
            ]))

    @OptionGroup var options: RunOptions
    @OptionGroup(title: "Answers") var fields: FieldOptions

    mutating func run() async throws {
        let session = try CommandContext(options, flags: fields.given)
        guard !session.isAttended else { return try await session.attended(.install, from: .verb) }
        try await NonInteractiveRun(session: session, verb: .install).run()
    }
}
