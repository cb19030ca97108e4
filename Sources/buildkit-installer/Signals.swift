import Dispatch
import Installer
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Turns termination signals into cancellation of the work, so that a run in progress can be stopped and rolled back.
///
/// All code that starts a tool runs inside one of these: a tool has its own session, and default signal handling would
/// end this program and leave the tool running.
enum SignalHandling {
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        // Nothing starts before the signal handlers are active.
        let (isHeard, heard) = AsyncStream<Never>.makeStream()
        let task = Task {
            for await _ in isHeard {}
            return await work()
        }
        let number = SignalWatch.shared.add { task.cancel() }
        defer { SignalWatch.shared.remove(number) }
        heard.finish()
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// The same for read-only work: if interrupted, it has no result.
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

    /// Runs under the lock of an installation; a signal also interrupts waiting for the lock.
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

    /// The same without throwing: the program exits once all started tools have ended.
    static func leaving<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let (result, wasInterrupted) = await cancelling { (await work(), Task.isCancelled) }
        guard !wasInterrupted else { exit(ExitStatus.interrupted.rawValue) }
        return result
    }
}

/// Handles signals for the lifetime of the program, and forwards them to the work in progress.
///
/// One source per signal, created once: on Linux, Dispatch installs its handler only for the first source of a signal,
/// and a source created after another one was cancelled may receive nothing.
private final class SignalWatch: Sendable {
    static let shared = SignalWatch()

    private struct State {
        var next = 0
        var work: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Returns once all signal handlers are active. An earlier signal ends the program by default, before anything was
    /// started. Ignoring signals meanwhile would lose it.
    private init() {
        let registered = DispatchSemaphore(value: 0)
        // A program started with nohup must survive the terminal.
        let numbers = [SIGINT, SIGTERM, SIGHUP].filter { $0 != SIGHUP || !Self.isIgnored($0) }
        for number in numbers {
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [unowned self] in hear(number) }
            source.setRegistrationHandler { registered.signal() }
            // A source that was not cancelled stays active without a reference.
            source.resume()
            _ = Unmanaged.passRetained(source as AnyObject)
        }
        for _ in numbers { registered.wait() }
        #if canImport(Darwin)
            // On this system Dispatch receives a signal in addition to its handler, and the default handler would end
            // the process.
            for number in numbers { signal(number, SIG_IGN) }
        #endif
    }

    func add(_ cancel: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            state.work[state.next] = cancel
            return state.next
        }
    }

    func remove(_ number: Int) { state.withLock { _ = $0.work.removeValue(forKey: number) } }

    private func hear(_ number: CInt) {
        let work = state.withLock { Array($0.work.values) }
        for cancel in work { cancel() }
        guard work.isEmpty else { return }
        // Nothing is in progress that could be rolled back.
        signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
    }

    private static func isIgnored(_ number: CInt) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
            let handler = action.__sigaction_u.__sa_handler
        #else
            let handler = action.__sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
