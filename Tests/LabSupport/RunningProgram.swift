/// A program that runs beside a test.
public struct RunningProgram: Sendable {
    public let processIdentifier: Int32
    /// All that it has said.
    public let log = ProgramLog()
}
