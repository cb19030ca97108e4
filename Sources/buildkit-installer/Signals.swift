import Dispatch
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
        let number = SignalListener.shared.began { task.cancel() }
        let result = await task.value
        SignalListener.shared.ended(number)
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

    /// The same where nobody can be thrown to: the program ends once all that was started has ended.
    static func leaving<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let (result, wasInterrupted) = await cancelling { (await work(), Task.isCancelled) }
        guard !wasInterrupted else { exit(ExitStatus.interrupted.rawValue) }
        return result
    }
}

/// Hears the signals for as long as any work is under way, and leaves them to the system otherwise.
///
/// It has a handler of its own: Dispatch's sources of signals put one in place, too, and hear nothing any more once the
/// system's own handling has been restored in between.
private final class SignalListener: Sendable {
    static let shared = SignalListener()

    private struct State {
        var cancellations: [Int: @Sendable () -> Void] = [:]
        var last = 0
        /// What was in place before, by the signal's number.
        var former: [CInt: sigaction] = [:]
        /// Made once and never closed: a signal may arrive at any time.
        var reader: (any DispatchSourceRead)?
    }

    private let state = Mutex(State())

    func began(_ cancel: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            if state.reader == nil { state.reader = makeReader() }
            if state.cancellations.isEmpty { state.former = Self.hear() }
            state.last += 1
            state.cancellations[state.last] = cancel
            return state.last
        }
    }

    func ended(_ number: Int) {
        state.withLock { state in
            state.cancellations[number] = nil
            guard state.cancellations.isEmpty else { return }
            for (number, action) in state.former {
                _ = withUnsafePointer(to: action) { sigaction(number, $0, nil) }
            }
            state.former = [:]
        }
    }

    /// - Returns: what was in place before, by the signal's number.
    private static func hear() -> [CInt: sigaction] {
        var former: [CInt: sigaction] = [:]
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            sigaction(number, nil, &action)
            // Only what a signal handler may do.
            let handler = signal(number) { _ in
                let saved = errno
                var byte: UInt8 = 0
                _ = write(noticeEnd.load(ordering: .relaxed), &byte, 1)
                errno = saved
            }
            // Who starts a program with nohup wants it to outlive the terminal.
            if number == SIGHUP, isIgnoring(handler) { signal(number, handler) }
            former[number] = action
        }
        return former
    }

    private func makeReader() -> (any DispatchSourceRead)? {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        noticeEnd.store(ends[1], ordering: .relaxed)
        let source = DispatchSource.makeReadSource(fileDescriptor: ends[0])
        let end = ends[0]
        source.setEventHandler { [self] in
            var byte: UInt8 = 0
            while read(end, &byte, 1) == 1 {}
            for cancel in state.withLock({ Array($0.cancellations.values) }) { cancel() }
        }
        source.resume()
        return source
    }

    private static func isIgnoring(_ handler: (@convention(c) (CInt) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

/// Where a signal's handler writes, which can capture nothing.
private let noticeEnd = Atomic<CInt>(-1)
