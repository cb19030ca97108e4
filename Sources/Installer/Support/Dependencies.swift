import FoundationEssentials

/// Everything outside this process that the installer touches, in one value that is passed along: no globals.
public struct Dependencies: Sendable {
    public var runner: any CommandRunner
    public var environment: [String: String]
    /// The user's home folder; everything of the installer's own is below it.
    public var home: String
    public var now: @Sendable () -> Date
    /// Waits; a test lets no time pass.
    public var pause: @Sendable (Duration) async throws -> Void
    /// A word that nobody can guess, for names that must not collide.
    public var nonce: @Sendable () -> String
    /// Tells whoever waits what a tool asks of them meanwhile, as a login does.
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
