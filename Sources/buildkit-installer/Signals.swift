import Dispatch
import Installer

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns the signals by which people and systems end a program into the cancelling of its work, so that what is
/// under way can be stopped and taken back.
///
/// Whatever starts a tool runs inside one of these: a tool has a session of its own, and the system's own handling would
/// end this program and leave the tool at work.
enum SignalHandling {
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let task = Task { await work() }
        let sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number -> (CInt, any DispatchSourceSignal)? in
            // The default would end the process before anything could be taken back.
            let former = signal(number, SIG_IGN)
            // Who starts a program with nohup wants it to outlive the terminal.
            guard number != SIGHUP || !isIgnoring(former) else { return nil }
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { task.cancel() }
            source.resume()
            return (number, source)
        }
        let result = await task.value
        for (number, source) in sources {
            source.cancel()
            signal(number, SIG_DFL)
        }
        return result
    }

    /// The same for work that only looks: broken off, it has come to nothing.
    /// - Throws: ``ExitStatus/interrupted``.
    static func ending<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let (result, wasInterrupted) = await cancelling {
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            return (result, Task.isCancelled)
        }
        guard !wasInterrupted else { throw ExitStatus.interrupted }
        return try result.get()
    }

    /// Does something under the lock of an installation; a signal ends the wait for it as well.
    static func holding<Result>(
        _ installation: InstallationID, writingTo folders: [String], isInCluster: Bool = true,
        in dependencies: Dependencies, _ body: (RunLock) async throws -> Result
    ) async throws -> Result {
        let lock = try await ending {
            try await RunLock.take(
                on: installation, writingTo: folders, isInCluster: isInCluster, in: dependencies)
        }
        return try await lock.held(during: body)
    }

    /// The same where nobody can be thrown to: the program ends once all that was started has ended.
    static func leaving<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let (result, wasInterrupted) = await cancelling { (await work(), Task.isCancelled) }
        guard !wasInterrupted else { exit(ExitStatus.interrupted.rawValue) }
        return result
    }

    private static func isIgnoring(_ handler: (@convention(c) (CInt) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
