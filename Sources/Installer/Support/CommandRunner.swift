import FoundationEssentials

/// The only interface to run another program.
public protocol CommandRunner: Sendable {
    /// Runs a program to its end and passes on each line as it appears. A status other than zero is a result, not an
    /// error.
    ///
    /// Cancelling the task ends the program and all processes that it started.
    /// - Throws: ``InstallerError`` where the program cannot be started or exceeds the command's timeout;
    ///   `CancellationError` where the task was cancelled.
    func run(_ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void) async throws
        -> CommandResult

    /// A runner whose programs also get these variables, which are not shown to the user.
    func marked(_ variables: [String: String]) -> any CommandRunner
}

extension CommandRunner {
    /// A runner that starts no process has nothing to mark.
    public func marked(_ variables: [String: String]) -> any CommandRunner { self }
}

/// One line of a tool's output, safe to display.
public struct OutputLine: Codable, Equatable, Sendable {
    public let text: String
    /// Whether it was printed on standard error.
    public var isError: Bool

    public init(_ text: String, isError: Bool = false) {
        self.text = text.visibleLine
        self.isError = isError
    }
}

/// The exit status of a program, and its output.
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
    /// Runs without handling single lines.
    public func run(_ command: Command) async throws -> CommandResult {
        try await run(command) { _ in }
    }

    /// Runs a command that must succeed, and returns its output.
    @discardableResult
    public func callAsFunction(
        _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void = { _ in }
    ) async throws -> String {
        let result = try await run(command, eachLine: eachLine)
        guard result.status == 0 else { throw InstallerError(command, result) }
        return result.output
    }
}

extension InstallerError {
    /// The maximum number of lines of a tool's output; the reason of a failure is at its end.
    private static let keptLines = 40

    /// The error of a command that exited with a status other than zero.
    init(_ command: Command, _ result: CommandResult) {
        let said = Redactor.of(
            (result.errors.trimmed.isEmpty ? result.output.trimmed : result.errors.trimmed).withoutRepeats)
        let end = said.split(separator: "\n", omittingEmptySubsequences: false).suffix(Self.keptLines)
        self.init(
            "\(command.tool.rawValue) exited with status \(result.status)",
            detail: said.isEmpty ? nil : end.joined(separator: "\n"), hint: "Command: \(command)",
            code: .toolFailed, subject: command.tool.subject)
    }
}

extension String {
    /// The text without lines whose content a later line repeats: Helm 4 logs an error (`level=WARN msg="upgrade
    /// failed" error="…"`) before it prints it.
    var withoutRepeats: String {
        let lines = split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        return lines.enumerated().filter { index, line in
            let rest = lines[(index + 1)...].joined(separator: "\n")
            guard !line.trimmed.isEmpty, !rest.isEmpty else { return true }
            guard let start = line.firstRange(of: "error=\"") else {
                return !lines[(index + 1)...].contains(line)
            }
            let quoted = line[start.upperBound...].split(separator: "\\n").first ?? ""
            let said = String(quoted).replacing("\\\"", with: "\"").trimmingSuffix("\"")
            return said.isEmpty || !rest.contains(said)
        }.map(\.element).joined(separator: "\n")
    }

    private func trimmingSuffix(_ suffix: Character) -> String { last == suffix ? String(dropLast()) : self }
}

extension CommandResult {
    /// The tool's message: from the line on which its error starts, because Helm 4 prints its log before it.
    var said: String? {
        let lines = errors.split(separator: "\n", omittingEmptySubsequences: false)
        let error = lines.drop { !$0.lowercased().hasPrefix("error") }
        let text = (error.isEmpty ? lines[...] : error).joined(separator: "\n").trimmed
        let words = text.isEmpty ? output.trimmed : text
        return words.isEmpty ? nil : words
    }

    /// The output, where the command succeeded.
    /// - Parameter sentence: the message of the error where it did not.
    func text(else sentence: String) throws(InstallerError) -> String {
        guard status == 0 else { throw InstallerError(sentence, detail: said, code: .toolFailed) }
        return output
    }

    /// The output of a command that succeeded, decoded from JSON; nil where it is empty, as for an object that does
    /// not exist.
    func json<Reply: Decodable>(_ type: Reply.Type = Reply.self, else sentence: String) throws(InstallerError)
        -> Reply?
    {
        let text = try text(else: sentence)
        guard !text.trimmed.isEmpty else { return nil }
        return try Self.decoded(type, text, else: sentence)
    }

    /// All objects that a command printed one after the other.
    func jsonDocuments<Reply: Decodable>(
        of type: Reply.Type = Reply.self, else sentence: String
    ) throws(InstallerError) -> [Reply] {
        var replies: [Reply] = []
        for document in try text(else: sentence).jsonDocuments {
            replies.append(try Self.decoded(type, document, else: sentence))
        }
        return replies
    }

    private static func decoded<Reply: Decodable>(
        _ type: Reply.Type, _ text: some StringProtocol, else sentence: String
    ) throws(InstallerError) -> Reply {
        do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
            throw InstallerError(ofUnknownOutput: sentence)
        }
    }
}

extension InstallerError {
    /// The error of a tool whose output cannot be decoded. The output is not quoted: it may contain a Secret.
    init(ofUnknownOutput sentence: String) {
        self.init(sentence, detail: "The output has an unknown format.", code: .toolOutputUnknown)
    }
}
