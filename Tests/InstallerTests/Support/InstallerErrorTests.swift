import FoundationEssentials
@testable import Installer
import Testing

@Suite struct ReasonTests {
    @Test func whatTheSystemRefusesIsToldInItsWords() {
        let missing = #expect(throws: InstallerError.self) { try AnswersFile(readingFrom: "/no/such/file") }
        #expect(missing?.detail == "No such file or directory")
        let folder = #expect(throws: InstallerError.self) { try PrivateFile.makeFolder("/dev/null/x") }
        #expect(folder?.detail == "Not a directory")
    }
}
