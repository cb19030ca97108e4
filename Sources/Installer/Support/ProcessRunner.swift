import Subprocess
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs commands as processes of this machine; the only part of the program that does.
///
/// Every tool gets a session of its own: a Ctrl-C typed at our terminal does not reach it, and ending it ends all
/// that it started.
public struct ProcessRunner: CommandRunner {
    private let environment: [String: String]
    private let grace: Duration

    /// - Parameters:
    ///   - environment: the tools' variables; they are looked for on its `PATH`.
    ///   - grace: how long a tool may take to end by itself once it is told to.
    public init(environment: [String: String], grace: Duration = .seconds(5)) {
        self.environment = environment
        self.grace = grace
        // A tool that ends before it has read its input must not end this program. The tools themselves are
        // started with the usual handling.
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
        return try await withThrowingTaskGroup(of: CommandResult?.self) { race in
            race.addTask {
                try await runToItsEnd(command) { line in
                    said.note(line)
                    await eachLine(line)
                }
            }
            race.addTask {
                try await Task.sleep(for: .seconds(command.timeout))
                return nil
            }
            // Leaving ends the other one, and waits until the process and its group are gone.
            defer { race.cancelAll() }
            let first = try await race.next() ?? nil
            try Task.checkCancellation()
            guard let first else { throw InstallerError(timeoutOf: command, said: said.text) }
            return first
        }
    }

    private func runToItsEnd(
        _ command: Command, _ eachLine: @escaping @Sendable (OutputLine) async -> Void
    ) async throws -> CommandResult {
        do {
            let ended = try await Subprocess.run(
                configuration(of: command), input: .inputWriter, output: .sequence, error: .sequence
            ) { process in
                // Read to the end also when we are cancelled: a tool that says good-bye into a closed pipe would
                // be ended before it has cleaned up.
                let (standardOutput, standardError) = (process.standardOutput, process.standardError)
                let output = Task { try await collect(standardOutput, isError: false, eachLine) }
                let errors = Task { try await collect(standardError, isError: true, eachLine) }
                // A tool that does not want its input has ended, or will: its status tells.
                _ = try? await process.standardInputWriter.write(command.input ?? "")
                try? await process.standardInputWriter.finish()
                return try await (output.value, errors.value)
            }
            if Task.isCancelled { Self.endGroup(of: ended.processIdentifier) }
            return CommandResult(
                status: ended.terminationStatus.number, output: ended.closureResult.0,
                errors: ended.closureResult.1)
        } catch let error as SubprocessError {
            throw InstallerError(command, error)
        }
    }

    private func configuration(of command: Command) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
        let variables = environment.filter { !command.tool.ignores($0.key, $0.value) }
            .merging(command.environment) { _, own in own }
        return Configuration(
            executable: .name(command.tool.rawValue), arguments: Arguments(command.arguments),
            environment: .custom(
                Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0.key), $0.value) })),
            workingDirectory: command.folder.map { .init($0) }, platformOptions: options)
    }

    /// Subprocess stops as soon as the group's leader is gone; what ignored the first signal would live on.
    private static func endGroup(of leader: ProcessIdentifier) {
        kill(-leader.value, SIGKILL)
    }
}

/// Reads one stream of a tool to its end.
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
    /// As a shell counts: a signal is 128 and its number.
    fileprivate var number: Int {
        switch self {
        case .exited(let status): Int(status)
        case .signaled(let signal): 128 + Int(signal)
        }
    }
}

extension InstallerError {
    fileprivate init(_ command: Command, _ error: SubprocessError) {
        switch error.code {
        case .executableNotFound:
            self.init(
                "\(command.tool.rawValue) was not found", detail: "It is not on the PATH.",
                hint: command.tool.remedy, code: .toolMissing)
        case .failedToChangeWorkingDirectory:
            self.init(
                "\(command.tool.rawValue) cannot run in \(command.folder ?? "")",
                detail: "There is no such folder.")
        default:
            self.init("\(command.tool.rawValue) could not be run", detail: error.reason, code: .toolFailed)
        }
    }

    fileprivate init(timeoutOf command: Command, said: String) {
        self.init(
            "\(command.tool.rawValue) took longer than \(command.timeout) seconds and was stopped",
            detail: said.isEmpty ? nil : Redactor.of(said), hint: "It ran: \(command)", code: .toolTimedOut)
    }
}

/// The last lines that a tool wrote on standard error, for when it is stopped: a login waits for what they ask for.
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
    /// Whether a variable of the user's must not reach the tool, since it would lead it elsewhere.
    ///
    /// Helm has a setting of its own for all that a kubeconfig says: with one of these it would change another
    /// cluster, or as somebody else, than kubectl looks at. Where to go it is told by flags. Its debug mode mixes
    /// its log into its answers, and with the driver `memory` it forgets every release.
    /// https://helm.sh/docs/helm/helm/
    func ignores(_ variable: String, _ value: String) -> Bool {
        guard self == .helm else { return false }
        return variable.hasPrefix("HELM_KUBE") || ["HELM_DEBUG", "HELM_NAMESPACE"].contains(variable)
            || (variable == "HELM_DRIVER" && value == "memory")
    }
}

extension Tool {
    /// What to do where it is missing.
    var remedy: String {
        switch self {
        case .kubectl: "Install kubectl: https://kubernetes.io/docs/tasks/tools/"
        case .helm: "Install Helm 3.14 or later: https://helm.sh/docs/intro/install/"
        case .docker:
            "Install the docker command line and its buildx plugin: https://docs.docker.com/engine/install/"
        case .kind: "Install kind: https://kind.sigs.k8s.io/docs/user/quick-start/"
        case .k3d: "Install k3d: https://k3d.io/stable/#installation"
        case .minikube: "Install minikube: https://minikube.sigs.k8s.io/docs/start/"
        }
    }
}

/// Cuts a stream of bytes into lines, wherever the pipe happened to cut it.
///
/// A carriage return ends a line too, for that is how progress bars redraw themselves. A line that grows beyond
/// what anybody reads is handed over in pieces, so that no tool can fill the memory.
struct LineSplitter {
    /// The longest piece of a line, in bytes.
    static let limit = 64 * 1024

    private var rest: [UInt8] = []
    /// A line feed right after a carriage return belongs to the line that was just handed over.
    private var followsReturn = false

    /// Takes the next bytes, and returns the lines that they complete.
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

    /// What is left at the end: a last line that has no end.
    mutating func finish() -> String? { rest.isEmpty ? nil : cut() }

    private mutating func cut() -> String {
        defer { rest.removeAll(keepingCapacity: true) }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Cuts before the last character, which may not be whole yet.
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

/// The end of what a tool printed: all of it, unless it is more than anybody could use.
struct BoundedOutput {
    /// How much is kept, in bytes.
    static let limit = 4 << 20

    private var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
        // Cut only now and then: moving four megabytes for every piece would take longer than the tool.
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    var text: String { String(decoding: bytes.suffix(Self.limit), as: UTF8.self) }
}

/// Waits for nothing but the task's cancellation, which it throws. The clock cannot be told to wait for ever.
func sleepUntilCancelled() async throws -> Never {
    while true { try await Task.sleep(for: .seconds(3600)) }
}
