import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A program that a test runs, with the fixed part of its environment.
public struct Program: Sendable {
    public let path: String
    /// Added to the test's own environment; nil removes a variable.
    public var environment: [String: String?]

    /// - Parameter path: a name without a slash is looked up in PATH.
    public init(_ path: String, environment: [String: String?] = [:]) {
        self.path = path
        self.environment = environment
    }

    public init(_ part: LabPart, environment: [String: String?] = [:]) throws(LabFailure) {
        self.init(try part.path, environment: environment)
    }

    /// Runs it to its end.
    public func run(_ arguments: String..., input: String = "") async throws -> Outcome {
        try await run(arguments, input: input)
    }

    public func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: fullEnvironment,
            input: .string(input), output: .bytes(limit: Self.limit), error: .bytes(limit: Self.limit))
        try KeyWatch(self)?.check(result.standardOutput, result.standardError)
        let status =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Outcome(
            status: Int(status), output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self))
    }

    /// Runs it to its end and returns its output; a failure fails the test.
    @discardableResult
    public func require(_ arguments: String..., input: String = "") async throws -> String {
        try await require(arguments, input: input)
    }

    @discardableResult
    public func require(_ arguments: [String], input: String = "") async throws -> String {
        let outcome = try await run(arguments, input: input)
        guard outcome.succeeded else {
            let command = ([path] + arguments).joined(separator: " ")
            throw LabFailure("`\(command)` ended with \(outcome.status):\n\(outcome.errors)\(outcome.output)")
        }
        return outcome.output
    }

    /// Runs it while `body` runs, starting when a line of its output contains `ready`. It is killed afterwards: a
    /// test that needs a graceful end sends the signal itself.
    public func whileRunning<Result: Sendable>(
        _ arguments: [String], ready: String, body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        var options = PlatformOptions()
        // A group of its own, so that its child processes end with it.
        options.createSession = true
        return try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: fullEnvironment,
            platformOptions: options, input: .none, output: .sequence, error: .combinedWithOutput
        ) { execution in
            let running = RunningProgram(processIdentifier: execution.processIdentifier.value)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in execution.standardOutput.strings() { running.log.append(line) }
                    running.log.end()
                }
                // If there is no process to signal, it has ended earlier, which `ready` or `body` has reported.
                defer { try? execution.send(signal: .kill, toProcessGroup: true) }
                try await running.log.wait(for: ready, of: path)
                let result = try await body(running)
                try KeyWatch(self)?.check(Array(running.log.lines.joined(separator: "\n").utf8))
                return result
            }
        }.closureResult
    }

    /// Runs it, passes its process number to `body`, and returns its exit status as in a shell.
    public func status(of arguments: [String], whileRunning body: (Int32) async throws -> Void) async throws
        -> Int
    {
        let status = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: fullEnvironment, input: .none,
            output: .discarded, error: .discarded
        ) { execution in
            try await body(execution.processIdentifier.value)
        }.terminationStatus
        return switch status {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }

    private var executable: Executable {
        path.contains("/") ? .path(FilePath(path)) : .name(path)
    }

    private var fullEnvironment: Environment {
        .inherit.updating(
            Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) }))
    }

    /// The maximum size of the output, in bytes.
    private static let limit = 16 << 20
}
