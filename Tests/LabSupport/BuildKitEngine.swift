import FoundationEssentials

/// A BuildKit process and its cache: the one inside a Docker engine, which stores images too.
public struct BuildKitEngine: Sendable {
    private let folder: String

    /// The engine of this process: tests share it, and its cache.
    public static var shared: BuildKitEngine {
        get async throws { try await sharedStart.value }
    }

    private static let sharedStart = Task { try await start() }

    /// Runs `body` with a separate engine, whose cache is empty.
    public static func withOwn<Result>(
        _ body: (BuildKitEngine) async throws -> Result
    ) async throws -> Result {
        let engine = try await start()
        do {
            let result = try await body(engine)
            try await engine.run("down")
            return result
        } catch {
            try await engine.run("down")
            throw error
        }
    }

    /// The path of the Docker engine's socket.
    public var socket: String { "\(folder)/docker.sock" }

    /// Ends the process gracefully like a kubelet, and starts another one with its cache.
    public func restart() async throws {
        try await run("halt")
        try await run("up")
    }

    private static func start() async throws -> BuildKitEngine {
        let engine = BuildKitEngine(folder: try makeTemporaryFolder())
        // Stopped and deleted when this process ends, for any reason.
        try await engine.run("up", "--until-exit", "\(ProcessInfo.processInfo.processIdentifier)")
        return engine
    }

    private func run(_ verb: String, _ more: String...) async throws {
        try await Program(.buildKitEngine).require([verb, folder] + more)
    }
}
