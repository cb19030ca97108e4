/// The real Envoy.
public enum Envoy {
    /// Runs it with a configuration (a YAML or JSON file) while `body` runs; its listeners then accept connections.
    public static func whileRunning<Result: Sendable>(
        configuration: String, body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        // Several run concurrently and independently: no hot restart.
        let arguments = ["--config-path", configuration, "--disable-hot-restart", "--concurrency", "2"]
        return try await Program(.envoy).whileRunning(
            arguments, ready: "starting main dispatch loop", body: body)
    }
}
