/// A real BuildKit on a port of 127.0.0.1.
public enum BuildKit {
    /// Serves it at a port while `body` runs: to a client a builder of its own, that can end and come back.
    ///
    /// - Parameters:
    ///   - certificates: a folder with `server.crt` and `server.key`, for TLS, and `ca.crt` if clients have to show a
    ///     certificate of that authority. As buildkitd does, it reads them once. Without it: plain TCP.
    ///   - engine: what does the work, and keeps the cache; nil: the shared one.
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
