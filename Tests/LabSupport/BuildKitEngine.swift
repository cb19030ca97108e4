import FoundationEssentials

/// A BuildKit process and its cache: the one inside a Docker engine, which keeps images too.
public struct BuildKitEngine: Sendable {
    private let folder: String

    /// The one of this process: tests share it, and its cache.
    public static var shared: BuildKitEngine {
        get async throws { try await sharedStart.value }
    }

    private static let sharedStart = Task { try await start() }

    /// Gives `body` one of its own, whose cache is empty.
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

    /// Where the Docker engine answers, as a path.
    public var socket: String { "\(folder)/docker.sock" }

    /// Ends the process as gently as a kubelet does, and starts another with the cache that it leaves.
    public func restart() async throws {
        try await run("halt")
        try await run("up")
    }

    private static func start() async throws -> BuildKitEngine {
        let engine = BuildKitEngine(folder: try makeTemporaryFolder())
        // Stopped and deleted when this process ends, however that happens.
        try await engine.run("up", "--until-exit", "\(ProcessInfo.processInfo.processIdentifier)")
        return engine
    }

    private func run(_ verb: String, _ more: String...) async throws {
        try await Program(.buildKitEngine).require([verb, folder] + more)
    }
}
