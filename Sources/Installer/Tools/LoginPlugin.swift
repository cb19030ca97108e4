/// A login program in the kubeconfig: `exec`, or the older `auth-provider`.
enum LoginPlugin {
    /// Whether the kubeconfig contains one: where it is not used, queries take slightly longer.
    static func isUsed(in dependencies: Dependencies) -> Bool {
        Kubeconfig(in: dependencies).contains(anyOf: [
            "exec:", "\"exec\"", "auth-provider:", "\"auth-provider\"",
        ])
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
