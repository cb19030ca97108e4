@testable import Installer
import Testing

@Suite struct HomeFolderTests {
    @Test(
        arguments: [
            (["HOME": "/home/ada"], "/home/other", "/home/ada"), (["HOME": ""], "/home/ada", "/home/ada"),
            ([:], "/home/ada", "/home/ada"),
        ] as [([String: String], String, String)])
    func itIsWhatTheEnvironmentSaysOrTheListOfUsers(
        _ environment: [String: String], _ listed: String, _ home: String
    ) throws {
        #expect(try HomeFolder.path(in: environment, listed: listed) == home)
    }

    @Test(
        arguments: [
            (["HOME": "relative"], "/home/ada"), ([:], nil), (["HOME": ""], "/"), ([:], ""),
        ] as [([String: String], String?)])
    func withoutOneNothingIsGuessed(_ environment: [String: String], _ listed: String?) throws {
        let failure = try #require(throws: InstallerError.self) {
            try HomeFolder.path(in: environment, listed: listed)
        }
        #expect(failure.hint?.hasPrefix("Set it: HOME=") == true)
    }
}
