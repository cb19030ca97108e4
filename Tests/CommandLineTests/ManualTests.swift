import Installer
import LabSupport
import Testing

@testable import buildkit_installer

@Suite struct ManualTests {
    @Test func mandocFindsNothingWrongWithTheInstalledPage() async throws {
        try await Installation.with { installation in
            let page = "\(installation.prefix)/share/man/man1/buildkit-installer.1"
            let lint = try await Program("mandoc").run("-T", "lint", "-W", "warning", page)
            #expect(lint == Outcome(status: 0, output: "", errors: ""))
            let text = try await Program("mandoc").require("-T", "ascii", "-O", "width=200", page)
            // mandoc overstrikes for bold and underlined.
            let plain = text.replacing(/.\x08/, with: "")
            for field in Field.all {
                #expect(plain.contains("     --\(field.id) \(field.valueName)\n"), "\(field.id)")
            }
            #expect(plain.contains("     buildkit-installer answers check [options] file\n"))
            #expect(plain.contains("     130  Interrupted by a signal, or declined.\n"))
        }
    }

    @Test func everyCommandThatTheHelpShowsHasItsPart() throws {
        let tree = try CommandTree.program.get()
        let page = ManualPage(tree, version: ProgramVersion.number, date: ProgramVersion.date).text
        for command in tree.leaves {
            let title = command.path.joined(separator: " ")
            #expect(page.contains(".Ss \(title.contains(" ") ? "\"\(title)\"" : title)\n"), "\(title)")
        }
        #expect(!tree.leaves.contains { ["start", "help"].contains($0.commandName) })
    }

    @Test func whatLooksLikeAMacroIsText() {
        var page = Mdoc()
        page.say(".Sh is a macro. No is one too", "'quoted\\n", "see --node-port")
        page.macro("Ss", "No such thing")
        #expect(
            page.text == """
                \\&.Sh is a macro.
                No is one too
                \\&'quoted\\en
                see \\%\\-\\-node\\-port
                .Ss "No such thing"

                """)
    }

    @Test func aTextOfHelpIsTakenApart() {
        let discussion = Discussion("It does.\nAnd more.\n\nEXIT STATUS\n  0  Well.\n  3  Due.")
        #expect(discussion.text == ["It does.", "And more."])
        #expect(discussion.section("EXIT STATUS")?.lines == ["0  Well.", "3  Due."])
        #expect(discussion.section("EXAMPLES") == nil)
    }
}
