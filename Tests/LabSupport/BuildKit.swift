import FoundationEssentials

/// A real BuildKit on a port of 127.0.0.1.
public enum BuildKit {
    /// Serves it at a port while `body` runs. All of them share one engine and so one cache; to a client each is
    /// a builder of its own that can end and come back.
    ///
    /// - Parameter certificates: a folder with `server.crt` and `server.key`, for TLS, and `ca.crt` if clients have to
    ///   show a certificate of that authority. As buildkitd does, it reads them once. Without it: plain TCP.
    public static func whileServing<Result: Sendable>(
        port: Int, certificates: String? = nil, body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        let arguments = [try LabPart.buildKitBridge.path, try await sharedSocket.value, "\(port)"]
        return try await Program("python3").whileRunning(
            arguments + [certificates].compactMap(\.self), ready: "ready", body: body)
    }

    private static let sharedSocket = Task {
        let folder = try makeTemporaryFolder()
        // Stopped and deleted when this process ends, however that happens.
        try await Program(.buildKitEngine).require(
            "up", folder, "--until-exit", "\(ProcessInfo.processInfo.processIdentifier)")
        return "\(folder)/docker.sock"
    }
}
