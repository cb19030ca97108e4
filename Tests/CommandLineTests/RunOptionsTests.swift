import Installer
import Terminal
import Testing

@testable import buildkit_installer

@Suite struct RunOptionsTests {
    @Test(arguments: [
        ["--checks-only", "--dry-run"], ["--checks-only", "--print-commands"],
        ["--dry-run", "--print-commands"],
    ])
    func optionsThatContradictEachOtherAreRefused(_ words: [String]) async {
        for verb in ["install", "rotate", "uninstall"] {
            await #expect(throws: (any Error).self) {
                try await BuildkitInstaller.asyncParseAsRoot([verb] + words)
            }
        }
    }

    @Test func theChecksMayBeAllThatRuns() async throws {
        for verb in ["install", "rotate", "uninstall"] {
            await #expect(throws: Never.self) {
                _ = try await BuildkitInstaller.asyncParseAsRoot([verb, "--checks-only"])
            }
        }
    }
}

@Suite struct ScreenOptionsTests {
    private static let variable = OptionVariable.theme.rawValue

    @Test func aFlagTakesPrecedenceOverTheVariable() throws {
        let given = try ScreenOptions.parse(["--theme", "high-contrast"])
        #expect(try Theme(given.theme, in: [Self.variable: "dark"]).rawValue == "high-contrast")
        // Not even a variable that names no theme matters.
        #expect(try Theme(given.theme, in: [Self.variable: "pink"]).rawValue == "high-contrast")
        let none = try ScreenOptions.parse([])
        #expect(try Theme(none.theme, in: [Self.variable: "light"]).rawValue == "light")
        #expect(try Theme(none.theme, in: [Self.variable: ""]).rawValue == "auto")
        #expect(try Theme(none.theme, in: [:]).rawValue == "auto")
    }

    @Test func anUnknownThemeIsRefusedWithTheKnownOnes() async throws {
        let failure = #expect(throws: InstallerError.self) {
            try Theme(nil, in: [Self.variable: "pink"])
        }
        #expect(failure?.message == "BUILDKIT_INSTALLER_THEME: unknown theme \"pink\"")
        #expect(failure?.hint == "Set it to one of: auto, dark, light, high-contrast.")
        #expect(failure.map { ExitStatus($0) } == .badUsage)
        let said = await #expect(throws: (any Error).self) {
            try await BuildkitInstaller.asyncParseAsRoot(["--theme", "pink"])
        }
        let message = said.map { BuildkitInstaller.message(for: $0) } ?? ""
        for name in ["auto", "dark", "light", "high-contrast"] {
            #expect(message.contains(name), "\(message)")
        }
    }

    @Test(arguments: OptionVariable.allCases)
    func noVariableOfAnOptionIsTakenForAMisspeltSetting(_ variable: OptionVariable) {
        let resolution = AnswerSources(file: nil, environment: [variable.rawValue: "x"], flags: [:]).resolve()
        #expect(resolution.problems == [])
    }
}
