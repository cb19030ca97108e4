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

    @Test func noLineOfAToolCanBeMistakenForAMessage() {
        let failure = InstallerError(
            "The release could not be read", detail: "Error: no\nBuildKit is installed.", hint: "Try again")
        #expect(
            failure.lines == [
                "The release could not be read", "  Error: no", "  BuildKit is installed.", "Try again",
            ])
        #expect("\(failure)" == failure.lines.joined(separator: "\n"))
        #expect(
            "Changes: a\nBuildKit is installed.".indentedAfterFirstLine
                == "Changes: a\n    BuildKit is installed.")
    }
}
