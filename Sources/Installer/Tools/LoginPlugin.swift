import FoundationEssentials

/// A login program in the kubeconfig: `exec`, or the older `auth-provider`.
enum LoginPlugin {
    /// Whether the kubeconfig files contain one. They are YAML or JSON, and are not parsed: where an unused login
    /// plugin is configured, queries take slightly longer.
    static func isUsed(in dependencies: Dependencies) -> Bool {
        let named = dependencies.environment["KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let paths = named?.split(separator: ":").map { String($0) } ?? ["\(dependencies.home)/.kube/config"]
        return paths.contains { path in
            // kubectl reports what is wrong with an unreadable file.
            guard let content = FileManager.default.contents(atPath: path) else { return false }
            let text = String(decoding: content, as: UTF8.self)
            return ["exec:", "\"exec\"", "auth-provider:", "\"auth-provider\""].contains { text.contains($0) }
        }
    }

    /// Passes on lines of standard error at once, redacted.
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
