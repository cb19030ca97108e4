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
        let task = Task { await work() }
        let number = SignalWatch.shared.add { task.cancel() }
        defer { SignalWatch.shared.remove(number) }
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

    private init() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // The default would end the process before anything could be taken back.
            let former = signal(number, SIG_IGN)
            // Who starts a program with nohup wants it to outlive the terminal.
            guard number != SIGHUP || !Self.isIgnoring(former) else { continue }
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [unowned self] in hear(number) }
            // One that was not cancelled stays, though nobody keeps it.
            source.resume()
            _ = Unmanaged.passRetained(source as AnyObject)
        }
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

    private static func isIgnoring(_ handler: (@convention(c) (CInt) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
