import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The file operations for credentials, by POSIX: modes apply from the first byte on regardless of the umask, and a
/// file is never incomplete under its final name.
enum SecureFile {
    /// Far above the size of any certificate; far below that of an arbitrary file. In bytes.
    static let sizeLimit = 1 << 20

    struct Contents: Sendable {
        let bytes: [UInt8]
        let mode: mode_t
    }

    /// Creates a file that must not exist yet, and flushes it to disk before it returns.
    static func create(_ path: String, bytes: [UInt8], mode: mode_t) throws(CredentialsError) {
        let isLast = !FileChangeLimit.allowsAnother
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("create", path) }
        defer { close(file) }
        guard !isLast else {
            _ = writeAll(Array(bytes.prefix(bytes.count / 2)), to: file)
            throw FileChangeLimit.error
        }
        // The umask can only have removed bits; this restores them.
        guard fchmod(file, mode) == 0, writeAll(bytes, to: file), fsync(file) == 0 else {
            let error = failure("write", path)
            unlink(path)
            throw error
        }
    }

    /// Renames a file to its final name, replacing an existing one atomically.
    static func move(_ path: String, to target: String) throws(CredentialsError) {
        try FileChangeLimit.spend()
        guard rename(path, target) == 0 else { throw failure("replace", target) }
        try sync(folder: parent(of: target))
    }

    /// Exchanges two folders atomically, so that a concurrent reader finds all of one or all of the other. Where the
    /// second one does not exist, the first one gets its name.
    /// - Parameter swap: exchanges them atomically; false where the system does not support it.
    static func exchange(
        _ path: String, _ other: String, swap: (String, String) -> Bool = swapped
    ) throws(CredentialsError) {
        guard exists(other) else {
            try makeFolder(parent(of: other))
            return try move(path, to: other)
        }
        try FileChangeLimit.spend()
        // Its owner may have changed its permissions on purpose.
        var status = stat()
        if stat(other, &status) == 0 { chmod(path, status.st_mode & 0o777) }
        if !swap(path, other) {
            // Some file systems, and kernels before 3.15, do not support it; then for a moment neither exists.
            try move(other, to: aside(other))
            do { try move(path, to: other) } catch {
                try move(aside(other), to: other)
                throw error
            }
            try move(aside(other), to: path)
        }
        try sync(folder: parent(of: path))
        try sync(folder: parent(of: other))
    }

    /// Completes or rolls back an interrupted exchange by three renames; afterwards both folders exist.
    static func recoverExchange(_ path: String, _ other: String) throws(CredentialsError) {
        guard exists(aside(other)) else { return }
        if !exists(other) { return try move(aside(other), to: other) }
        // Where both exist, the third folder is not ours and has this name by chance.
        guard !exists(path) else { return }
        try makeFolder(parent(of: path))
        try move(aside(other), to: path)
    }

    /// No client name starts with a dot.
    private static func aside(_ path: String) -> String {
        "\(parent(of: path))/.\(path.split(separator: "/").last ?? "folder").aside"
    }

    /// Moves the contents of one folder to another, except the known names.
    static func moveRest(
        of folder: String, to other: String, except known: [String]
    ) throws(CredentialsError) {
        guard exists(folder) else { return }
        for name in try names(in: folder) where !known.contains(name) && !exists("\(other)/\(name)") {
            try move("\(folder)/\(name)", to: "\(other)/\(name)")
        }
    }

    static func swapped(_ path: String, _ other: String) -> Bool {
        #if canImport(Darwin)
            renamex_np(path, other, UInt32(RENAME_SWAP)) == 0
        #else
            // Swift does not import glibc declarations for GNU sources; glibc has the function since 2.28.
            typealias RenameAt2 =
                @convention(c) (CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt) -> CInt
            guard let symbol = dlsym(nil, "renameat2") else { return false }
            let renameExchange: CUnsignedInt = 2
            return unsafeBitCast(symbol, to: RenameAt2.self)(AT_FDCWD, path, AT_FDCWD, other, renameExchange)
                == 0
        #endif
    }

    static func contents(of path: String) throws(CredentialsError) -> Contents {
        // Without O_NONBLOCK opening a named pipe would wait for its writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CredentialsError(
                .unreadable, "\(path) is not a file.", path: path, hint: "Specify the file itself.")
        }
        guard status.st_size <= sizeLimit else {
            throw CredentialsError(
                .unreadable, "\(path) has \(status.st_size) bytes, too many for a certificate or a key.",
                path: path,
                hint: "Specify the PEM file.")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                read(file, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure("read", path) }
            if got == 0 { break }
            count += got
        }
        return Contents(bytes: Array(bytes.prefix(count)), mode: status.st_mode & 0o777)
    }

    /// Whether the path exists, be it a file, a folder or a dangling link.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Whether the path is certainly neither a folder nor a link, which may lead to one.
    static func isNoFolder(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        return ![S_IFDIR, S_IFLNK].contains(status.st_mode & S_IFMT)
    }

    /// - Throws: where the path leads to no folder.
    static func requireFolder(_ path: String) throws(CredentialsError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw CredentialsError(
                .unwritable, "\(path) exists and is not a directory.", path: path,
                hint: "Choose another directory."
            )
        }
    }

    /// Creates a folder that only its owner can access, with its parent folders. An existing one is not changed.
    static func makeFolder(_ path: String) throws(CredentialsError) {
        try FileChangeLimit.spend()
        if mkdir(path, 0o700) == 0 {
            guard chmod(path, 0o700) == 0 else { throw failure("create", path) }
            return
        }
        switch errno {
        case EEXIST: try requireFolder(path)
        case ENOENT where !exists(parent(of: path)):
            try makeFolder(parent(of: path))
            try makeFolder(path)
        default:
            throw failure("create", path)
        }
    }

    /// Removes a file, or a folder with all its contents. A missing path is not an error.
    static func remove(_ path: String) throws(CredentialsError) {
        // Checked first: on a read-only file system unlink reports that error even where there is nothing to remove.
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw failure("remove", path) }
            return
        }
        try FileChangeLimit.spend()
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
            return
        }
        for name in try names(in: path) {
            try remove(path + "/" + name)
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// Removes a file, never a folder. A missing file is not an error.
    static func removeFile(_ path: String) throws(CredentialsError) {
        guard exists(path) else { return }
        try FileChangeLimit.spend()
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw failure("remove", path) }
    }

    /// Removes an empty folder; any other one is kept, and so is a link to a folder.
    static func removeFolderIfEmpty(_ path: String) throws(CredentialsError) {
        guard exists(path) else { return }
        try FileChangeLimit.spend()
        let isKept = [ENOENT, ENOTDIR, ENOTEMPTY, EEXIST, EBUSY]
        guard rmdir(path) == 0 || isKept.contains(errno) else { throw failure("remove", path) }
    }

    static func names(in path: String) throws(CredentialsError) -> [String] {
        guard let folder = opendir(path) else { throw failure("read", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes renames in a folder survive a power failure.
    static func sync(folder path: String) throws(CredentialsError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("read", path) }
        defer { close(folder) }
        // Some file systems do not support it for folders; the error is then ignored.
        guard fsync(folder) == 0 || errno == EINVAL else { throw failure("write", path) }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func writeAll(_ bytes: [UInt8], to file: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func failure(_ verb: String, _ path: String) -> CredentialsError {
        let code = errno
        return CredentialsError(
            verb == "read" ? .unreadable : .unwritable,
            "Could not \(verb) \(path): \(String(cString: strerror(code))).", path: path,
            hint: hint(for: code))
    }

    private static func hint(for code: CInt) -> String {
        switch code {
        case EACCES, EPERM: "Check its owner and permissions, or choose another directory."
        case ENOENT: "Check the path."
        case ENOSPC, EDQUOT: "Free some space, or choose another disk."
        case EROFS: "Choose a directory on a writable disk."
        case EEXIST: "Another run may be using it; wait until it has finished."
        default: "Choose another directory."
        }
    }
}
