import FoundationEssentials
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Records the progress of a run, so that the next run knows it, however this one ends.
///
/// One event per line, each written at once and flushed to disk before the run continues. It contains the plan, which
/// names files and no secrets; the output of tools and the states of pods are not recorded. While it is open, no other run on the same
/// installation can start: the system releases that lock also when this process is killed.
public final class Journal: Sendable {
    public let path: String
    /// The previous run, where it never ended or its changes were kept.
    public let interruptedRun: InterruptedRun?

    private struct State {
        /// Nil until the run has started: until then the previous run's journal is kept.
        var file: CInt?
        var failure: InstallerError?
        var run: RunState?
        /// Whether there is nothing to do, and so nothing to record.
        var isIdle: Bool { run.map { $0.plan.steps.isEmpty && $0.plan.answers == nil } ?? false }
    }

    let lock: FileLock
    private let state = Mutex(State())

    /// Opens the journal of an installation.
    /// - Throws: where another run is active there, or the journal cannot be written.
    public init(at path: String) throws(InstallerError) {
        self.path = path
        lock = try FileLock(
            at: Self.lock(of: path),
            busy: InstallerError(
                "Another buildkit-installer process is running on this installation",
                hint: "Wait until it has finished (lock: \(Self.lock(of: path)))", code: .locked))
        interruptedRun = Self.lastRun(at: path)
    }

    deinit {
        if let file = state.withLock({ $0.file }) {
            close(file)
        } else if !FileManager.default.fileExists(atPath: path) {
            // Nothing was started, now or before: no trace remains.
            erase()
        }
    }

    /// Why events could not be written; the journal then does not show how far the run got.
    public var failure: InstallerError? { state.withLock { $0.failure } }

    /// Records an event. A full disk does not stop the run; ``failure`` reports it.
    ///
    /// The end of a run that leaves no trace is not recorded: the journal is deleted.
    public func record(_ event: RunEvent) {
        switch event {
        case .printed, .pods: return
        default: break
        }
        state.withLock { state in
            if case .began(let plan, _) = event { state.run = RunState(plan) }
            state.run?.apply(event)
            if case .ended = event, state.run?.isForgotten ?? false { return erase() }
            guard state.failure == nil, !state.isIdle else { return }
            do throws(InstallerError) {
                try write(event, &state.file)
            } catch {
                state.failure = error
            }
        }
    }

    private func write(_ event: RunEvent, _ file: inout CInt?) throws(InstallerError) {
        let line = Array("\(event.json)\n".utf8)
        guard let file else {
            // The previous run's journal is only replaced once a new run has started.
            let fresh = "\(path).new"
            let opened = try PrivateFile.open(fresh, emptied: true)
            file = opened
            guard PrivateFile.append(line, to: opened), fsync(opened) == 0, rename(fresh, path) == 0 else {
                let failure = PrivateFile.failure("written", path)
                unlink(fresh)
                throw failure
            }
            return
        }
        guard PrivateFile.append(line, to: file), fsync(file) == 0 else {
            throw PrivateFile.failure("written", path)
        }
    }

    /// Deletes its files. The lock file is deleted last and while the lock is held: a concurrent process waits, or
    /// opens a new one.
    private func erase() {
        // Journals are stored by context, namespace and release.
        let root = path.parentFolder.parentFolder.parentFolder.parentFolder
        for file in [path, "\(path).new", Self.lock(of: path)] { unlink(file) }
        EmptyDirectories.remove(from: path.parentFolder, upTo: root)
        // The log of the tools is useless where no installation is left.
        let left = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        // The folder locks delete themselves.
        guard left.contains("log"), Set(left).isSubset(of: ["locks", "log"]) else { return }
        unlink("\(root)/log")
        EmptyDirectories.remove(from: root, upTo: root)
    }

    private static func lock(of path: String) -> String { "\(path.parentFolder)/lock" }
}

extension RunState {
    /// Whether the run deleted the records of the installation.
    fileprivate var isForgotten: Bool {
        succeeded && plan.steps.contains { if case .forget = $0.action { true } else { false } }
    }
}

extension Journal {
    /// The run in that journal that never ended, or stopped and kept its changes; nil where there is none, or where a
    /// run is still active.
    ///
    /// A line that was truncated at the end of the run is ignored.
    public static func interruptedRun(at path: String) -> InterruptedRun? {
        isAtWork(at: path) ? nil : lastRun(at: path)
    }

    private static func lastRun(at path: String) -> InterruptedRun? {
        // Without a readable journal there is no run to resume.
        guard let run = run(at: path), run.endedAt == nil || run.wasKept else { return nil }
        return InterruptedRun(run: run, journal: path)
    }

    /// The active or the last run in that journal, however it ended; nil where it cannot be read.
    static func run(at path: String) -> RunState? { (try? Data(ofFile: path)).flatMap { run(from: $0) } }

    /// The run in these lines, as far as they can be parsed.
    static func run(from data: some Collection<UInt8>) -> RunState? {
        var run: RunState?
        for line in data.split(separator: UInt8(ascii: "\n")) {
            // Lines after an unreadable one have lost their context.
            guard let event = try? RunEvent(json: line) else { break }
            if case .began(let plan, _) = event { run = RunState(plan) }
            run?.apply(event)
        }
        return run
    }

    /// Whether a run is active on the installation.
    private static func isAtWork(at path: String) -> Bool {
        FileLock.isHeld(at: lock(of: path))
    }
}
