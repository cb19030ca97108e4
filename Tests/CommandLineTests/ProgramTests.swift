import FoundationEssentials
import Installer
import LabSupport
import Testing

@testable import buildkit_installer

/// How the program ends, and its output, on a machine without tools and without a cluster.
@Suite struct ProgramTests {
    @Test func anUnknownCommandIsNamedWithTheOneThatWasMeant() async throws {
        try await withMachine { machine in
            let outcome = try await machine.run("instal")
            #expect(outcome.status == 64)
            #expect(
                outcome.errors.hasPrefix(
                    "Error: Unknown command \"instal\"\nDid you mean: buildkit-installer install\n"))
            #expect(outcome.errors.contains("Commands: install, check, status, doctor, client, rotate"))
            #expect(!outcome.errors.contains("start"))
            let below = try await machine.run("client", "ad")
            #expect(below.status == 64)
            #expect(
                below.errors.hasPrefix(
                    "Error: Unknown command \"ad\" of client\nDid you mean: buildkit-installer client add\n"))
        }
    }

    @Test(arguments: ["client", "answers"])
    func aCommandThatOnlyGroupsOthersPrintsItsHelp(_ command: String) async throws {
        try await withMachine { machine in
            let alone = try await machine.run(command)
            let help = try await machine.run(command, "--help")
            #expect(alone.status == 0, "\(alone)")
            #expect(alone.output == help.output)
        }
    }

    @Test func whatIsMissingIsSaidWithTheUsageOfTheCommand() async throws {
        try await withMachine { machine in
            let outcome = try await machine.run("client", "revoke")
            #expect(outcome.status == 64)
            #expect(
                outcome.errors == """
                    Error: Missing client name
                    Usage: buildkit-installer client revoke [<name>] [<options>]
                    See: buildkit-installer client revoke --help

                    """)
        }
    }

    @Test(arguments: [
        ["rotate", "--finish", "--renew", "inner"], ["uninstall", "--everything", "--remove", "cache"],
        ["install", "--dry-run", "--print-commands"], ["install", "--print-commands", "--output", "json"],
        ["rotate", "--check", "--finish"], ["rotate", "--check", "--checks-only"],
        ["install", "--checks-only", "--dry-run"], ["client", "revoke", "alice", "--serial", "5f"],
        ["client", "add", "alice", "--name", "bob"], ["sleep", "--dry-run", "--print-commands"],
        ["status", "--watch", "--output", "json"],
    ])
    func flagsThatContradictEachOtherAreRefused(_ words: [String]) async throws {
        try await withMachine { machine in
            let outcome = try await machine.run(words)
            #expect(outcome.status == 64, "\(outcome)")
            let failure = words.contains("json") ? try outcome.lines().last?["failure"] : nil
            let advice = words.contains("json") ? failure?["hint"]?.string : outcome.errors
            #expect(advice?.contains("Usage: buildkit-installer \(words[0])") == true, "\(outcome)")
        }
    }

    @Test func theClientMayBeNamedInTheEnvironmentOrTheFile() async throws {
        try await withMachine { machine in
            // It reaches the checks, which fail because there are no tools.
            for verb in ["add", "renew", "revoke"] {
                let named = try await machine.with(["BUILDKIT_INSTALLER_NAME": "alice"]).run(
                    "client", verb, "--yes")
                #expect(named.status == 69, "\(named)")
            }
            let file = "\(machine.folder)/answers.json"
            try Data(#"{"name": "alice"}"#.utf8).write(to: URL(filePath: file))
            #expect(try await machine.run("client", "renew", "--answers", file, "--yes").status == 69)
            try Data(#"{"serial": ["5f0c"]}"#.utf8).write(to: URL(filePath: file))
            #expect(try await machine.run("client", "revoke", "--answers", file, "--yes").status == 69)
            #expect(try await machine.run("client", "add", "--answers", file, "--yes").status == 64)
        }
    }

    @Test(arguments: [
        ["install", "--yes"], ["install", "--dry-run"], ["status"], ["client", "list"],
        ["rotate", "--check"],
        ["sleep", "--yes"], ["wake", "--yes"], ["issue"], ["check"], ["doctor"],
    ])
    func anAnswersFileThatCannotBeReadIsTheSameFailureForEveryCommand(_ words: [String]) async throws {
        try await withMachine { machine in
            let outcome = try await machine.run(words + ["--answers", "/nowhere.json"])
            #expect(outcome.status == 66, "\(outcome)")
            #expect(outcome.errors.hasPrefix("Error: Cannot read the answers file /nowhere.json\n"))
            let json = try await machine.run(words + ["--answers", "/nowhere.json", "--output", "json"])
            #expect(json.status == 66)
            #expect(json.errors == "")
            let result = try #require(try json.lines().last)
            #expect(result["type"] == "result")
            #expect(result["outcome"] == "refused")
            #expect(result["failure"]?["code"] == "InputUnreadable")
            #expect(result["failure"]?["id"] == "file")
        }
    }

    @Test func aRehearsalEndsAsTheRunWouldAtItsChecks() async throws {
        try await withMachine { machine in
            let rehearsed = try await machine.run("install", "--dry-run")
            #expect(rehearsed.status == 69)
            #expect(rehearsed.errors.contains("Error: "))
            #expect(rehearsed.errors.contains("checks failed: kubectl; "))
            #expect(rehearsed.errors.hasSuffix("No changes were made.\n"))
            // A plan that would not be executed is not printed.
            #expect(rehearsed.output == "")
            let checked = try await machine.run("check")
            #expect(checked.status == 69)
            #expect(checked.output.contains("failed: kubectl: kubectl not found"))
            #expect(checked.output.contains("\n  See: docs/troubleshooting.md#KubectlCheck\n"))
        }
    }

    /// The gate of a pipeline is the same for the verb and for the option.
    @Test func theChecksAloneAreThoseOfTheCheckCommand() async throws {
        try await withMachine { machine in
            let check = try await machine.run("check")
            let gate = try await machine.run("install", "--checks-only")
            #expect(gate.status == 69)
            #expect([gate.output, gate.errors] == [check.output, check.errors])
            #expect(
                check.errors.hasSuffix("See: docs/troubleshooting.md#ChecksFailed\nNo changes were made.\n"))
            // Checks need no consent.
            #expect(try await machine.run("install", "--checks-only", "--yes").output == check.output)
            let rotate = try await machine.run("rotate", "--checks-only", "--output", "json")
            #expect(rotate.status == 69, "\(rotate)")
            let lines = try rotate.lines()
            #expect(lines.map { $0["type"] } == ["checks", "result"])
            #expect(lines.last?["outcome"] == "refused")
            #expect(lines.last?["failure"]?["docs"] == "docs/troubleshooting.md#ChecksFailed")
            // Without a cluster, the components on this machine can still be removed, by consent.
            #expect(try await machine.run("uninstall", "--checks-only").status == 69)
            #expect(try await machine.run("uninstall", "--checks-only", "--force").status == 0)
        }
    }

    /// The name of the context is part of the path of the certificates, and kubectl is missing.
    @Test(arguments: [["client", "list"], ["rotate", "--check"]])
    func withoutTheCurrentContextTheCertificatesAreUnknown(_ words: [String]) async throws {
        try await withMachine { machine in
            let outcome = try await machine.run(words)
            #expect(outcome.output.contains("The current context is unknown"), "\(outcome)")
            let named = try await machine.run(words + ["--context", "test"])
            #expect(!named.output.contains("The current context is unknown"), "\(named)")
        }
    }

    @Test func withoutATerminalSomebodyHasToAgree() async throws {
        try await withMachine { machine in
            let outcome = try await machine.run("chart", "\(machine.folder)/chart")
            #expect(outcome.status == 0)
            let json = try await machine.run("bogus", "--output", "json")
            #expect(json.status == 64)
            #expect(try json.lines().last?["failure"]?["code"] == "Usage")
            #expect(try json.lines().last?["failure"]?["id"] == "command-line")
        }
    }

    /// Tested with an independent validator.
    @Test func everyLineOfJSONIsAsTheSchemaSays() async throws {
        try await withMachine { machine in
            var lines: [String] = []
            for words in [
                ["install", "--yes"], ["install", "--port", "0", "--yes"], ["status"],
                ["doctor", "--no-build"],
                ["client", "list"], ["rotate", "--check"], ["check"], ["nonsense"], ["sleep", "--yes"],
                ["issue", "--certs", "\(machine.folder)/certs"], ["chart", "\(machine.folder)/chart"],
                ["doctor", "bundle", "\(machine.folder)/doctor.tar"], ["uninstall", "--dry-run"],
                ["install", "--checks-only"],
            ] {
                let outcome = try await machine.run(words + ["--output", "json"])
                #expect(outcome.errors == "", "\(words): \(outcome)")
                lines += outcome.output.split(separator: "\n").map(String.init)
            }
            let types = Set(
                try lines.map {
                    try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))["type"]?.string
                })
            #expect(
                types.isSuperset(of: [
                    "answer-errors", "checks", "event", "result", "certificates", "clients", "status",
                    "doctor",
                    "support-bundle",
                ]))
            let wrong = try await PublishedSchema.violations(
                in: lines.joined(separator: "\n"), by: Program(Program.builtInstaller))
            #expect(wrong == "")
        }
    }
}

/// A machine with a home folder and nothing else: no tools, no kubeconfig.
private struct BareMachine {
    let folder: String
    var environment: [String: String?] = [:]

    func with(_ more: [String: String]) -> BareMachine {
        var machine = self
        for (name, value) in more { machine.environment[name] = value }
        return machine
    }

    func run(_ words: String...) async throws -> Outcome { try await run(words) }

    func run(_ words: [String]) async throws -> Outcome {
        try await Program(Program.builtInstaller, environment: environment).run(words)
    }
}

private func withMachine(_ body: (BareMachine) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
        try await body(
            BareMachine(
                folder: folder,
                environment: [
                    "HOME": folder, "PATH": "\(folder)/bin", "KUBECONFIG": "\(folder)/none",
                    "XDG_CONFIG_HOME": nil, "XDG_STATE_HOME": nil, "DOCKER_CONFIG": nil, "BUILDX_CONFIG": nil,
                ]))
    }
}

extension Outcome {
    fileprivate func lines() throws -> [JSONValue] {
        try output.split(separator: "\n").map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))
        }
    }
}
