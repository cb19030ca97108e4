/// The real Envoy.
public enum Envoy {
    /// Runs it with a configuration (a file of YAML or JSON) while `body` runs; its listeners accept then.
    public static func whileRunning<Result: Sendable>(
        configuration: String, body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        // Several at a time, of which none hands over to the next: no hot restart.
        let arguments = ["--config-path", configuration, "--disable-hot-restart", "--concurrency", "2"]
        return try await Program(.envoy).whileRunning(
            arguments, ready: "starting main dispatch loop", body: body)
    }
}
