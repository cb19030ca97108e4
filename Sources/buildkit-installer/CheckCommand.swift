import ArgumentParser
import Installer

/// `buildkit-installer check`: what an install would be refused for, as a gate for scripts.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check this machine and the cluster before an install.",
        discussion: Discussion.text(
            """
            Runs the checks of `install` with the same settings, prints every result, and changes nothing. \
            `install --dry-run` also shows the plan.
            """,
            examples: ["check", "check --context production --namespace buildkit --output json"],
            statuses: [.done, .badUsage, .noInput, .unavailable, .interrupted],
            meanings: [
                .done: "Every check passed, perhaps with warnings.",
                .unavailable: "A check failed: an install would be refused.",
            ]))

    @OptionGroup(title: "Answers") var fields: FieldOptions
    @OptionGroup var report: ReportOptions

    func run() async throws {
        let session = try CommandContext(report.asRunOptions, flags: fields.given)
        let answers = try session.answers()
        let facts = try await SignalHandling.ending { [dependencies = session.dependencies] in
            await Workflow.install.survey(answers, in: dependencies).complete()
        }
        let results = Workflow.install.checks.results(facts, answers)
        session.reporter.allChecks(results)
        if let failure = results.refusal {
            session.reporter.refused(failure, as: ExitStatus(failure))
            throw ExitStatus(failure)
        }
        session.reporter.done(.unchanged, ["All checks passed."])
    }
}
