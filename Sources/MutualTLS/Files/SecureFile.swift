import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The file operations that credentials need, by POSIX: modes hold from the first byte whatever the umask,
/// and nothing is ever half there under its final name.
enum SecureFile {
    /// Far above any certificate; far below what a wrong path could hold.
    static let sizeLimit = 1 << 20

    struct Contents: Sendable {
        let bytes: [UInt8]
        let mode: mode_t
    }

    /// Makes a file that must not exist yet, and has it on the disk before it returns.
    static func create(_ path: String, bytes: [UInt8], mode: mode_t) throws(CredentialsError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("create", path) }
        defer { close(file) }
        // The umask can only have taken bits away; this puts them back.
        guard fchmod(file, mode) == 0, writeAll(bytes, to: file), fsync(file) == 0 else {
            let error = failure("write", path)
            unlink(path)
            throw error
        }
    }

    /// Gives a file its final name; what had that name is gone in the same instant.
    static func move(_ path: String, to target: String) throws(CredentialsError) {
        guard rename(path, target) == 0 else { throw failure("put into place", target) }
        try sync(folder: parent(of: target))
    }

    static func contents(of path: String) throws(CredentialsError) -> Contents {
        // Without O_NONBLOCK a named pipe would wait for its writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw CredentialsError(.file, "\(path) is not a file.", path: path, hint: "Name the file itself.")
        }
        guard status.st_size <= sizeLimit else {
            throw CredentialsError(
                .file, "\(path) has \(status.st_size) bytes, far more than a certificate or a key.",
                path: path,
                hint: "Name the PEM file.")
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

    /// Whether something has this name, be it a file, a folder or a dangling link.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Makes a folder for its owner alone, with the folders above it. One that exists is left as it is.
    static func makeFolder(_ path: String) throws(CredentialsError) {
        if mkdir(path, 0o700) == 0 {
            guard chmod(path, 0o700) == 0 else { throw failure("make", path) }
            return
        }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw CredentialsError(
                    .file, "\(path) is in the way: it is not a folder.", path: path,
                    hint: "Choose another folder.")
            }
        case ENOENT where !exists(parent(of: path)):
            try makeFolder(parent(of: path))
            try makeFolder(path)
        default:
            throw failure("make", path)
        }
    }

    /// Removes a file, or a folder with all that is in it. What is not there is no error.
    static func remove(_ path: String) throws(CredentialsError) {
        if unlink(path) == 0 || errno == ENOENT { return }
        for name in try names(in: path) {
            try remove(path + "/" + name)
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    /// Removes a file, never a folder. One that is not there is no error.
    static func removeFile(_ path: String) throws(CredentialsError) {
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw failure("remove", path) }
    }

    /// Removes a folder that nothing is in; any other stays, and so does a link to one.
    static func removeFolderIfEmpty(_ path: String) throws(CredentialsError) {
        let isKept = [ENOENT, ENOTDIR, ENOTEMPTY, EEXIST, EBUSY]
        guard rmdir(path) == 0 || isKept.contains(errno) else { throw failure("remove", path) }
    }

    /// What is in a folder.
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

    /// Makes renames in a folder last over a power cut.
    static func sync(folder path: String) throws(CredentialsError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("read", path) }
        defer { close(folder) }
        // Some file systems cannot do it for folders; then there is nothing to be had.
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
            .file, "Could not \(verb) \(path): \(String(cString: strerror(code))).", path: path,
            hint: hint(for: code))
    }

    private static func hint(for code: CInt) -> String {
        switch code {
        case EACCES, EPERM: "Check who owns it, or choose a folder of your own."
        case ENOENT: "Check the path."
        case ENOSPC, EDQUOT: "Free some space, or choose another disk."
        case EROFS: "Choose a folder on a disk that can be written."
        case EEXIST: "Another run may be at work there; wait for it to end."
        default: "Choose another folder."
        }
    }
}
