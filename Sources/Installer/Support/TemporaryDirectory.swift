import FoundationEssentials
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder for the duration of an action that only the user can read.
final class TemporaryDirectory: Sendable {
    let path: String
    /// The temporary folder of this machine, if it is in there.
    private let root: String?
    /// The open folder, which is locked: see ``removeAbandoned(in:)``.
    private let lock = Mutex<CInt?>(nil)

    /// Next to a folder, so that its contents can be moved there atomically. The name is always the same: the next
    /// run removes what a killed run left there.
    init(beside folder: String) { (path, root) = ("\(folder).buildkit-installer-new", nil) }

    /// In the temporary folder of this machine.
    init(nonce: String, environment: [String: String]) {
        let root = environment["TMPDIR"] ?? "/tmp"
        (path, self.root) = ("\(root)/\(Self.prefix)\(nonce)", root)
    }

    deinit { unlock() }

    func make() throws(InstallerError) {
        remove()
        guard let root else { return try PrivateFile.makeFolder(path) }
        Self.removeAbandoned(in: root)
        // It gets its name when it is locked.
        let fresh = "\(path).new"
        try PrivateFile.makeFolder(fresh)
        let file = Self.locked(fresh)
        lock.withLock { $0 = file }
        guard rename(fresh, path) != 0 else { return }
        rmdir(fresh)
        try PrivateFile.makeFolder(path)
    }

    /// A folder that cannot be removed does no harm.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        unlock()
    }

    private func unlock() {
        lock.withLock { file in
            if let file { Self.release(file) }
            file = nil
        }
    }
}

// MARK: - Folders of killed runs

extension TemporaryDirectory {
    /// Folders of this name are locked while they are in use. Earlier versions
    /// used `buildkit-installer-` and no lock: what has that name may be in use.
    private static let prefix = "buildkit-installer."

    /// Removes the folders that killed runs of this user have left. The system releases the lock of a process that has ended,
    /// for any reason. A link is not followed.
    private static func removeAbandoned(in root: String) {
        // Where the folder cannot be listed, nothing is removed.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] {
            let path = "\(root)/\(name)"
            guard name.hasPrefix(prefix), UUID(uuidString: String(name.dropFirst(prefix.count))) != nil,
                let file = locked(path)
            else { continue }
            defer { release(file) }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_uid == getuid(), status.st_mode & 0o777 == 0o700 else {
                continue
            }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Opens and locks a folder; nil where another process holds the lock, or the file system has none.
    private static func locked(_ path: String) -> CInt? {
        let file = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        return file
    }

    /// A tool that is being started has a copy of the descriptor until its exec, and would hold the lock until then.
    private static func release(_ file: CInt) {
        flock(file, LOCK_UN)
        close(file)
    }
}
