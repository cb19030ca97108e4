import LabSupport

/// Prints how the path through the proxy compares with BuildKit itself, as lines of SUBJECT, FIGURE and REFERENCE with
/// tabs between them:  data-path-bench CHART
///
/// For `make bench`. All of a line was measured in the same run, in turns.
@main struct DataPathBench {
    let chart: String

    static func main() async throws {
        try await Self(chart: CommandLine.arguments[1]).run()
    }

    private nonisolated func run() async throws {
        try await withTemporaryFolder { folder in
            let setting = try await Setting(chart: chart, in: folder)
            try await Envoy.whileRunning(configuration: setting.proxy.configuration) { envoy in
                // First, because what builds leave in Envoy's memory would be the room of clients to come.
                try await HeldClients(setting: setting, envoy: envoy).measure()
                try await setting.whileBuilderServes {
                    try await setting.register()
                    try await Builds(setting: setting).measure()
                }
            }
        }
    }
}
