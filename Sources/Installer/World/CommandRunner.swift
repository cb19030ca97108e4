/// The one way to run another program.
public protocol CommandRunner: Sendable {
    /// Runs to the end, handing over each line as it appears. A status other than zero is a result, not an error.
    ///
    /// Cancelling the task ends the program and all that it started.
    /// - Throws: ``Failure`` where the program cannot be started or takes longer than the command's timeout;
    ///   `CancellationError` where the task was cancelled.
    func run(_ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void) async throws
        -> CommandResult
}

/// One line that a tool printed.
public struct OutputLine: Codable, Equatable, Sendable {
    public var text: String
    /// Whether it came on standard error.
    public var isError: Bool

    public init(_ text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }
}

/// How a program ended, and what it printed.
public struct CommandResult: Codable, Equatable, Sendable {
    /// The exit status; 128 and the signal's number where a signal ended it.
    public var status: Int
    public var output: String
    public var errors: String

    public init(status: Int = 0, output: String = "", errors: String = "") {
        self.status = status
        self.output = output
        self.errors = errors
    }
}

extension CommandRunner {
    /// Runs without looking at the lines as they come.
    public func run(_ command: Command) async throws -> CommandResult {
        try await run(command) { _ in }
    }

    /// Runs a command that must succeed, and returns what it printed.
    @discardableResult
    public func callAsFunction(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void = { _ in }
    ) async throws -> String {
        let result = try await run(command, eachLine: eachLine)
        guard result.status == 0 else { throw Failure(command, result) }
        return result.output
    }
}
