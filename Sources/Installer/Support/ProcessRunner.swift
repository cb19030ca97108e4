import Subprocess
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs commands as processes of this machine; the only part of the program that does.
///
/// Every tool has a session of its own: a Ctrl-C in our terminal does not reach it, and ending it ends all processes
/// that it started.
public struct ProcessRunner: CommandRunner {
    private let environment: [String: String]
    private let grace: Duration

    /// - Parameters:
    ///   - environment: the tools' variables; tools are looked up in its `PATH`.
    ///   - grace: how long a tool may take to terminate after SIGTERM.
    public init(environment: [String: String], grace: Duration = .seconds(5)) {
        self.environment = environment
        self.grace = grace
        // A tool that ends before it has read its input must not end this program. The tools themselves are started
        // with the default handling.
        signal(SIGPIPE, SIG_IGN)
    }

    public func marked(_ variables: [String: String]) -> any CommandRunner {
        ProcessRunner(environment: environment.merging(variables) { _, mark in mark }, grace: grace)
    }

    public func run(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        try Task.checkCancellation()
        let said = LastWords()
        do {
            let result = try await limited(to: command.timeout) {
                try await runToItsEnd(command) { line in
                    said.note(line)
                    await eachLine(line)
                }
            }
            try Task.checkCancellation()
            return result
        } catch is TimedOut {
            try Task.checkCancellation()
            throw InstallerError(timeoutOf: command, said: said.text)
        }
    }

    private func runToItsEnd(
        _ command: Command, _ eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        do {
            let ended = try await Subprocess.run(
                await configuration(of: command), input: .inputWriter, output: .sequence, error: .sequence
            ) { process in
                // Read to the end even when cancelled: a tool that prints its last messages into a closed pipe would
                // be killed before it has cleaned up.
                let (standardOutput, standardError) = (process.standardOutput, process.standardError)
                let output = Task { try await collect(standardOutput, isError: false, eachLine) }
                let errors = Task { try await collect(standardError, isError: true, eachLine) }
                // A tool that does not read its input has ended, or will: its exit status shows the reason.
                _ = try? await process.standardInputWriter.write(command.input ?? "")
                try? await process.standardInputWriter.finish()
                return try await (output.value, errors.value)
            }
            if Task.isCancelled { Self.endGroup(of: ended.processIdentifier) }
            return CommandResult(
                status: ended.terminationStatus.number, output: ended.closureResult.0,
                errors: ended.closureResult.1)
        } catch let error as SubprocessError {
            throw InstallerError(command, error, on: environment["PATH"] ?? "")
        }
    }

    private func configuration(of command: Command) async -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
        let variables = environment.filter { !command.tool.ignores($0.key, $0.value) }
            .merging(command.environment) { _, own in own }
        let custom = Subprocess.Environment.custom(
            Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0.key), $0.value) }))
        // Subprocess itself would start a process for each folder of PATH until one of them runs.
        let name = Executable.name(command.tool.rawValue)
        let found = try? await name.resolveExecutablePath(in: custom)
        return Configuration(
            executable: found.map { .path($0) } ?? name, arguments: Arguments(command.arguments),
            environment: custom, workingDirectory: command.folder.map { .init($0) }, platformOptions: options)
    }

    /// Subprocess stops as soon as the group's leader has ended; processes that ignored the first signal would
    /// continue.
    private static func endGroup(of leader: ProcessIdentifier) {
        kill(-leader.value, SIGKILL)
    }
}

private func collect(
    _ stream: SubprocessOutputSequence, isError: Bool, _ eachLine: @Sendable (OutputLine) async -> Void
) async throws -> String {
    var lines = LineSplitter()
    var tail = BoundedOutput()
    for try await buffer in stream {
        let bytes = buffer.withUnsafeBytes { Array($0) }
        tail.append(bytes)
        for line in lines.take(bytes) { await eachLine(OutputLine(line, isError: isError)) }
    }
    if let last = lines.finish() { await eachLine(OutputLine(last, isError: isError)) }
    return tail.text
}

extension TerminationStatus {
    /// The exit status as in a shell: 128 plus the number of a signal.
    fileprivate var number: Int {
        switch self {
        case .exited(let status): Int(status)
        case .signaled(let signal): 128 + Int(signal)
        }
    }
}

