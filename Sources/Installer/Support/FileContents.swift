import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Data {
    /// Reads a file that may be missing; nil: it is.
    static func ofFile(ifPresent path: String) throws(InstallerError) -> Data? {
        do throws(ReadingFailure) { return try contents(ofFile: path, limit: .max) } catch {
            if case .system(ENOENT) = error { return nil }
            throw error.explained(path)
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

    /// Reads a regular file that must exist, or the one that a link leads to. Reading a pipe or a device might never end.
    /// - Parameter limit: the maximum number of bytes; of a larger file, one byte more is read.
    init(ofFile path: String, limit: Int = .max) throws(InstallerError) {
        do throws(ReadingFailure) { self = try Self.contents(ofFile: path, limit: limit) } catch {
            throw error.explained(path)
        }
    }

    private static func contents(ofFile path: String, limit: Int) throws(ReadingFailure) -> Data {
        // Opening a pipe, even for a moment, would end the program that waits to write to it.
        if let kind = FileKind(path), kind != .file { throw .kind(kind) }
        let file = openedForReading(path)
        guard file >= 0 else { throw .system(errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .system(errno) }
        guard FileKind(status) == .file else { throw .kind(FileKind(status)) }
        var contents = Data()
        do throws(SystemError) { try contents.append(from: file, limit: limit) } catch {
            throw .system(error.number)
        }
        return contents
    }

    /// Appends what can be read from an open file.
    /// - Parameter limit: see ``init(ofFile:limit:)``.
    private mutating func append(from file: CInt, limit: Int) throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while count <= limit {
            let got = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError(number: errno) }
            if got == 0 { break }
            let rest = limit - count
            append(contentsOf: buffer.prefix(got > rest ? rest + 1 : got))
        }
    }

    /// Opens a path without waiting for a program that writes to it.
    private static func openedForReading(_ path: String) -> CInt {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
        #if canImport(Darwin)
            return Darwin.open(path, flags)
        #else
            return Glibc.open(path, flags)
        #endif
    }
}

/// Why a file cannot be read.
private enum ReadingFailure: Error {
    case system(CInt)
    case kind(FileKind)

    func explained(_ path: String) -> InstallerError {
        switch self {
        case .system(let number):
            InstallerError(
                "\(path) cannot be read", detail: "\(SystemError(number: number))",
                hint: "Check it: ls -l \(path.shellQuoted)", code: .fileUnreadable)
        case .kind(let kind):
            InstallerError(
                "\(path) is \(kind == .folder ? "a directory" : "not a regular file")",
                hint: "Move it away, or specify a file: ls -ld \(path.shellQuoted)", code: .fileUnreadable)
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
        let file = Self.openedForReading(path)
        guard file >= 0 else { throw SystemError(number: errno) }
        defer { close(file) }
        self.init()
        if !Self.waitForInput(file, milliseconds: patience * 1000) {
            // A terminal, or a program that has not written yet, is no end of the input.
            var byte: UInt8 = 0
            guard read(file, &byte, 1) < 0, errno == EAGAIN else { throw PipeWithoutWriter() }
            _ = Self.waitForInput(file, milliseconds: -1)
        }
        _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK)
        try append(from: file, limit: limit)
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
