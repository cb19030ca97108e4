import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns the signals by which people and systems end a program into the cancelling of its work, so that what is
/// under way can be stopped and taken back.
enum SignalHandling {
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let task = Task { await work() }
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            // The default would end the process before anything could be taken back.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        let result = await task.value
        for source in sources { source.cancel() }
        return result
    }

    /// The same for work that only looks: broken off, it has come to nothing.
    /// - Throws: ``ExitStatus/interrupted``.
    static func ending<Result: Sendable>(
        _ work: @escaping @Sendable () async -> Result
    ) async throws -> Result {
        let (result, wasInterrupted) = await cancelling { (await work(), Task.isCancelled) }
        guard !wasInterrupted else { throw ExitStatus.interrupted }
        return result
    }
}
