import ArgumentParser
import Installer

/// `buildkit-installer chart FOLDER`: the chart as files, for `helm` by hand and for GitOps.
struct ChartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chart", abstract: "Write the embedded Helm chart to a directory.",
        discussion: Discussion.text(
            "For Helm by hand and for GitOps. An older chart in the directory is replaced.",
            examples: ["chart ./buildkit", "chart ./buildkit && helm template buildkit ./buildkit"],
            statuses: [.done, .failed, .badUsage]))

    @Argument(help: ArgumentHelp("The directory.", valueName: "dir"), completion: .directory)
    var folder: String

    @Option(
        name: [.long, .customShort("o")],
        help: ArgumentHelp(
            "text, or json: one object per line, the last one is the result.", valueName: "text|json"))
    var output = RunOptions.Output.text

    func run() async throws {
        var options = try RunOptions.none()
        options.output = output
        try await CommandContext(options).perform(.unpackChart(into: folder), writingTo: [folder]) {
            .done("Chart \(Chart.label) is in \(folder).")
        }
    }
}
