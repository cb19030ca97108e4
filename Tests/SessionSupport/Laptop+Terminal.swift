import LabSupport
import PseudoTerminal

extension Laptop {
    /// Runs the installer in a terminal of its own.
    ///
    /// - Parameters:
    ///   - environment: what differs from a usual terminal; nil removes a variable.
    ///   - output: a file that gets standard output instead.
    public func open(
        _ arguments: String..., environment: [String: String?] = [:], columns: Int = 80, rows: Int = 24,
        output: String? = nil
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            installer.path, arguments: arguments,
            environment: installer.environment.merging(environment) { _, last in last },
            columns: columns, rows: rows, output: output)
    }
}

/// A machine on which nothing is installed and from which no cluster is known: whatever is looked for is soon not
/// found.
public func withBareLaptop<Result>(_ body: (Laptop) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { try await body(Laptop(in: $0, tools: [])) }
}
