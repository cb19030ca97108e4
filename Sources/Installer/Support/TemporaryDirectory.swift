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
    /// On the mark in the folder, while it is in use: see ``removeAbandoned(in:)``.
    private let lock = Mutex<FileLock?>(nil)

    /// Next to a folder, so that its contents can be moved there atomically. The name is always the same: the next
    /// run removes what a killed run left there.
    init(beside folder: String) { (path, root) = ("\(folder).buildkit-installer-new", nil) }

    /// In the temporary folder of this machine.
    init(nonce: String, environment: [String: String]) {
        let named = environment["TMPDIR"] ?? ""
        let root = named.isEmpty ? "/tmp" : named
        (path, self.root) = ("\(root)/\(Self.prefix)\(nonce)", root)
    }

    /// - Parameter take: see ``FileLock``.
    func make(take: (CInt) -> Bool = FileLock.take) throws(InstallerError) {
        guard let root else {
            remove()
            return try PrivateFile.makeFolder(path)
        }
        Self.removeAbandoned(in: root)
        try PrivateFile.makeFolder(root)
        // Other users can write to the root, so a folder that exists may be theirs.
        guard mkdir(path, 0o700) == 0, chmod(path, 0o700) == 0 else {
            throw PrivateFile.failure("created", path)
        }
        let mark = "\(path)/\(Self.mark)"
        let held = Self.locked(mark, take)
        // Without the mark, no other run removes the folder.
        if held == nil { unlink(mark) }
        lock.withLock { $0 = held }
    }

    /// A folder that cannot be removed does no harm.
    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        lock.withLock { $0 = nil }
    }
}

// MARK: - Folders of killed runs

extension TemporaryDirectory {
    private static let prefix = "buildkit-installer."
    /// A file that is locked while the folder is in use. Not `.lock`, which is that of buildx in its own folder.
    private static let mark = ".buildkit-installer"

    /// Removes the folders that killed runs of this user have left. The system releases the lock of a process that has ended,
    /// for any reason. Where hosts share a file system, the locks may be known on one of them only, so younger folders are kept.
    private static func removeAbandoned(in root: String) {
        let yesterday = time(nil) - 24 * 3600
        // Where the folder cannot be listed, nothing is removed.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        where name.hasPrefix(prefix) {
            let path = "\(root)/\(name)"
            let mark = "\(path)/\(Self.mark)"
            var status = stat()
            // A link is not followed.
            guard lstat(path, &status) == 0, FileKind(status) == .folder, status.st_uid == getuid(),
                status.st_mode & 0o777 == 0o700, lastChange(status) < yesterday,
                FileKind(mark) == .file, let held = locked(mark)
            else { continue }
            withExtendedLifetime(held) { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    private static func lastChange(_ status: stat) -> time_t {
        #if canImport(Darwin)
            return status.st_mtimespec.tv_sec
        #else
            return status.st_mtim.tv_sec
        #endif
    }

    /// Nil where another process holds the lock, or it cannot be known.
    private static func locked(_ mark: String, _ take: (CInt) -> Bool = FileLock.take) -> FileLock? {
        try? FileLock(at: mark, busy: InstallerError("\(mark) is in use"), take: take)
    }
}
