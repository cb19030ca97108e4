import ArgumentParser
import Installer

/// `buildkit-installer install`: installs or upgrades BuildKit.
struct InstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install or upgrade BuildKit.",
        discussion: Discussion.text(
            """
            On a terminal the wizard opens with the given settings. Without a terminal, or with --yes, it does not \
            prompt. Only differences are applied: running it again with the same settings makes no changes.
            """,
            examples: [
                "install --dry-run", "install --checks-only --output json",
                "install --exposure load-balancer --sans builder.example.com --yes",
                "install --answers answers.json --yes --output json",
            ],
            statuses: ExitStatus.ofRuns,
            meanings: [
                .unavailable:
                    "A check failed (including with --dry-run): a tool or the cluster is unavailable, or a conflict was found. No changes were made."
            ]))

    @OptionGroup var options: RunOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup(title: "Settings") var fields: FieldOptions

    mutating func run() async throws {
        let session = try CommandContext(options.settings, flags: fields.given)
        guard !session.isAttended else {
            return try await session.attended(.install, from: .verb, in: screen.theme)
        }
        try await NonInteractiveRun(session: session, verb: .install).run()
    }
}
