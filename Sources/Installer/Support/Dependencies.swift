import FoundationEssentials

/// Everything outside this process that the installer uses, in one value that is passed along: no globals.
public struct Dependencies: Sendable {
    public var runner: any CommandRunner
    public var environment: [String: String]
    /// The user's home folder; all files of the installer are below it.
    public var home: String
    public var now: @Sendable () -> Date
    /// Sleeps; in tests no time passes.
    public var pause: @Sendable (Duration) async throws -> Void
    /// A random word for names that must not collide.
    public var nonce: @Sendable () -> String
    /// Whether queries of a cluster share a connection to its API server; see ``ClusterConnection``.
    public var sharesConnections = false
    /// Shows the user a request of a tool that is running, such as a login.
    public var notice: @Sendable (String) -> Void = { _ in }

    public init(
        runner: any CommandRunner, environment: [String: String], home: String,
        now: @escaping @Sendable () -> Date = { Date() },
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        nonce: @escaping @Sendable () -> String = { UUID().uuidString.lowercased() }
    ) {
        self.runner = runner
        self.environment = environment
        self.home = home
        self.now = now
        self.pause = pause
        self.nonce = nonce
    }
}
