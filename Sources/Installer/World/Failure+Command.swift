extension Failure {
    /// As much of a tool's words as anybody reads; why it failed stands at their end.
    private static let keptLines = 40

    /// A command that ended with a status other than zero.
    init(_ command: Command, _ result: CommandResult) {
        let said = Redaction.of(result.errors.trimmed.isEmpty ? result.output.trimmed : result.errors.trimmed)
        let end = said.split(separator: "\n", omittingEmptySubsequences: false).suffix(Self.keptLines)
        self.init(
            "\(command.tool.rawValue) ended with status \(result.status)",
            detail: said.isEmpty ? nil : end.joined(separator: "\n"), hint: "It ran: \(command)")
    }
}
