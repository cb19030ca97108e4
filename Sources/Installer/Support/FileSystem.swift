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
    /// - Throws: also for a named pipe, whose opening would otherwise wait for a reader.
    static func open(_ path: String, emptied: Bool = false) throws(InstallerError) -> CInt {
        if FileKind(path) == .other { throw irregular(path) }
        let flags =
            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (emptied ? O_TRUNC : 0)
        #if canImport(Darwin)
            let file = Darwin.open(path, flags, 0o600)
        #else
            let file = Glibc.open(path, flags, 0o600)
        #endif
        guard file >= 0 else { throw failure("opened", path) }
        var status = stat()
        guard fstat(file, &status) == 0, FileKind(status) == .file else {
            close(file)
            throw irregular(path)
        }
        guard fchmod(file, 0o600) == 0 else {
            let failure = failure("opened", path)
            close(file)
            throw failure
        }
        return file
    }

    /// Writes a file atomically: a concurrent reader gets the old content or the new one.
    /// - Throws: also for a device or a folder, which would be replaced instead of written to.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(InstallerError) {
        if let kind = FileKind(path), kind != .file { throw irregular(path) }
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

    private static func irregular(_ path: String) -> InstallerError {
        InstallerError(
            "\(path) is not a regular file, and was left unchanged",
            hint: "Move it away, or specify a file: ls -ld \(path.shellQuoted)", code: .fileUnwritable)
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

extension String {
    /// Whether there may be files in a folder that cannot be read. A folder that does not exist has none.
    var isUnreadableFolder: Bool {
        // With the dot, a file of that name is no folder.
        access("\(self)/.", R_OK | X_OK) != 0 && errno != ENOENT && errno != ENOTDIR
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
