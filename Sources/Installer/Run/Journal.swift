import FoundationEssentials
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes down how far a run has got, so that the next one knows, whatever ends this one.
///
/// One event a line, each written in one go and on the disk before the run goes on. It holds the plan, which names
/// files and no secrets; what tools print is not kept. As long as it is open, no other run on the same installation
/// begins: the system lets go of that lock also when this process is killed.
public final class Journal: Sendable {
    public let path: String
    /// The run before this one, where it never ended or left its work as it was.
    public let interruptedRun: InterruptedRun?

    private struct State {
        /// Nil until the run has begun: until then the last run's journal stays.
        var file: CInt?
        var failure: InstallerError?
        var run: RunState?
        /// Whether there is nothing to do, and so nothing to write down.
        var isIdle: Bool { run.map { $0.plan.steps.isEmpty && $0.plan.answers == nil } ?? false }
    }

    let lock: FileLock
    private let state = Mutex(State())

    /// Opens the journal of an installation.
    /// - Throws: where another run is under way there, or nothing can be written.
    public init(at path: String) throws(InstallerError) {
        self.path = path
        lock = try FileLock(
            at: Self.lock(of: path),
            busy: InstallerError(
                "Another run of buildkit-installer is at work on this installation",
                hint: "Wait until it has ended; it holds \(Self.lock(of: path))", code: .locked))
        interruptedRun = Self.lastRun(at: path)
    }

    deinit {
        if let file = state.withLock({ $0.file }) {
            close(file)
        } else if !FileManager.default.fileExists(atPath: path) {
            // Nothing was begun, and nothing had been before: no trace is to stay of that.
            erase()
        }
    }

    /// What kept events from being written, so that a run that is killed could not be told from its journal.
    public var failure: InstallerError? { state.withLock { $0.failure } }

    /// Writes an event down. A disk that is full does not stop the run: ``failure`` says so.
    ///
    /// The end of a run that was to leave no trace is not written: the journal goes.
    public func record(_ event: RunEvent) {
        if case .printed = event { return }
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
            // The last run's journal is replaced only by one that has begun.
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

    /// Deletes all that it is made of. The lock goes last, and is still held: who comes now waits, or begins anew.
    private func erase() {
        // Journals are kept by context, namespace and release.
        let root = path.parentFolder.parentFolder.parentFolder.parentFolder
        for file in [path, "\(path).new", Self.lock(of: path)] { unlink(file) }
        EmptyDirectories.remove(from: path.parentFolder, upTo: root)
        // What the tools have said is of no use where no installation is left.
        let left = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        // The locks of folders go by themselves.
        guard left.contains("log"), Set(left).isSubset(of: ["locks", "log"]) else { return }
        unlink("\(root)/log")
        EmptyDirectories.remove(from: root, upTo: root)
    }

    private static func lock(of path: String) -> String { "\(path.parentFolder)/lock" }
}

extension RunState {
    /// Whether it has done what leaves no trace of the installation.
    fileprivate var isForgotten: Bool {
        succeeded && plan.steps.contains { if case .forget = $0.action { true } else { false } }
    }
}

extension Journal {
    /// The run that began there and never ended, or stopped and left its work as it was; nil where there is none,
    /// or where one is still at work.
    ///
    /// A line that was cut short by whatever ended the run is as if it had not been written.
    public static func interruptedRun(at path: String) -> InterruptedRun? {
        isAtWork(at: path) ? nil : lastRun(at: path)
    }

    private static func lastRun(at path: String) -> InterruptedRun? {
        // No journal that can be read: no run to go on with.
        guard let data = try? Data(contentsOf: URL(filePath: path)), let run = run(from: data),
            run.endedAt == nil || run.wasKept
        else { return nil }
        return InterruptedRun(run: run, journal: path)
    }

    /// The run that the lines tell of, as far as they can be read.
    static func run(from data: some Collection<UInt8>) -> RunState? {
        var run: RunState?
        for line in data.split(separator: UInt8(ascii: "\n")) {
            // What comes after a line that cannot be read has lost its context.
            guard let event = try? RunEvent(json: line) else { break }
            if case .began(let plan, _) = event { run = RunState(plan) }
            run?.apply(event)
        }
        return run
    }

    /// Whether a run is under way on the installation.
    private static func isAtWork(at path: String) -> Bool {
        FileLock.isHeld(at: lock(of: path))
    }
}
