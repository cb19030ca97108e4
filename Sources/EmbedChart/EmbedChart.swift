import Foundation
import PackagePlugin

/// Turns the repository's `templates/buildkit` into Swift source, so that one file is the whole product.
@main
struct EmbedChart: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
        let templates = target.directoryURL.appending(path: "templates").resolvingSymlinksInPath()
        let chart = templates.appending(path: "buildkit")
        let output = context.pluginWorkDirectoryURL.appending(path: "ChartFiles.swift")
        // Files, so that an edit embeds the chart again; an added or removed file changes this list, and SwiftPM
        // requests it again because the target contains a link to the folder.
        let files = FileManager.default.enumerator(
            at: chart, includingPropertiesForKeys: [.isRegularFileKey])?
            .compactMap { $0 as? URL }
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
        return [
            .buildCommand(
                displayName: "Embedding the chart",
                executable: try context.tool(named: "embed-chart").url,
                arguments: [chart.path(), output.path()],
                inputFiles: files ?? [],
                outputFiles: [output])
        ]
    }
}