extension InstallerError {
    fileprivate init(_ command: Command, _ error: SubprocessError, on folders: String) {
        let (name, subject) = (command.tool.rawValue, command.tool.subject)
        switch error.code {
        case .executableNotFound: self.init(unstarted: command.tool, on: folders)
        case .spawnFailed:
            self.init(
                "\(name) cannot be started", detail: error.reason, hint: command.tool.remedy,
                code: .toolUnusable, subject: subject)
        case .failedToChangeWorkingDirectory:
            self.init(
                "\(name) cannot run in \(command.folder ?? "")", detail: "The directory does not exist.",
                code: .toolFailed, subject: subject)
        default:
            self.init(
                "\(name) could not be run", detail: error.reason, code: .toolFailed, subject: subject)
        }
    }

    fileprivate init(timeoutOf command: Command, said: String) {
        self.init(
            "\(command.tool.rawValue) took longer than \(command.timeout) seconds and was stopped",
            detail: said.isEmpty ? nil : Redactor.of(said), hint: "Command: \(command)", code: .toolTimedOut,
            subject: command.tool.subject)
    }
}

/// The last lines of a tool's standard error, for when it is stopped: a login waits for what they request.
private final class LastWords: Sendable {
    private let lines = Mutex<[String]>([])

    func note(_ line: OutputLine) {
        guard line.isError else { return }
        lines.withLock { lines in
            lines.append(line.text)
            if lines.count > 20 { lines.removeFirst() }
        }
    }

    var text: String { lines.withLock { $0.joined(separator: "\n") }.trimmed }
}

extension Tool {
    /// Whether a variable of the user must not reach the tool, because it would redirect it.
    ///
    /// Helm has variables for everything in a kubeconfig: with one of these it would change another cluster than
    /// kubectl reads, or act as another user. Its target is passed by flags. Its debug mode mixes its log into its
    /// answers, and with the driver `memory` it does not keep any release.
    /// https://helm.sh/docs/helm/helm/
    func ignores(_ variable: String, _ value: String) -> Bool {
        guard self == .helm else { return false }
        return variable.hasPrefix("HELM_KUBE") || ["HELM_DEBUG", "HELM_NAMESPACE"].contains(variable)
            || (variable == "HELM_DRIVER" && value == "memory")
    }
}

/// Splits a stream of bytes into lines, regardless of the pipe's chunks.
///
/// A carriage return also ends a line, because progress bars use it to redraw themselves. An overlong line is passed
/// on in pieces, so that no tool can exhaust the memory.
struct LineSplitter {
    /// The maximum length of a piece, in bytes.
    static let limit = 64 * 1024

    private var rest: [UInt8] = []
    /// A line feed directly after a carriage return belongs to the line that was just returned.
    private var followsReturn = false

    /// Adds bytes, and returns the lines that they complete.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n") where followsReturn: followsReturn = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                lines.append(cut())
                followsReturn = byte == UInt8(ascii: "\r")
            default:
                followsReturn = false
                rest.append(byte)
                if rest.count >= Self.limit { lines.append(contentsOf: cutPiece()) }
            }
        }
        return lines
    }

    /// The last line, where it has no line end.
    mutating func finish() -> String? { rest.isEmpty ? nil : cut() }

    private mutating func cut() -> String {
        defer { rest.removeAll(keepingCapacity: true) }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Cuts before the last character, which may be incomplete.
    private mutating func cutPiece() -> [String] {
        guard let start = rest.lastIndex(where: { $0 & 0xC0 != 0x80 }), start > rest.startIndex else {
            return [cut()]
        }
        let character = Array(rest[start...])
        rest.removeSubrange(start...)
        let piece = cut()
        rest = character
        return [piece]
    }
}

/// The end of a tool's output, limited in size.
struct BoundedOutput {
    /// The maximum size, in bytes.
    static let limit = 4 << 20

    private var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
        // Trimmed only occasionally: moving four megabytes for every chunk would take longer than the tool.
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    var text: String { String(decoding: bytes.suffix(Self.limit), as: UTF8.self) }
}

/// Waits until the task is cancelled, and throws the cancellation. The clock has no infinite sleep.
func sleepUntilCancelled() async throws -> Never {
    while true { try await Task.sleep(for: .seconds(3600)) }
}
