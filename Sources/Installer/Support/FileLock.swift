import FoundationEssentials

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

    /// - Parameters:
    ///   - busy: the error where another process holds it.
    ///   - take: locks an open file; false, with `errno`, where it cannot.
    init(
        at path: String, busy: InstallerError, take: (CInt) -> Bool = FileLock.take
    ) throws(InstallerError) {
        self.path = path
        while true {
            try PrivateFile.makeFolder(path.parentFolder)
            let file = try PrivateFile.open(path)
            guard take(file) else {
                // Some file systems have no locks.
                let failure = errno == EWOULDBLOCK ? busy : PrivateFile.failure("locked", path)
                close(file)
                throw failure
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

    static func take(_ file: CInt) -> Bool { flock(file, LOCK_EX | LOCK_NB) == 0 }

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
