import FoundationEssentials
import Glibc
@testable import Installer
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FileContentsTests {
    @Test func aFileIsReadWhole() throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "0123456789", count: 20_000)
        let path = try folder.write(text, to: "file")
        #expect(try Data(ofFile: path) == Data(text.utf8))
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: path)
        #expect(try Data.ofFile(ifPresent: "\(folder.path)/link") == Data(text.utf8))
        #expect(try Data(ofFile: path, limit: 1000).count < text.utf8.count)
        // Its size is said to be 0.
        #expect(try !Data(ofFile: "/proc/self/stat").isEmpty)
    }

    @Test func onlyAMissingFileIsAbsent() throws {
        let folder = try TemporaryFolder()
        #expect(try Data.ofFile(ifPresent: "\(folder.path)/none") == nil)
        let missing = #expect(throws: InstallerError.self) { try Data(ofFile: "\(folder.path)/none") }
        #expect(missing?.detail == "No such file or directory")
        let other = #expect(throws: InstallerError.self) { try Data.ofFile(ifPresent: folder.path) }
        #expect(other?.message == "\(folder.path) is a directory")
    }

    /// Opening or reading it would wait for a program that writes to it.
    @Test func aPipeIsRefusedAtOnce() throws {
        let folder = try TemporaryFolder()
        let pipe = "\(folder.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for attempt in [{ try Data(ofFile: pipe) }, { try Data.ofFile(ifPresent: pipe) ?? Data() }] {
            let failure = #expect(throws: InstallerError.self) { try attempt() }
            #expect(failure?.message == "\(pipe) is not a regular file")
            #expect(failure?.hint == "Move it away, or specify a file: ls -ld \(pipe)")
        }
        #expect(throws: InstallerError.self) { try AnswersFile(savedAt: pipe) }
        #expect(Journal.interruptedRun(at: pipe) == nil)
    }
}
