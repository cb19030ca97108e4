import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A lock of the system's on a file: it is let go of when this process ends, whatever ends it.
///
/// The file may be deleted by whoever holds the lock; who has opened it before that does not get a lock that nobody
/// else would see.
final class FileLock: Sendable {
    let path: String
    private let file: CInt

    /// - Parameter busy: what to say where somebody else holds it.
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
            // It was deleted between the opening and the locking.
            Self.release(file)
        }
    }

    deinit { Self.release(file) }

    /// Whether the open file is the one that has the name now.
    private static func isFile(_ file: CInt, at path: String) -> Bool {
        var open = stat()
        var named = stat()
        return fstat(file, &open) == 0 && stat(path, &named) == 0 && open.st_ino == named.st_ino
            && open.st_dev == named.st_dev
    }

    /// The words that the last holder has left in the file.
    var words: [String] {
        // A file that cannot be read says nothing.
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Leaves words for the next holder. Without them, that one only has to wait longer.
    func leave(_ words: [String]) {
        guard ftruncate(file, 0) == 0 else { return }
        _ = PrivateFile.append(Array(words.joined(separator: "\n").utf8), to: file)
    }

    /// Whether somebody holds the lock.
    static func isHeld(at path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { release(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0
    }

    /// Closing alone would not do: a tool that is just being started has a copy of the file until it has become that
    /// tool, and would hold the lock for as long.
    private static func release(_ file: CInt) {
        flock(file, LOCK_UN)
        close(file)
    }
}

/// Keeps two runs on this machine from writing to the same folder: installations may share their certificates.
final class FolderLock: Sendable {
    private let lock: FileLock
    private let root: String

    /// - Parameter folder: need not be there yet.
    init(on folder: String, in places: InstallerPaths) throws(InstallerError) {
        root = places.locks
        lock = try FileLock(
            at: Self.file(of: folder, in: places),
            busy: InstallerError(
                "Another run of buildkit-installer is at work in \(folder)",
                hint: "Wait until it has ended, then run this again."))
    }

    /// The same for each name that a folder has.
    static func file(of folder: String, in places: InstallerPaths) -> String {
        "\(places.locks)/\(Digest.sha256(Array(canonical(folder).utf8)).prefix(32))"
    }

    /// The file goes while the lock is still held; who has opened it already sees that.
    deinit {
        unlink(lock.path)
        EmptyDirectories.remove(from: root, upTo: root.parentFolder)
    }

    /// One name for each folder, whatever links lead there.
    private static func canonical(_ folder: String) -> String {
        var rest: [Substring] = []
        var path = folder
        while true {
            if let real = realpath(path, nil) {
                defer { free(real) }
                return ([String(cString: real)] + rest.reversed().map { String($0) }).joined(separator: "/")
            }
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return folder }
            rest.append(path[path.index(after: slash)...])
            path = String(path[..<slash])
        }
    }
}
