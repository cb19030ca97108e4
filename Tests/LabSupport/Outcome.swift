/// How a program ended, and what it said.
public struct Outcome: Sendable, Equatable {
    /// The exit status; 128 and the signal's number for a program that a signal ended, as a shell has it.
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
