import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A lock of the operating system on a file: it is released when this process ends, for any reason.
///
/// The lock holder may delete the file; a process that opened it before the deletion does not get a lock on the
/// deleted file, which no other process would see.
final class FileLock: Sendable {
    let path: String
    private let file: CInt

    /// - Parameter busy: the error where another process holds it.
    init(at path: String, busy: InstallerError) throws(InstallerError) {
        self.path = path
        while true {
            try PrivateFile.makeFolder(path.parentFolder)
            let file = try PrivateFile.open(path)
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                throw busy
            }
            if Self.isFile(file, at: path) {
                self.file = file
                return
            }
            // The file was deleted between opening and locking.
            Self.release(file)
        }
    }

    deinit { Self.release(file) }

    /// Whether the open file is still the one at this path.
    private static func isFile(_ file: CInt, at path: String) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(file, &open) == 0 && stat(path, &named) == 0 && open.st_ino == named.st_ino
            && open.st_dev == named.st_dev
    }

    /// The identities that earlier holders wrote to the file.
    var words: [String] {
        // An unreadable file has no content.
        guard let data = try? Data(ofFile: path) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes the identities for the next holder. Without them, the next holder only has to wait longer.
    func leave(_ words: [String]) {
        guard ftruncate(file, 0) == 0 else { return }
        _ = PrivateFile.append(Array(words.joined(separator: "\n").utf8), to: file)
    }

    /// Whether a process holds the lock.
    static func isHeld(at path: String) -> Bool {
        // A named pipe, whose opening would wait for a writer, is no lock.
        guard FileKind(path) == .file else { return false }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return false }
        defer { release(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0
    }

    /// Closing alone is not enough: a tool that is being started has a copy of the file descriptor until its exec,
    /// and would hold the lock until then.
    private static func release(_ file: CInt) {
        flock(file, LOCK_UN)
        close(file)
    }
}

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
