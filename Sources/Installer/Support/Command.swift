/// A command line as a value: built by pure functions, shown to the user, compared in tests, run by a
/// ``CommandRunner``.
public struct Command: Codable, Hashable, Sendable {
    public var tool: Tool
    public var arguments: [String]
    /// Variables in addition to those of this process.
    public var environment: [String: String]
    /// Standard input. It is never shown; secrets are only passed here.
    public var input: String?
    /// The working directory; nil: that of this process.
    public var folder: String?
    /// The timeout, in seconds.
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

/// A program that the installer runs.
public enum Tool: String, Codable, CaseIterable, Hashable, Sendable {
    case kubectl, helm, docker
    /// The tools that create a cluster on this machine, where they are installed.
    case kind, k3d, minikube

    /// How failures name it for programs.
    var subject: String { "tool/\(rawValue)" }
}

extension Command: CustomStringConvertible {
    /// The command line for a POSIX shell, without its input.
    public var description: String {
        (environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.shellQuoted)" }
            + [tool.rawValue] + arguments.map(\.shellQuoted)).joined(separator: " ")
    }
}

extension String {
    /// The text as one word of a POSIX shell, byte for byte.
    ///
    /// Control characters that would act on the terminal are written as `printf` escapes. Characters are processed as
    /// Unicode scalars: a quote with a combining mark is one character, but the shell reads the quote.
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
            // The shell would strip a line feed at the end of printf's output, and both are harmless as they are.
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
    /// Whether no shell treats it specially, at any position.
    fileprivate var isPlainInShell: Bool { isLetterOrDigit || "-_./:=,@%+".utf8.contains(self) }

    /// `\033`
    fileprivate var octalEscape: String {
        let digits = String(self, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
