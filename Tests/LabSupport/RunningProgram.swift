#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A program that runs concurrently with a test.
public struct RunningProgram: Sendable {
    public let processIdentifier: Int32
    /// Its complete output.
    public let log = ProgramLog()

    /// Sends SIGTERM, as a kubelet does.
    public func terminate() { kill(processIdentifier, SIGTERM) }
}
