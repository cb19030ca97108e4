import ArgumentParser
import Installer

/// `buildkit-installer issue`: the certificates alone, for an installation made by hand or by GitOps.
struct IssueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue certificates only.",
        discussion: Discussion.text(
            "Creates a CA and the certificates of Envoy, BuildKit and one client in a directory. No cluster is needed.",
            examples: [
                "issue --certs ./certs --sans builder.example.com", "issue --certs ./certs --inner-only",
            ],
            statuses: [.done, .failed, .badUsage, .noInput]))

    @Flag(name: .long, help: "Only the certificates between Envoy and BuildKit.")
    var innerOnly = false

    @OptionGroup(title: "Answers") var fields: FieldOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let session = try CommandContext(report.asRunOptions, flags: fields.given)
        let answers = try session.answers()
        let dependencies = session.dependencies
        let plan = Plan.issue(
            answers, innerOnly: innerOnly, places: dependencies.places, home: dependencies.home)
        try await session.perform(
            plan, writingTo: dependencies.certificateFolders(answers, of: plan.installation)
        ) { .done(plan.steps.map(\.title).joined()) }
    }
}
