import ArgumentParser
import Installer

/// `buildkit-installer issue`: the certificates alone, for an installation made by hand or by GitOps.
struct IssueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue certificates into a folder, and do no more.")

    @Flag(name: .long, help: "Only those of the hop between Envoy and BuildKit.")
    var innerOnly = false

    @OptionGroup(title: "Answers") var fields: FieldOptions

    func run() async throws {
        let session = try CommandContext(.none(), flags: fields.given)
        let answers = try session.answers()
        let dependencies = session.dependencies
        let plan = Plan.issue(
            answers, innerOnly: innerOnly, places: dependencies.places, home: dependencies.home)
        try await session.perform(
            plan, writingTo: dependencies.certificateFolders(answers, of: plan.installation))
    }
}
