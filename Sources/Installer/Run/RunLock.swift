/// The locks of a run that makes changes: this machine's lock with the installation's journal, those of the folders
/// that it writes to, and the Lease in the cluster. At most one run at a time holds them.
public final class RunLock: Sendable {
    public let journal: Journal
    /// Nil: the run does not touch the cluster.
    public let lease: ClusterLease?
    /// Sentences about the limits of the lock.
    public let notes: [String]
    private let folders: [FolderLock]

    /// - Parameters:
    ///   - folders: the folders that are written to.
    ///   - isInCluster: whether the run changes the cluster.
    /// - Throws: where another run is active.
    private init(
        on installation: InstallationID, writingTo folders: [String], isInCluster: Bool = true,
        in dependencies: Dependencies
    ) async throws {
        journal = try Journal(at: dependencies.places.journal(of: installation))
        // Two paths may name the same folder: it is locked once.
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
        // The next run recognizes this run's Lease, however this run ends from here on.
        journal.lock.leave(before + [lease.holder])
        let outcome: ClusterLease.Outcome
        do { outcome = try await lease.acquire() } catch {
            // A create that was cancelled may have been carried out.
            await lease.withdraw()
            throw error
        }
        journal.lock.leave([lease.holder])
        await lease.keep()
        self.lease = lease
        notes =
            outcome == .forbidden
            ? [
                "No permission to use Leases in namespace \(installation.namespace): concurrent runs on other machines "
                    + "are not prevented."
            ] : []
    }

    /// Acquires the lock.
    /// - Throws: `CancellationError` where the task was cancelled meanwhile; the lock is then released.
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

    /// Runs `body` under the lock, and releases the lock in any case.
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
    /// The certificate folders that a run with these answers may write to.
    public func certificateFolders(_ answers: Answers, of installation: InstallationID) -> [String] {
        let layout = CertificateLayout(answers, installation: installation, places: places, home: home)
        return Array(Set([layout.outer.path, layout.inner.path])).sorted()
    }
}
