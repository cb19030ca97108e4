import FoundationEssentials
import MutualTLS

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files that only the user may read, from their first byte on and whatever the umask.
enum PrivateFile {
    /// Makes a folder, and those above it, for the user alone. One that exists is left as it is.
    static func makeFolder(_ path: String) throws(InstallerError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw InstallerError(
                "\(path) could not be made", detail: error.reason,
                hint: "Check who may write there: ls -ld \(path.parentFolder.shellQuoted)",
                code: .fileUnwritable)
        }
    }

    /// Opens a file for writing at its end. Tools that are started later do not inherit it.
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

    /// Writes a file as a whole: whoever reads it meanwhile finds the old one or the new one.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws(InstallerError) {
        let fresh = "\(path).new"
        let file = try open(fresh, emptied: true)
        defer { close(file) }
        guard append(Array(bytes), to: file), fsync(file) == 0, rename(fresh, path) == 0 else {
            let failure = failure("written", path)
            // What is half there is of no use to anybody, and may be a part of a key.
            unlink(fresh)
            throw failure
        }
    }

    /// Writes in one go, unless the system cuts it.
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
        InstallerError(
            "\(path) could not be \(verb)", detail: String(cString: strerror(errno)),
            hint: "Check the disk and who may write there: df -h \(path.parentFolder.shellQuoted)",
            code: .fileUnwritable)
    }
}

extension String {
    /// The folder that a path is in.
    var parentFolder: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}

/// Folders of this program's own that nothing is in any more.
enum EmptyDirectories {
    /// Removes a folder and those above it, up to and with the root, as long as nothing is in them. One that does
    /// not lie below the root stays.
    static func remove(from folder: String, upTo root: String) {
        var folder = folder
        // rmdir itself refuses a folder with something in it, so nothing can come in between.
        while folder == root || folder.hasPrefix("\(root)/"), rmdir(folder) == 0 || errno == ENOENT {
            folder = folder.parentFolder
        }
    }
}

/// A folder for the time of an action, which only the user can read.
struct TemporaryDirectory {
    let path: String

    /// Beside a folder, so that what was made in it can be moved there in one go. It always has the same name: what a
    /// run that was killed has left there goes with the next one.
    init(beside folder: String) { path = "\(folder).buildkit-installer-new" }

    /// Where this machine keeps what nobody needs for long.
    init(nonce: String, environment: [String: String]) {
        path = "\(environment["TMPDIR"] ?? "/tmp")/buildkit-installer-\(nonce)"
    }

    func make() throws(InstallerError) {
        remove()
        try PrivateFile.makeFolder(path)
    }

    /// What cannot be removed does no harm.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension Data {
    /// The bytes of a file that must be there.
    init(ofFile path: String) throws(InstallerError) {
        do { self = try Data(contentsOf: URL(filePath: path)) } catch {
            throw InstallerError(
                "\(path) cannot be read", detail: error.reason, hint: "Check it: ls -l \(path.shellQuoted)",
                code: .fileUnreadable)
        }
    }
}

extension Data {
    /// What a path gives that a person named: a file, a pipe, standard input.
    /// - Parameter limit: how many bytes are of use; of a larger one, one byte more is read.
    /// - Throws: an error of POSIX.
    init(ofInput path: String, limit: Int) throws {
        #if canImport(Darwin)
            let file = Darwin.open(path, O_RDONLY | O_CLOEXEC)
        #else
            let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        #endif
        guard file >= 0 else { throw SystemError(number: errno) }
        defer { close(file) }
        self.init()
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while count <= limit {
            let got = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError(number: errno) }
            if got == 0 { break }
            append(contentsOf: buffer.prefix(Swift.min(got, limit + 1 - count)))
        }
    }
}

/// What the system said no with.
struct SystemError: Error, CustomStringConvertible {
    let number: CInt
    var description: String { String(cString: strerror(number)) }
}

extension String {
    /// The path of a file that a person named, wherever this program is run the next time; a leading `~` stays.
    var absolutePath: String {
        guard !isEmpty, !hasPrefix("/"), self != "~", !hasPrefix("~/") else { return self }
        var rest = self[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        let here = FileManager.default.currentDirectoryPath
        guard !rest.isEmpty, rest != "." else { return here }
        return here == "/" ? "/\(rest)" : "\(here)/\(rest)"
    }

    /// The path with a leading `~` made the home folder.
    func expanded(home: String) -> String {
        if self == "~" { return home }
        return hasPrefix("~/") ? home + dropFirst() : self
    }
}
