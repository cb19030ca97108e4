/// A command line as a value: built by pure functions, shown to the user, compared in tests, run by a
/// ``CommandRunner``.
public struct Command: Codable, Hashable, Sendable {
    public var tool: Tool
    public var arguments: [String]
    /// Variables on top of the process's own.
    public var environment: [String: String]
    /// What the tool reads from standard input. It is never shown; a secret goes only here.
    public var input: String?
    /// The folder to run in; nil: this process's own.
    public var folder: String?
    /// How long it may take, in seconds.
    public var timeout: Int

    public init(
        _ tool: Tool, _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
        folder: String? = nil, timeout: Int = 60
    ) {
        self.tool = tool
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.folder = folder
        self.timeout = timeout
    }
}

/// A program that the installer drives.
public enum Tool: String, Codable, CaseIterable, Hashable, Sendable {
    case kubectl, helm, docker
    /// What makes a cluster on this machine, where it is installed.
    case kind, k3d, minikube
}

extension Command: CustomStringConvertible {
    /// As a person would type it in a POSIX shell, without its input.
    public var description: String {
        (environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.shellQuoted)" }
            + [tool.rawValue] + arguments.map(\.shellQuoted)).joined(separator: " ")
    }
}

extension String {
    /// The text as one word of a POSIX shell.
    public var shellQuoted: String {
        let plain = !isEmpty && allSatisfy { $0.isLetterOrDigit || "-_./:=,@%+".contains($0) }
        return plain
            ? self : "'\(split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
    }
}
