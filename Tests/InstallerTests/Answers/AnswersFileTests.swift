import FoundationEssentials
import Glibc
@testable import Installer
import Testing

@Suite struct PageChoiceTests {
    private func resolution(_ interactive: String) -> ResolvedAnswers {
        let text = #"{"namespace": "builds", "interactive": \#(interactive)}"#
        return AnswerSources(file: AnswersFile(path: "a.json", contents: Data(text.utf8))).resolve()
    }

    @Test func thePagesAreTakenAsTheFileLists() {
        #expect(resolution(#"["address", "builder"]"#).pages == ["address", "builder"])
        #expect(resolution("[]").pages == [])
        #expect(AnswerSources().resolve().pages == nil)
    }

    @Test func everyPageCanBeChosen() {
        let ids = Form.all.map(\.id)
        #expect(resolution("[\"\(ids.joined(separator: "\", \""))\"]").pages == Set(ids))
    }

    @Test func anUnknownPageIsAProblemWithTheNearestWord() throws {
        let resolution = resolution(#"["adress", "builder"]"#)
        let problem = try #require(resolution.problems.first)
        #expect(problem.origin == #""interactive" in a.json"#)
        #expect(problem.message.hasPrefix("'adress' is not a page; the pages are cluster, address,"))
        #expect(problem.example == "address")
        #expect(resolution.pages == nil, "with a list that is wrong, everything is asked")
        #expect(resolution.answers.namespace == "builds")
    }

    @Test(arguments: [#""address""#, "true", "null", #"[["address"]]"#, "[1]"])
    func whatIsNoListOfNamesIsRefused(_ value: String) {
        #expect(resolution(value).problems.count == 1)
        #expect(resolution(value).pages == nil)
    }

    @Test func anEditorMayBeToldTheSchema() {
        let file = AnswersFile(
            path: "a.json", contents: Data(##"{"$schema": "./answers.schema.json"}"##.utf8))
        #expect(file.problems.isEmpty)
    }
}

@Suite struct AnswersFileContentsTests {
    private func problems(_ text: String) -> [AnswerError] {
        AnswersFile(path: "a.json", contents: Data(text.utf8)).problems
    }

    @Test(arguments: [
        #"{"port": 1, "port": 2}"#, #"{"port": 1, "\u0070ort": 2}"#, #"{"po\u0072t": 1, "port": 2}"#,
    ])
    func aKeyThatStandsThereTwiceIsToldHoweverItIsWritten(_ text: String) {
        #expect(problems(text).contains { $0.message == "duplicate key" })
    }

    @Test func whatIsNestedTooDeeplyIsRefusedAtOnce() {
        let depth = 100_000
        let text =
            #"{"sans": "# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        #expect(problems(text).first?.message.hasPrefix("is nested more than 16 levels deep") == true)
        #expect(problems(#"{"sans": ["[[[[[[[[[[[[[[[[[[[[[[", "\"[[[[[[[[[[[[[[[[["]}"#).isEmpty)
    }

    @Test func aPipeIsReadLikeAFile() async throws {
        let folder = try TemporaryFolder()
        let pipe = "\(folder.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let tools = try FakeTools([.helm: #"printf '{"namespace": "builds"}' > "$1""#])
        async let writing = tools.runner.run(Command(.helm, [pipe]))
        let file = try AnswersFile(readingFrom: pipe)
        #expect(try await writing.status == 0)
        #expect(file.texts == ["namespace": "builds"])
    }

    @Test func aPathIsMadeAbsoluteWhenItIsRead() {
        let here = FileManager.default.currentDirectoryPath
        let answers = AnswerSources(flags: ["certs": "./certs", "values": "values.yaml"]).resolve().answers
        #expect(answers.certs == "\(here)/certs" && answers.values == "\(here)/values.yaml")
        #expect(AnswerSources(flags: ["certs": "~/c"]).resolve().answers.certs == "~/c")
        #expect(AnswerSources(flags: ["certs": "/c"]).resolve().answers.certs == "/c")
    }
}
