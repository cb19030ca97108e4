import FoundationEssentials
import LabSupport
import Testing

/// `answers check`, as used by a script.
@Suite struct AnswersCommandTests {
    private func check(_ contents: String, _ options: String...) async throws -> Outcome {
        try await withTemporaryFolder { folder in
            try Data(contents.utf8).write(to: URL(filePath: "\(folder)/a.json"))
            let outcome = try await Program(Program.builtInstaller)
                .run(["answers", "check", "\(folder)/a.json"] + options)
            return Outcome(
                status: outcome.status, output: outcome.output.replacing("\(folder)/", with: ""),
                errors: outcome.errors.replacing("\(folder)/", with: ""))
        }
    }

    @Test func aGoodFileIsSaidToBeOne() async throws {
        let file = #"{"namespace": "builds", "interactive": ["builder", "address"]}"#
        #expect(
            try await check(file)
                == Outcome(
                    status: 0, output: "a.json is valid.\nWizard pages shown: Address, Builder.\n", errors: ""
                ))
        let json = try await check(file, "--output", "json")
        #expect(json.status == 0)
        #expect(json.output.hasPrefix(#"{"errors":[],"schemaVersion":1,"timestamp":""#))
        #expect(json.output.hasSuffix(#"","type":"answer-errors"}"# + "\n"))
    }

    @Test func allThatIsWrongIsSaidAtOnce() async throws {
        let file = #"{"port": 0, "namspace": "x", "node-port": 31000, "interactive": ["adress"]}"#
        let outcome = try await check(file)
        #expect(outcome.status == 64)
        #expect(outcome.output == "")
        #expect(
            outcome.errors.split(separator: "\n").map { $0.prefix { $0 != ":" } } == [
                "Invalid settings", #"  "port" in a.json"#, #"  "interactive" in a.json"#,
                #"  "namspace" in a.json"#, #"  "node-port" in a.json"#,
            ])
        let json = try await check(file, "--output", "json")
        #expect(json.status == 64)
        #expect(json.output.hasPrefix(#"{"errors":[{"code":"InvalidAnswer","#))
        #expect(json.errors == "")
    }

    @Test func theEnvironmentDoesNotCount() async throws {
        try await withTemporaryFolder { folder in
            try Data("{}".utf8).write(to: URL(filePath: "\(folder)/a.json"))
            let program = Program(
                try Program.builtInstaller, environment: ["BUILDKIT_INSTALLER_PORT": "none"])
            #expect(try await program.run("answers", "check", "\(folder)/a.json").status == 0)
        }
    }

    /// Contents that are no settings: by name, so that a failure does not print them.
    private static let contents: [String: Data] = [
        "900,000 open lists": Data(repeating: UInt8(ascii: "["), count: 900_000),
        "objects in objects": Data(String(repeating: #"{"a":"#, count: 150_000).utf8),
        "a NUL": Data(#"{"namespace": "a\#0b"}"#.utf8),
        "an escaped NUL": Data(#"{"namespace": "a\u0000b"}"#.utf8),
        "no UTF-8": Data([UInt8](#"{"certs": ""#.utf8) + [0xFF, 0xC0, 0xAF] + [UInt8](#""}"#.utf8)),
        "numbers out of range": Data(#"{"days": 1e300, "port": 1e999, "node-port": -0.0}"#.utf8),
        "no number": Data(#"{"timeout": NaN}"#.utf8),
        "other types": Data(#"{"days": 36500.5, "port": true, "sans": {"a": 1}, "namespace": null}"#.utf8),
        "a key twice": Data(#"{"namespace": "a", "n\u0061mespace": "b"}"#.utf8),
        "10 MB": Data(#"{"sans": "\#(String(repeating: "a", count: 10_000_000))"}"#.utf8),
        "nothing": Data(),
    ]

    @Test(arguments: contents.keys.sorted()) func whatIsNoAnswersFileIsRefusedBriefly(_ name: String)
        async throws
    {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.json"
            try #require(Self.contents[name]).write(to: URL(filePath: path))
            let outcome = try await Program(Program.builtInstaller).run("answers", "check", path)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.errors.contains("a.json") && outcome.errors.utf8.count < 4000)
            #expect(!outcome.errors.actsOnATerminal, "\(outcome.errors.debugDescription)")
        }
    }

    /// No program writes to the pipe, and the device never ends.
    @Test(.timeLimit(.minutes(10)), arguments: ["/dev/zero", "/dev/null", "/", "pipe"])
    func whatIsNoFileIsRefused(_ path: String) async throws {
        try await withTemporaryFolder { folder in
            let path = path == "pipe" ? "\(folder)/pipe" : path
            if path.hasSuffix("pipe") { try await Program("mkfifo").require(path) }
            for arguments in [["answers", "check", path], ["install", "--dry-run", "--answers", path]] {
                let outcome = try await Program(Program.builtInstaller).run(arguments)
                if path.hasPrefix("/dev/") {
                    #expect(outcome.status == 64)
                    #expect(outcome.errors.contains("  \(path): is "), "\(outcome)")
                } else {
                    #expect(outcome.status == 66)
                    #expect(outcome.errors.contains("Cannot read the answers file \(path)\n"), "\(outcome)")
                }
            }
        }
    }

    @Test func aFileThatCannotBeReadIsAFailure() async throws {
        let outcome = try await Program(Program.builtInstaller).run("answers", "check", "/nowhere.json")
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains("Cannot read the answers file /nowhere.json"))
    }
}
