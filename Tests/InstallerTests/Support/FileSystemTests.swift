import FoundationEssentials
@testable import Installer
import Testing

@Suite struct PrivateFileTests {
    @Test func whatCannotBeWrittenLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        // A file cannot replace a folder of that name.
        try folder.write("", to: "key.pem/in the way")
        #expect(throws: InstallerError.self) {
            try PrivateFile.write(Array("secret".utf8), to: "\(folder.path)/key.pem")
        }
        #expect(!folder.holds("key.pem.new"))
    }

    @Test func aFileIsItsOwnersAlone() throws {
        let folder = try TemporaryFolder()
        try PrivateFile.write(Array("secret".utf8), to: "\(folder.path)/key.pem")
        #expect(try folder.mode(of: "key.pem") == 0o600)
    }
}
