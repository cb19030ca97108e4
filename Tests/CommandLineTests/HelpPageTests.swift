import Installer
import Testing

@testable import buildkit_installer

@Suite struct HelpPageTests {
    private static let commands: [[String]] = [
        ["install"], ["check"], ["status"], ["doctor"], ["doctor", "bundle"], ["client", "add"],
        ["client", "list"],
        ["client", "renew"], ["client", "revoke"], ["rotate"], ["sleep"], ["wake"], ["uninstall"], ["issue"],
        ["chart"], ["answers", "check"], ["answers", "schema"], ["schema"], ["manual"],
    ]

    private func help(_ words: [String], columns: Int = 80) throws -> [String] {
        var command = try #require(CommandTree.program)
        for word in words { command = try #require(command.subcommand(word)) }
        return HelpPage(command, columns: columns).text.split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map(String.init)
    }

    @Test(arguments: commands) func itLeadsWithExamplesOfTheCommand(_ words: [String]) throws {
        let lines = try help(words)
        #expect(lines[2] == "EXAMPLES")
        let command = "  buildkit-installer \(words.joined(separator: " "))"
        #expect(lines[3].hasPrefix(command))
        #expect(lines[4].hasPrefix(command))
        #expect(lines.contains("EXIT STATUS"))
    }

    @Test(arguments: commands) func nothingIsWiderThanTheTerminal(_ words: [String]) throws {
        // An example is not broken: it is to be copied.
        for line in try help(words) where !line.hasPrefix("  buildkit-installer ") {
            // A word that is longer than a line cannot be broken either.
            #expect(
                line.count <= 80 || !line.drop { $0 == " " }.contains(" ") || line.hasPrefix("  --"),
                "\(line)")
        }
    }

    @Test func questionsStandUnderTheHeadingsOfThePages() throws {
        let lines = try help(["install"])
        let headings = lines.filter { !$0.isEmpty && $0 == $0.uppercased() && !$0.hasPrefix(" ") }
        #expect(
            headings == [
                "EXAMPLES", "USAGE", "CLUSTER", "ADDRESS", "CERTIFICATES", "NAMESPACE AND RELEASE", "BUILDER",
                "REGISTRATION", "OPTIONS", "ENVIRONMENT", "EXIT STATUS",
            ])
        let text = lines.joined(separator: "\n")
        #expect(text.contains("  --endpoint <host:port>\n"))
        #expect(text.contains("  --timeout <seconds>"))
        #expect(text.contains("  --namespace, -n <name>"))
        #expect(text.contains("BUILDKIT_INSTALLER_NAMESPACE"))
        #expect(!text.contains("<text>"))
    }

    @Test func onlyAnInstallSaysThatItCreatesTheNamespace() throws {
        #expect(try help(["install"]).joined(separator: " ").contains("Created if missing"))
        for words in [["status"], ["sleep"], ["client", "list"], ["rotate"], ["uninstall"]] {
            #expect(!(try help(words).joined(separator: " ").contains("Created if missing")), "\(words)")
        }
    }

    @Test func doctorShowsTheOptionsOfItsExamination() throws {
        let text = try help(["doctor"]).joined(separator: "\n")
        #expect(text.contains("--no-build"))
        #expect(text.contains("bundle"))
        #expect(!text.contains("examine"))
    }
}
