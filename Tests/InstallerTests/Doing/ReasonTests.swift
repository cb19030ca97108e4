import FoundationEssentials
import Testing

@testable import Installer

@Suite struct ReasonTests {
    @Test func whatTheSystemRefusesIsToldInItsWords() {
        let missing = #expect(throws: Failure.self) { try AnswersFile(readingFrom: "/no/such/file") }
        #expect(missing?.detail == "No such file or directory")
        let folder = #expect(throws: Failure.self) { try PrivateFile.makeFolder("/dev/null/x") }
        #expect(folder?.detail == "Not a directory")
    }
}
