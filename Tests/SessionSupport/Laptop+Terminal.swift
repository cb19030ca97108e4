import LabSupport
import PseudoTerminal

extension Laptop {
    /// Runs the installer in a terminal of its own, which must show no key.
    ///
    /// - Parameters:
    ///   - environment: differences from a usual terminal; nil removes a variable.
    ///   - output: a file that replaces standard output.
    public func open(
        _ arguments: String..., environment: [String: String?] = [:], columns: Int = 80, rows: Int = 24,
        output: String? = nil
    ) throws -> PseudoTerminal {
        let watch = KeyWatch(installer)
        return try PseudoTerminal(
            installer.path, arguments: arguments,
            environment: installer.environment.merging(environment) { _, last in last },
            columns: columns, rows: rows, output: output, examine: { try watch?.check($0) })
    }
}

/// A machine without tools and without a cluster: all queries fail quickly.
public func withBareLaptop<Result>(_ body: (Laptop) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { try await body(Laptop(in: $0, tools: [])) }
}
