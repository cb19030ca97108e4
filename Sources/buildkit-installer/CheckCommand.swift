import ArgumentParser
import Installer

/// `buildkit-installer check`: runs the checks of an install, as a gate for scripts.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check whether this machine and the cluster are ready for an install.",
        discussion: Discussion.text(
            """
            Same as `install --checks-only`: runs the checks with the same settings, prints every result, and makes no changes. \
            `install --dry-run` also shows the plan.
            """,
            examples: ["check", "check --context production --namespace buildkit --output json"],
            statuses: [.done, .badUsage, .noInput, .unavailable, .interrupted],
            meanings: [
                .done: "All checks passed, possibly with warnings.",
                .unavailable: "A check failed: an install would be refused.",
            ]))

    @OptionGroup(title: "Settings") var fields: FieldOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        var settings = report.settings
        settings.checksOnly = true
        let session = try CommandContext(settings, flags: fields.given)
        try await NonInteractiveRun(session: session, verb: .install).run()
    }
}
