/// A real BuildKit on a port of 127.0.0.1.
public enum BuildKit {
    /// Serves it on a port while `body` runs: for clients it is a separate builder that can end and start again.
    ///
    /// - Parameters:
    ///   - certificates: a folder with `server.crt` and `server.key`, for TLS, and `ca.crt` if clients must present a
    ///     certificate of that CA. As in buildkitd, they are read once. Without it: plain TCP.
    ///   - engine: runs the builds, and stores the cache; nil: the shared one.
    public static func whileServing<Result: Sendable>(
        port: Int, certificates: String? = nil, engine: BuildKitEngine? = nil,
        body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        let shared = try await BuildKitEngine.shared
        let arguments = [try LabPart.buildKitBridge.path, (engine ?? shared).socket, "\(port)"]
        return try await Program("python3").whileRunning(
            arguments + [certificates].compactMap(\.self), ready: "ready", body: body)
    }
}
