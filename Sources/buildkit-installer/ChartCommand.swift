import ArgumentParser
import Installer

/// `buildkit-installer chart FOLDER`: the chart as files, for `helm` by hand and for GitOps.
struct ChartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chart", abstract: "Write the chart that is inside this program to a folder.")

    @Argument(help: "The folder; an older chart in it is replaced.", completion: .directory)
    var folder: String

    func run() async throws {
        try await CommandContext(.none()).perform(.unpackChart(into: folder), writingTo: [folder])
    }
}
