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
    /// The text as one word of a POSIX shell, byte for byte.
    ///
    /// What would act on the terminal that it is shown on is written as `printf` makes it. All of this goes by Unicode
    /// scalars: a quote with a combining mark is one character, but the shell sees the quote.
    public var shellQuoted: String {
        guard isEmpty || !utf8.allSatisfy(\.isPlainInShell) else { return self }
        var out = String.UnicodeScalarView("'".unicodeScalars)
        var bytes = ""
        func close() {
            guard !bytes.isEmpty else { return }
            out.append(contentsOf: "'\"$(printf '\(bytes)')\"'".unicodeScalars)
            bytes = ""
        }
        for scalar in unicodeScalars {
            // The shell would take a line feed off the end of what printf writes, and both are harmless as they are.
            if scalar.actsOnTerminal, scalar != "\n", scalar != "\t" {
                bytes += String(scalar).utf8.map(\.octalEscape).joined()
                continue
            }
            close()
            if scalar == "'" {
                out.append(contentsOf: "'\\''".unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        close()
        out.append("'")
        return String(out)
    }
}

extension UInt8 {
    /// Whether no shell gives it a meaning, wherever it stands.
    fileprivate var isPlainInShell: Bool { isLetterOrDigit || "-_./:=,@%+".utf8.contains(self) }

    /// `\033`
    fileprivate var octalEscape: String {
        let digits = String(self, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
