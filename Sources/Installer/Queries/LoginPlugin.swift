import FoundationEssentials

/// A program that the kubeconfig names to log in with: `exec`, or the older `auth-provider`.
enum LoginPlugin {
    /// How long the first lookup waits, in seconds: long enough to type a code into a browser.
    static let patience = 120

    /// Whether the kubeconfig's files name one. They are YAML or JSON, and what is in them is not read any further:
    /// where a login is named that is not used, looking takes a moment longer.
    static func isUsed(in dependencies: Dependencies) -> Bool {
        let named = dependencies.environment["KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let paths = named?.split(separator: ":").map { String($0) } ?? ["\(dependencies.home)/.kube/config"]
        return paths.contains { path in
            // kubectl says what is wrong with a file that cannot be read.
            guard let content = FileManager.default.contents(atPath: path) else { return false }
            let text = String(decoding: content, as: UTF8.self)
            return ["exec:", "\"exec\"", "auth-provider:", "\"auth-provider\""].contains { text.contains($0) }
        }
    }

    /// Hands on what comes on standard error at once, with nothing secret in it.
    struct Listener: CommandRunner {
        let base: any CommandRunner
        let hear: @Sendable (String) -> Void

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            try await base.run(command) { [hear] line in
                if line.isError, !line.text.trimmed.isEmpty { hear(Redactor.of(line.text)) }
                await eachLine(line)
            }
        }

        func marked(_ variables: [String: String]) -> any CommandRunner {
            Listener(base: base.marked(variables), hear: hear)
        }
    }
}
