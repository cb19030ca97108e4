import FoundationEssentials
import Glibc
@testable import Installer
import Testing

struct FileLockTests {
    private let folder: TemporaryFolder
    private let busy = InstallerError("busy")

    init() throws { folder = try TemporaryFolder() }

    private var path: String { "\(folder.path)/state/lock" }

    @Test func onlyOneHoldsIt() throws {
        do {
            let first = try FileLock(at: path, busy: busy)
            #expect(FileLock.isHeld(at: path))
            #expect(throws: busy) { try FileLock(at: path, busy: busy) }
            first.leave(["a", "b"])
        }
        #expect(!FileLock.isHeld(at: path))
        let next = try FileLock(at: path, busy: busy)
        #expect(next.words == ["a", "b"])
    }

    /// A lock on a deleted file excludes no other process.
    @Test func aFileThatWasDeletedIsNotLocked() throws {
        let old = try PrivateFile.open("\(folder.path)/lock")
        unlink("\(folder.path)/lock")
        let lock = try FileLock(at: "\(folder.path)/lock", busy: busy)
        #expect(FileLock.isHeld(at: lock.path))
        close(old)
    }

    /// Opening it would wait for the other end.
    @Test(.timeLimit(.minutes(1))) func aPipeInItsPlaceIsRefused() throws {
        try PrivateFile.makeFolder(path.parentFolder)
        #expect(mkfifo(path, 0o600) == 0)
        let failure = #expect(throws: InstallerError.self) { try FileLock(at: path, busy: busy) }
        #expect(failure?.message == "\(path) is not a regular file, and was left unchanged")
        #expect(!FileLock.isHeld(at: path))
        // Nor while a program reads it.
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        #expect(throws: InstallerError.self) { try FileLock(at: path, busy: busy) }
        close(reader)
        #expect(FileKind(path) == .other)
    }

    /// Waiting for another process would not help.
    @Test func aLockThatCannotBeTakenIsNotAnotherProcess() throws {
        let failure = #expect(throws: InstallerError.self) {
            try FileLock(at: path, busy: busy) { _ in
                errno = ENOLCK
                return false
            }
        }
        #expect(failure?.message == "\(path) could not be locked")
        #expect(failure?.detail == String(cString: strerror(ENOLCK)))
        // Nothing holds it.
        _ = try FileLock(at: path, busy: busy)
    }
}
