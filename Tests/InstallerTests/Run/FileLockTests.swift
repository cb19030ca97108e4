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

    @Test func aFolderIsOneWhateverNameItHas() throws {
        let places = InstallerPaths(home: folder.path, environment: [:])
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/real", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/real")
        do {
            let lock = try FolderLock(on: "\(folder.path)/real/certs", in: places)
            let failure = #expect(throws: InstallerError.self) {
                try FolderLock(on: "\(folder.path)/link/certs", in: places)
            }
            #expect(failure?.code == .locked)
            let other = try FolderLock(on: "\(folder.path)/real/others", in: places)
            withExtendedLifetime((lock, other)) {}
        }
        #expect(!folder.holds(".local/state/buildkit-installer"))
    }
}
