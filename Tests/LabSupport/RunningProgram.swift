#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program that runs beside a test.
public struct RunningProgram: Sendable {
    public let processIdentifier: Int32
    /// All that it has said.
    public let log = ProgramLog()

    /// Asks it to end, as a kubelet does.
    public func terminate() { kill(processIdentifier, SIGTERM) }
}
