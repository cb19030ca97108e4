import Dispatch
import Installer
import Synchronization

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
        // It starts nothing before its signals are heard.
        let (isHeard, heard) = AsyncStream<Never>.makeStream()
        let task = Task {
            for await _ in isHeard {}
            return await work()
        }
        let number = SignalWatch.shared.add { task.cancel() }
        defer { SignalWatch.shared.remove(number) }
        heard.finish()
        return await task.value
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
}

/// Hears the signals for as long as the program lives, and hands them to the work that is under way.
///
/// One source for each, made once: on Linux, Dispatch catches a signal only when it meets it for the first time, and a
/// source that is made after another one was cancelled may stay deaf.
private final class SignalWatch: Sendable {
    static let shared = SignalWatch()

    private struct State {
        var next = 0
        var work: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Comes back once every signal is heard: one that arrives before ends the program as the system has it, and nothing
    /// has been started by then. To ignore them meanwhile would lose it.
    private init() {
        let registered = DispatchSemaphore(value: 0)
        // Who starts a program with nohup wants it to outlive the terminal.
        let numbers = [SIGINT, SIGTERM, SIGHUP].filter { $0 != SIGHUP || !Self.isIgnored($0) }
        for number in numbers {
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [unowned self] in hear(number) }
            source.setRegistrationHandler { registered.signal() }
            // One that was not cancelled stays, though nobody keeps it.
            source.resume()
            _ = Unmanaged.passRetained(source as AnyObject)
        }
        for _ in numbers { registered.wait() }
        #if canImport(Darwin)
            // There Dispatch hears a signal beside its handler, and the default one would end the process.
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
        // Nothing is under way that could be taken back.
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
