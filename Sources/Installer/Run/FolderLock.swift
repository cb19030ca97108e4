import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Prevents two runs on this machine from writing to the same folder: installations may share their certificates.
final class FolderLock: Sendable {
    private let lock: FileLock
    private let root: String

    /// - Parameter folder: does not have to exist yet.
    init(on folder: String, in places: InstallerPaths) throws(InstallerError) {
        root = places.locks
        lock = try FileLock(
            at: Self.file(of: folder, in: places),
            busy: InstallerError(
                "Another buildkit-installer process is using \(folder)",
                hint: "Wait until it has finished, then run the same command again.", code: .locked))
    }

    /// The lock file of a folder; the same for every path of the folder.
    static func file(of folder: String, in places: InstallerPaths) -> String {
        "\(places.locks)/\(Digest.sha256(Array(folder.canonicalPath.utf8)).prefix(32))"
    }

    /// The file is deleted while the lock is still held; a process that has already opened it detects that.
    deinit {
        unlink(lock.path)
        EmptyDirectories.remove(from: root, upTo: root.parentFolder)
    }
}
