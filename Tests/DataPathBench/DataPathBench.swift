import LabSupport

/// Prints a comparison of the path through the proxy with BuildKit itself, as lines of SUBJECT, FIGURE and REFERENCE
/// separated by tabs:  data-path-bench CHART
///
/// For `make bench`. All values of a line are measured in the same run, alternately.
@main struct DataPathBench {
    let chart: String

    static func main() async throws {
        try await Self(chart: CommandLine.arguments[1]).run()
    }

    private nonisolated func run() async throws {
        try await withTemporaryFolder { folder in
            let setting = try await Setting(chart: chart, in: folder)
            try await Envoy.whileRunning(configuration: setting.proxy.configuration) { envoy in
                // First, because memory that builds leave in Envoy would be reused for later clients.
                try await HeldClients(setting: setting, envoy: envoy).measure()
                try await setting.whileBuilderServes {
                    try await setting.register()
                    try await Builds(setting: setting).measure()
                }
            }
        }
    }
}
