import ArgumentParser
import Installer

/// `buildkit-installer issue`: issues certificates only, for a manual or GitOps installation.
struct IssueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue certificates only.",
        discussion: Discussion.text(
            "Creates a CA, and certificates for Envoy, BuildKit and one client, in a directory. Does not require a cluster.",
            examples: [
                "issue --certs ./certs --sans builder.example.com", "issue --certs ./certs --inner-only",
            ],
            statuses: [.done, .failed, .badUsage, .noInput, .locked, .interrupted]))

    @Flag(name: .long, help: "Issue only the internal mTLS certificates (Envoy to BuildKit).")
    var innerOnly = false

    @OptionGroup(title: "Settings") var fields: FieldOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let session = try CommandContext(report.settings, flags: fields.given)
        let answers = try session.answers()
        let dependencies = session.dependencies
        let plan = Plan.issue(
            answers, innerOnly: innerOnly, places: dependencies.places, home: dependencies.home)
        try await session.perform(
            plan, writingTo: dependencies.certificateFolders(answers, of: plan.installation)
        ) { plan.steps.map(\.title).joined() }
    }
}
