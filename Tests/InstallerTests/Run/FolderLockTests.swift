import FoundationEssentials
@testable import Installer
import Testing

struct FolderLockTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

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
