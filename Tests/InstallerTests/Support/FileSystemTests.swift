import FoundationEssentials
@testable import Installer
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct PrivateFileTests {
    /// A link to itself cannot be read by anybody.
    @Test func aFolderThatIsNotThereIsReadable() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/loop", withDestinationPath: "\(folder.path)/loop")
        let unreadable = ["", "/none", "/file", "/file/none", "/loop", "/loop/none"].filter {
            "\(folder.path)\($0)".isUnreadableFolder
        }
        #expect(unreadable == ["/loop", "/loop/none"])
    }

    @Test func whatCannotBeWrittenLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        // A file cannot replace a folder of that name.
        try folder.write("", to: "key.pem/in the way")
        #expect(throws: InstallerError.self) {
            try PrivateFile.write(Array("secret".utf8), to: "\(folder.path)/key.pem")
        }
        #expect(!folder.holds("key.pem.new"))
    }

    /// It would be replaced instead of written to.
    @Test func aPipeIsLeft() throws {
        let folder = try TemporaryFolder()
        let pipe = "\(folder.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let failure = #expect(throws: InstallerError.self) { try PrivateFile.write([1], to: pipe) }
        #expect(failure?.message == "\(pipe) is not a regular file, and was left unchanged")
        #expect(FileKind(pipe) == .other)
        #expect(!folder.holds("pipe.new"))
    }

    @Test func aMissingFolderIsNamedAsTheCause() throws {
        let folder = try TemporaryFolder()
        let failure = #expect(throws: InstallerError.self) {
            try PrivateFile.write([1], to: "\(folder.path)/none/file")
        }
        #expect(failure?.hint == "Create it: mkdir -p \(folder.path)/none")
    }

    @Test func aFileIsItsOwnersAlone() throws {
        let folder = try TemporaryFolder()
        try PrivateFile.write(Array("secret".utf8), to: "\(folder.path)/key.pem")
        #expect(try folder.mode(of: "key.pem") == 0o600)
    }
}
