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
        let isLast = !FileChangeLimit.allowsAnother
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("create", path) }
        defer { close(file) }
        guard !isLast else {
            _ = writeAll(Array(bytes.prefix(bytes.count / 2)), to: file)
            throw FileChangeLimit.error
        }
        // The umask can only have taken bits away; this puts them back.
        guard fchmod(file, mode) == 0, writeAll(bytes, to: file), fsync(file) == 0 else {
            let error = failure("write", path)
            unlink(path)
            throw error
        }
    }

    /// Gives a file its final name; what had that name is gone in the same instant.
    static func move(_ path: String, to target: String) throws(CredentialsError) {
        try FileChangeLimit.spend()
        guard rename(path, target) == 0 else { throw failure("put into place", target) }
        try sync(folder: parent(of: target))
    }

    /// Lets two folders change places in one instant, so that whoever comes by a path finds all of one or all of the
    /// other. Where nothing has the second name yet, the first one gets it.
    /// - Parameter swap: does it in one instant; false where the system cannot.
    static func exchange(
        _ path: String, _ other: String, swap: (String, String) -> Bool = swapped
    ) throws(CredentialsError) {
        guard exists(other) else {
            try makeFolder(parent(of: other))
            return try move(path, to: other)
        }
        try FileChangeLimit.spend()
        // Its owner may have opened it on purpose.
        var status = stat()
        if stat(other, &status) == 0 { chmod(path, status.st_mode & 0o777) }
        if !swap(path, other) {
            // Some file systems, and kernels before 3.15, cannot; then there is an instant with neither.
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

    /// Brings an exchange by three renames that was cut short to its start or its end; whoever is next finds both.
    static func recoverExchange(_ path: String, _ other: String) throws(CredentialsError) {
        guard exists(aside(other)) else { return }
        if !exists(other) { return try move(aside(other), to: other) }
        // Where both are there, it is somebody else's folder that happens to have this name.
        guard !exists(path) else { return }
        try makeFolder(parent(of: path))
        try move(aside(other), to: path)
    }

    /// No client has a name that begins with a dot.
    private static func aside(_ path: String) -> String {
        "\(parent(of: path))/.\(path.split(separator: "/").last ?? "folder").aside"
    }

    /// Moves what lies in one folder to another, except what is known there.
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
            // Swift does not show what glibc declares for GNU sources only; before 2.28 glibc has none.
            typealias RenameAt2 =
                @convention(c) (CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt) -> CInt
            guard let symbol = dlsym(nil, "renameat2") else { return false }
            let renameExchange: CUnsignedInt = 2
            return unsafeBitCast(symbol, to: RenameAt2.self)(AT_FDCWD, path, AT_FDCWD, other, renameExchange)
                == 0
        #endif
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
        try FileChangeLimit.spend()
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
        // Asked first: on a file system that cannot be written, unlink names that as its reason also where there is
        // nothing to remove.
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

    /// Removes a file, never a folder. One that is not there is no error.
    static func removeFile(_ path: String) throws(CredentialsError) {
        guard exists(path) else { return }
        try FileChangeLimit.spend()
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw failure("remove", path) }
    }

    /// Removes a folder that nothing is in; any other stays, and so does a link to one.
    static func removeFolderIfEmpty(_ path: String) throws(CredentialsError) {
        guard exists(path) else { return }
        try FileChangeLimit.spend()
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
