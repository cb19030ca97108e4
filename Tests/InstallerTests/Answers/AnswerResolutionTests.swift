import FoundationEssentials
@testable import Installer
import Testing

@Suite struct SourcesTests {
    private func file(_ text: String) -> AnswersFile {
        AnswersFile(path: "a.json", contents: Data(text.utf8))
    }

    @Test func aFlagWinsOverTheEnvironmentAndTheEnvironmentOverTheFile() {
        let resolution = AnswerSources(
            file: file(#"{"namespace": "one", "release": "one", "builder": "one"}"#),
            environment: ["BUILDKIT_INSTALLER_NAMESPACE": "two", "BUILDKIT_INSTALLER_RELEASE": "two"],
            flags: ["namespace": "three"]
        ).resolve()
        #expect(resolution.problems.isEmpty)
        #expect(resolution.answers.namespace == "three")
        #expect(resolution.answers.release == "two")
        #expect(resolution.answers.builder == "one")
        #expect(resolution.origins["namespace"] == .flag)
    }

    @Test func allProblemsAreFoundAtOnceAndNamedAsTheUserWroteThem() {
        let resolution = AnswerSources(
            file: file(#"{"port": "x", "sans": ["ok.example.com", "b_d"]}"#),
            environment: ["BUILDKIT_INSTALLER_DAYS": "0"], flags: ["namespace": "A"]
        ).resolve()
        #expect(
            resolution.problems.map(\.origin) == [
                #""port" in a.json"#, #""sans" in a.json"#, "BUILDKIT_INSTALLER_DAYS", "--namespace",
            ])
    }

    @Test func aMisspeltVariableIsNotPassedOver() {
        let resolution = AnswerSources(environment: ["BUILDKIT_INSTALLER_NAMESPCE": "x"]).resolve()
        #expect(
            resolution.problems.map(\.description) == [
                "BUILDKIT_INSTALLER_NAMESPCE: unknown setting; example: 'BUILDKIT_INSTALLER_NAMESPACE'"
            ])
    }

    @Test func anAnswerToAQuestionThatDoesNotAriseIsAProblem() {
        let resolution = AnswerSources(flags: ["node-port": "31000"]).resolve()
        #expect(
            resolution.problems.map(\.description) == [
                "--node-port: does not apply: only used with exposure node-port"
            ])
    }

    @Test func certificatesMayNotOutliveTheirAuthority() {
        let resolution = AnswerSources(flags: ["days": "400", "authority-days": "300"]).resolve()
        #expect(
            resolution.problems.map(\.description) == [
                "days: 400 days exceed the CA's validity of 300 days; example: '300'"
            ])
    }

    @Test func aServerNameMustBeCovered() {
        let resolution = AnswerSources(flags: ["sans": "a.example.com", "servername": "b.example.com"])
            .resolve()
        #expect(
            resolution.problems.map(\.description) == [
                "servername: no SAN covers b.example.com; example: 'a.example.com'"
            ])
    }

    @Test func aWildcardAloneCannotStandForAnAddress() {
        let resolution = AnswerSources(
            flags: ["exposure": "load-balancer", "sans": "*.example.com"]
        ).resolve()
        #expect(resolution.problems.map(\.field) == ["sans"])
    }
}

@Suite struct AnswersFileTests {
    private func problems(_ text: String) -> [String] {
        AnswersFile(path: "a.json", contents: Data(text.utf8)).problems.map(\.description)
    }

