import ArgumentParser
import Installer
import Testing

@testable import buildkit_installer

@Suite struct FieldOptionsTests {
    @Test(arguments: Workflow.install.forms.fields.map(\.id))
    func everyFieldHasAFlag(_ id: String) async throws {
        let install = try #require(
            try await InstallCommand.asyncParseAsRoot(["--\(id)", "some-value"]) as? InstallCommand)
        #expect(install.fields.given == [id: "some-value"])
    }

    @Test(arguments: Workflow.install.forms.fields.filter { $0.kind == .toggle }.map(\.id))
    func aToggleAloneMeansYes(_ id: String) async throws {
        let install = try #require(
            try await InstallCommand.asyncParseAsRoot(["--\(id)", "--yes"]) as? InstallCommand)
        #expect(install.fields.given == [id: "yes"])
        #expect(install.options.yes)
    }

    @Test func theHelpNamesEveryFlagWithItsDefault() throws {
        let help = try #require(page("install"))
        for field in Workflow.install.forms.fields { #expect(help.contains("--\(field.id)"), "\(field.id)") }
        #expect(help.contains("Default: buildkit."))
        #expect(!help.contains("default as flag"))
    }
}

@Suite struct RotateOptionsTests {
    @Test(arguments: Workflow.rotate.forms.fields.map(\.id))
    func everyFieldHasAFlag(_ id: String) async throws {
        let rotate = try #require(
            try await BuildkitInstaller.asyncParseAsRoot(["rotate", "--\(id)", "some-value"])
                as? RotateCommand)
        #expect(rotate.fields.given == [id: "some-value"])
    }
}

@Suite struct ClientOptionsTests {
    @Test(arguments: [Form.client, .revocation, .approach].fields.map(\.id))
    func everyFieldOfAClientHasAFlag(_ id: String) async throws {
        let isRevocation = Form.revocation.fields.contains { $0.id == id }
        let words = ["client", isRevocation ? "revoke" : "add", "--\(id)", "some-value"]
        let command = try await BuildkitInstaller.asyncParseAsRoot(words)
        let given =
            (command as? AddClient).map { $0.fields.given.merging($0.installation.given) { $1 } }
            ?? (command as? RevokeClient)?.fields.given
        #expect(given == [id: "some-value"])
    }

    @Test func theNameMayStandByItself() async throws {
        let add = try #require(
            try await BuildkitInstaller.asyncParseAsRoot(["client", "add", "alice"]) as? AddClient)
        #expect(add.client == "alice")
    }
}

@Suite struct UninstallOptionsTests {
    @Test(arguments: Workflow.uninstall.forms.fields.map(\.id))
    func everyFieldHasAFlag(_ id: String) async throws {
        let uninstall = try #require(
            try await BuildkitInstaller.asyncParseAsRoot(["uninstall", "--\(id)", "some-value"])
                as? UninstallCommand)
        #expect(uninstall.fields.given == [id: "some-value"])
    }
}

@Suite struct ScaleOptionsTests {
    @Test(arguments: Workflow.sleep.forms.fields.map(\.id))
    func everyFieldOfASleepHasAFlag(_ id: String) async throws {
        let sleep = try #require(
            try await BuildkitInstaller.asyncParseAsRoot(["sleep", "--\(id)", "some-value"]) as? SleepCommand)
        #expect(sleep.fields.given == [id: "some-value"])
    }

    @Test(arguments: Workflow.wake.forms.fields.map(\.id))
    func everyFieldOfAWakeUpHasAFlag(_ id: String) async throws {
        let wake = try #require(
            try await BuildkitInstaller.asyncParseAsRoot(["wake", "--\(id)", "some-value"]) as? WakeCommand)
        #expect(wake.fields.given == [id: "some-value"])
    }

    @Test func theConsentStandsWithTheInstallation() throws {
        let help = try #require(page("sleep"))
        #expect(help.contains("--force [yes|no]"))
        #expect(!help.contains("ROTATION"))
    }
}

@Suite struct StatusOptionsTests {
    @Test func aScreenShowsNoJSON() async {
        await #expect(throws: (any Error).self) {
            try await BuildkitInstaller.asyncParseAsRoot(["status", "--watch", "--output", "json"])
        }
    }

    @Test func theHelpSaysWhatTheExitStatusMeans() throws {
        let help = try #require(page("status"))
        #expect(help.contains("\n  0    Healthy.\n"))
        #expect(help.contains("\n  3    Healthy, but a certificate expires within --fail-under-days.\n"))
        #expect(help.contains("--fail-under-days"))
    }
}

@Suite struct StartTests {
    @Test func optionsMayStandWithoutAVerb() async throws {
        let start = try #require(
            try await BuildkitInstaller.asyncParseAsRoot(["--dry-run", "--namespace", "builds"])
                as? StartCommand)
        #expect(start.options.dryRun)
        #expect(start.fields.given == ["namespace": "builds"])
    }

    @Test func theHelpListsTheCommandsAndNotTheStartPage() throws {
        let help = try #require(page())
        for verb in [
            "install", "check", "issue", "chart", "client", "rotate", "status", "uninstall", "schema",
            "manual",
        ] {
            #expect(help.contains("\n  \(verb) "))
        }
        #expect(!help.contains("start page"))
    }
}

/// The help page of a command.
func page(_ words: String..., columns: Int = 80) -> String? {
    guard var command = try? CommandTree.program.get() else { return nil }
    for word in words {
        guard let next = command.subcommand(word) else { return nil }
        command = next
    }
    return HelpPage(command, columns: columns).text
}
