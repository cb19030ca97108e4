/// What a run that changes something holds: the lock of this machine with the installation's journal, those of the
/// folders that it writes to, and the Lease in the cluster. At most one run at a time has them.
public final class RunLock: Sendable {
    public let journal: Journal
    /// Nil: the run does not touch the cluster.
    public let lease: ClusterLease?
    /// Sentences for who is to know how far it goes.
    public let notes: [String]
    private let folders: [FolderLock]

    /// - Parameters:
    ///   - folders: those that are written to.
    ///   - isInCluster: whether the run touches the cluster.
    /// - Throws: where somebody else is at work.
    private init(
        on installation: InstallationID, writingTo folders: [String], isInCluster: Bool = true,
        in dependencies: Dependencies
    ) async throws {
        journal = try Journal(at: dependencies.places.journal(of: installation))
        // Two names may mean one folder: it is locked once.
        var locked: [FolderLock] = []
        var files: Set<String> = []
        for folder in folders
        where files.insert(FolderLock.file(of: folder, in: dependencies.places)).inserted {
            locked.append(try FolderLock(on: folder, in: dependencies.places))
        }
        self.folders = locked
        guard isInCluster else {
            (lease, notes) = (nil, [])
            return
        }
        let before = journal.lock.words
        let lease = ClusterLease(installation, in: dependencies, predecessors: before)
        // Whatever ends this run from here on, the next one knows its Lease.
        journal.lock.leave(before + [lease.holder])
        let outcome = try await lease.acquire()
        journal.lock.leave([lease.holder])
        await lease.keep()
        self.lease = lease
        notes =
            outcome == .forbidden
            ? [
                "You may not use Leases in \(installation.namespace), so nothing keeps a run on another machine "
                    + "apart from this one."
            ] : []
    }

    /// Acquires the lock.
    /// - Throws: `CancellationError` where the task was cancelled meanwhile; the lock is released again then.
    public static func take(
        on installation: InstallationID, writingTo folders: [String], isInCluster: Bool = true,
        in dependencies: Dependencies
    ) async throws -> RunLock {
        let lock = try await RunLock(
            on: installation, writingTo: folders, isInCluster: isInCluster, in: dependencies)
        guard Task.isCancelled else { return lock }
        await lock.lease?.release()
        throw CancellationError()
    }

    /// Does something under it, and lets go of it whatever comes of that.
    public func held<Result>(during body: (RunLock) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await lease?.release()
            return result
        } catch {
            await lease?.release()
            throw error
        }
    }
}

extension Dependencies {
    /// The folders of certificates that a run with these answers may write to.
    public func certificateFolders(_ answers: Answers, of installation: InstallationID) -> [String] {
        let layout = CertificateLayout(answers, installation: installation, places: places, home: home)
        return Array(Set([layout.outer.path, layout.inner.path])).sorted()
    }
}