    @Test func anUnknownKeyIsRefusedAndTheNearestOneShown() {
        #expect(
            problems(#"{"namespase": "x"}"#) == [
                #""namespase" in a.json: unknown key; example: 'namespace'"#
            ])
    }

    @Test func aKeyThatStandsThereTwiceIsRefused() {
        #expect(
            problems(#"{"release": "a", "namespace": "{\"release\":", "release": "b"}"#) == [
                #""release" in a.json: duplicate key"#
            ])
    }

    @Test func aValueOfTheWrongTypeIsRefused() {
        #expect(
            problems(
                #"{"port": true, "sans": {"a": 1}, "use": 3, "namespace": null, "days": 1.5, "client": ["a"]}"#
            ) == [
                #""client" in a.json: is a list; it must be a string; example: 'alice'"#,
                #""days" in a.json: is a number; it must be an integer; example: '365'"#,
                #""namespace" in a.json: is null; it must be a string; example: 'buildkit'"#,
                #""port" in a.json: is true or false; it must be an integer; example: '1234'"#,
                #""sans" in a.json: is an object; it must be a list of strings; example: 'builder.example.com'"#,
                #""use" in a.json: is a number; it must be true or false; example: 'yes'"#,
            ])
    }

    @Test func whatIsNotAnObjectIsRefused() {
        #expect(problems("").first?.hasPrefix("a.json: is empty;") == true)
        for text in ["{", #"{"a": "#, "\u{0}", "// none\n{}"] {
            #expect(problems(text).count == 1)
            #expect(
                problems(text).first?.hasPrefix(
                    "a.json: is not valid JSON; to find the error, run `jq . a.json`;") == true, "\(text)")
        }
        #expect(problems(#"{"a": "b\#u{0}"}"#) == [#""a" in a.json: has an invalid value"#])
        for text in ["[]", "3"] {
            #expect(problems(text).count == 1)
            #expect(problems(text).first?.hasPrefix("a.json: is not a JSON object;") == true, "\(text)")
        }
    }

    @Test func tenMegabytesOfNothingAreRefused() {
        let file = AnswersFile(
            path: "a.json", contents: Data(repeating: UInt8(ascii: " "), count: 10_000_000))
        #expect(
            file.problems.map(\.description) == [
                "a.json: is larger than 1000000 bytes; it must be a JSON object of settings; example: '{\"namespace\": \"buildkit\"}'"
            ])
    }

    @Test func deeplyNestedNothingIsRefusedWithoutACrash() {
        #expect(problems(String(repeating: "[", count: 100_000)).count == 1)
    }

    @Test func answersThatAreSavedComeBackAsTheyWere() throws {
        var answers = Answers()
        answers.exposure = .nodePort
        answers.nodePort = 31000
        answers.discardAuthority = true
        try Field.sans.store("a.example.com, *.b.example.com, 10.0.0.1, fd00::1", in: &answers)
        try Field.mirrors.store("docker.io=mirror.gcr.io", in: &answers)
        let text = AnswersFile.text(of: Workflow.install.texts(of: answers))
        let back = AnswerSources(file: file(text)).resolve()
        #expect(back.problems.isEmpty)
        #expect(back.answers == answers)
    }

    private func file(_ text: String) -> AnswersFile {
        AnswersFile(path: "a.json", contents: Data(text.utf8))
    }
}

/// The reuse of answers of an earlier run.
@Suite struct RecallTests {
    @Test func whatWasAnsweredThenIsTakenForWhatIsNotGivenNow() {
        var answers = Answers()
        answers.port = 4321
        answers.recall(["port": "2345", "builder": "shared"], except: ["port"])
        #expect(answers.port == 4321)
        #expect(answers.builder == "shared")
    }

    @Test func anotherInstallationsAnswersAreForgotten() {
        var answers = Answers()
        answers.recall(["builder": "shared"], except: [])
        answers.recall(["port": "2345"], except: [])
        #expect(answers.builder == Answers().builder)
        #expect(answers.port == 2345)
    }

    /// Also of a file that an earlier version has saved.
    @Test func aConsentIsForOneRun() {
        var answers = Answers()
        answers.recall(
            ["take-over": "true", "force": "true", "confirm": "buildkit", "now": "true", "port": "2345"],
            except: [])
        #expect(answers.port == 2345)
        #expect(answers.recalled == ["port": "2345"])
        (answers.port, answers.recalled) = (Answers().port, [:])
        #expect(answers == Answers())
        (answers.takeOver, answers.port) = (true, 2345)
        #expect(answers.saved == ["port": "2345"])
    }

    @Test func aValueThatIsNoLongerAllowedDoesNotCount() {
        var answers = Answers()
        answers.recall(["port": "none", "no-such-question": "1"], except: [])
        #expect(answers == Answers())
    }

    /// Without its flag, the command would start from the saved answer again.
    @Test func aDefaultThatReplacesASavedAnswerHasItsFlag() {
        var answers = Answers()
        let saved = [
            "days": "30", "verify": "no", "exposure": "node-port", "node-port": "31234", "sans": "b.test",
            "builder": "shared", "timeout": "40",
        ]
        answers.recall(saved, except: ["days", "verify", "exposure", "sans", "builder"])
        let flags = Workflow.rotate.flags(answers)
        #expect(
            Set(flags) == [
                "--days 365", "--verify", "--exposure port-forward", "--sans ''",
                "--builder remote-kubernetes",
                "--timeout 40",
            ])
        let command = Workflow.rotate.commandLine(answers, at: answers.installation)
        #expect(command.contains(" --days 365 "))
        // The flags give the same answers again.
        let given = AnswerSources(
            flags: [
                "days": "365", "verify": "yes", "exposure": "port-forward", "sans": "",
                "builder": "remote-kubernetes", "timeout": "40",
            ]
        ).resolve()
        #expect(given.problems.isEmpty)
        var again = given.answers
        again.recall(saved, except: Set(given.origins.keys))
        #expect(again == answers)
        // An install does not start from them.
        #expect(Workflow.install.flags(answers) == ["--timeout 40", "--yes"])
        // They belong to the installation that they were saved for.
        answers.recall([:], except: ["days"])
        #expect(Workflow.rotate.flags(answers) == [])
    }
}
