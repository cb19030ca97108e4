import ArgumentParser
import Installer

/// `buildkit-installer chart FOLDER`: writes the chart, for manual use of Helm and for GitOps.
struct ChartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chart", abstract: "Write the embedded Helm chart to a directory.",
        discussion: Discussion.text(
            "For manual use of Helm and for GitOps. Replaces an older chart in the directory.",
            examples: ["chart ./buildkit", "chart ./buildkit && helm template buildkit ./buildkit"],
            statuses: [.done, .failed, .badUsage, .locked, .interrupted]))

    @Argument(help: ArgumentHelp("Target directory.", valueName: "dir"), completion: .directory)
    var folder: String

    @Option(name: [.long, .customShort("o")], help: .outputOfRun)
    var output = OutputFormat.text

    func run() async throws {
        // The shell completes a folder with it.
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        try await CommandContext(RunSettings(output: output)).perform(
            .unpackChart(into: folder), writingTo: [folder]
        ) {
            "Chart \(Chart.label) written to \(folder)."
        }
    }
}
