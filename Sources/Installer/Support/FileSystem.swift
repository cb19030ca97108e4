import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files that only the user can read, from their first byte on and regardless of the umask.
enum PrivateFile {
    /// Creates a folder, and those above it, for the user only. An existing one is not changed.
    static func makeFolder(_ path: String) throws(InstallerError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw InstallerError(
                "\(path) could not be created", detail: error.reason,
                hint: "Check the permissions: ls -ld \(path.parentFolder.shellQuoted)",
                code: .fileUnwritable)
        }
    }

    /// Opens a file for appending. Tools that are started later do not inherit it.
    static func open(_ path: String, emptied: Bool = false) throws(InstallerError) -> CInt {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (emptied ? O_TRUNC : 0)
        #if canImport(Darwin)
            let file = Darwin.open(path, flags, 0o600)
        #else
            let file = Glibc.open(path, flags, 0o600)
        #endif
        guard file >= 0, fchmod(file, 0o600) == 0 else {
            let failure = failure("opened", path)
            if file >= 0 { close(file) }
            throw failure
        }
        return file
    }

    /// Writes a file atomically: a concurrent reader gets the old content or the new one.
    /// - Throws: also for a device or a folder, which would be replaced instead of written to.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(InstallerError) {
        if let kind = FileKind(path), kind != .file {
            throw InstallerError(
                "\(path) is not a regular file, and was left unchanged",
                hint: "Specify a file: ls -ld \(path.shellQuoted)", code: .fileUnwritable)
        }
        let fresh = "\(path).new"
        let file = try open(fresh, emptied: true)
        defer { close(file) }
        guard append(Array(bytes), to: file), fsync(file) == 0, rename(fresh, path) == 0 else {
            let failure = failure("written", path)
            // An incomplete file is useless, and may contain part of a key.
            unlink(fresh)
            throw failure
        }
    }

    /// Writes all bytes, with one system call unless the system writes fewer.
    static func append(_ bytes: [UInt8], to file: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            #if canImport(Darwin)
                let count = rest.withUnsafeBytes { Darwin.write(file, $0.baseAddress, $0.count) }
            #else
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            #endif
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    static func failure(_ verb: String, _ path: String) -> InstallerError {
        let reason = String(cString: strerror(errno))
        return InstallerError(
            "\(path) could not be \(verb)", detail: reason,
            hint: obstacle(in: path.parentFolder)?.hint
                ?? "Check free space and permissions: df -h \(path.parentFolder.shellQuoted)",
            code: .fileUnwritable)
    }

    /// Why no file can be created in a folder; nil where the system permits it.
    static func obstacle(in folder: String) -> InstallerError? {
        // With the dot, a file of that name is an error, too.
        guard access("\(folder)/.", W_OK | X_OK) != 0 else { return nil }
        let number = errno
        guard number != ENOENT else {
            return InstallerError(
                "The directory \(folder) does not exist", hint: "Create it: mkdir -p \(folder.shellQuoted)",
                code: .fileUnwritable)
        }
        return InstallerError(
            "No file can be created in \(folder)", detail: String(cString: strerror(number)),
            hint: "Check it, or choose another directory: ls -ld \(folder.shellQuoted)", code: .fileUnwritable
        )
    }
}

extension String {
    var parentFolder: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}

/// Empty folders of this program.
enum EmptyDirectories {
    /// Removes a folder and its parents, up to and including the root, as long as they are empty. A folder that is
    /// not below the root is kept.
    static func remove(from folder: String, upTo root: String) {
        var folder = folder
        // rmdir fails for a folder that is not empty, so there is no race.
        while folder == root || folder.hasPrefix("\(root)/"), rmdir(folder) == 0 || errno == ENOENT {
            folder = folder.parentFolder
        }
    }
}

/// A folder for the duration of an action that only the user can read.
struct TemporaryDirectory {
    let path: String

    /// Next to a folder, so that its contents can be moved there atomically. The name is always the same: the next
    /// run removes what a killed run left there.
    init(beside folder: String) { path = "\(folder).buildkit-installer-new" }

    /// In the temporary folder of this machine.
    init(nonce: String, environment: [String: String]) {
        path = "\(environment["TMPDIR"] ?? "/tmp")/buildkit-installer-\(nonce)"
    }

    func make() throws(InstallerError) {
        remove()
        try PrivateFile.makeFolder(path)
    }

