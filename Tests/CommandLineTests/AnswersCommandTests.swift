import FoundationEssentials
import LabSupport
import Testing

/// `answers check`, as a script meets it.
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
                    status: 0, output: "a.json is valid.\nThe wizard asks: Address, Builder.\n", errors: ""
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
                "Invalid answers", #"  "port" in a.json"#, #"  "interactive" in a.json"#,
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

    @Test func aFileThatCannotBeReadIsAFailure() async throws {
        let outcome = try await Program(Program.builtInstaller).run("answers", "check", "/nowhere.json")
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains("The answers file /nowhere.json cannot be read"))
    }
}
