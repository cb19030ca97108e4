/// How a program ended, and its output.
public struct Outcome: Sendable, Equatable {
    /// The exit status; 128 plus the signal's number for a program that a signal ended, as in a shell.
    public let status: Int
    public let output: String
    public let errors: String

    public init(status: Int, output: String, errors: String) {
        self.status = status
        self.output = output
        self.errors = errors
    }

    public var succeeded: Bool { status == 0 }
}