    /// A folder that cannot be removed does no harm.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension Data {
    /// Reads a file that may be missing; nil: it is.
    static func ofFile(ifPresent path: String) throws(InstallerError) -> Data? {
        do { return try Data(contentsOf: URL(filePath: path)) } catch {
            return (error as? CocoaError)?.code == .fileReadNoSuchFile ? nil : try Data(ofFile: path)
        }
    }

    /// Reads a file that tools read again later, which neither a pipe nor a terminal allows.
    init(ofRegularFile path: String) throws(InstallerError) {
        if let kind = FileKind(path), kind != .file {
            let isFolder = kind == .folder
            throw InstallerError(
                "\(path) is \(isFolder ? "a directory" : "not a regular file")",
                detail: isFolder ? nil : "It is read more than once, which is not possible for a pipe.",
                hint: isFolder
                    ? "Specify a file in it: ls \(path.shellQuoted)" : "Save its content to a file first.",
                code: .fileUnreadable)
        }
        try self.init(ofFile: path)
    }

    /// Reads a file that must exist.
    init(ofFile path: String) throws(InstallerError) {
        do { self = try Data(contentsOf: URL(filePath: path)) } catch {
            throw InstallerError(
                "\(path) cannot be read", detail: error.reason, hint: "Check it: ls -l \(path.shellQuoted)",
                code: .fileUnreadable)
        }
    }
}

extension Data {
    /// Reads a path that the user named: a file, a pipe, standard input.
    /// - Parameters:
    ///   - limit: the maximum number of bytes; of a larger input, one byte more is read.
    ///   - patience: how long to wait, in seconds, for a program to open a named pipe for writing. A pipe from the
    ///     shell already has a writer.
    /// - Throws: a POSIX error, or ``PipeWithoutWriter``.
    init(ofInput path: String, limit: Int, patience: CInt = 10) throws {
        // Opening a named pipe that no program writes to would block.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
        #if canImport(Darwin)
            let file = Darwin.open(path, flags)
        #else
            let file = Glibc.open(path, flags)
        #endif
        guard file >= 0 else { throw SystemError(number: errno) }
        defer { close(file) }
        self.init()
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        if !Self.waitForInput(file, milliseconds: patience * 1000) {
            // A terminal, or a program that has not written yet, is no end of the input.
            guard read(file, &buffer, 1) < 0, errno == EAGAIN else { throw PipeWithoutWriter() }
            _ = Self.waitForInput(file, milliseconds: -1)
        }
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
        while count <= limit {
            let got = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError(number: errno) }
            if got == 0 { break }
            append(contentsOf: buffer.prefix(Swift.min(got, limit + 1 - count)))
        }
    }
}

extension Data {
    /// Whether there is input, or its end, within this time; -1: no limit.
    private static func waitForInput(_ file: CInt, milliseconds: CInt) -> Bool {
        var watched = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&watched, 1, milliseconds)
            if count >= 0 || errno != EINTR { return count != 0 }
        }
    }
}

struct PipeWithoutWriter: Error, CustomStringConvertible {
    var description: String { "No program writes to this pipe" }
}

/// The error of a system call.
struct SystemError: Error, CustomStringConvertible {
    let number: CInt
    var description: String { String(cString: strerror(number)) }
}

extension String {
    /// The absolute path of a file that the user named, independent of the current folder; a leading `~` is kept.
    var absolutePath: String {
        guard !isEmpty, !hasPrefix("/"), self != "~", !hasPrefix("~/") else { return self }
        var rest = self[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        let here = FileManager.default.currentDirectoryPath
        guard !rest.isEmpty, rest != "." else { return here }
        return here == "/" ? "/\(rest)" : "\(here)/\(rest)"
    }

    /// The path of a folder with links resolved: the same for every path of the folder, which need not exist yet.
    var canonicalPath: String {
        var rest: [Substring] = []
        var path = self
        while true {
            if let real = realpath(path, nil) {
                defer { free(real) }
                return ([String(cString: real)] + rest.reversed().map { String($0) }).joined(separator: "/")
            }
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return self }
            rest.append(path[path.index(after: slash)...])
            path = String(path[..<slash])
        }
    }

    /// The path with a leading `~` replaced by the home folder.
    func expanded(home: String) -> String {
        if self == "~" { return home }
        return hasPrefix("~/") ? home + dropFirst() : self
    }
}
