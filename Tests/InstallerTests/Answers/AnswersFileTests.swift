import FoundationEssentials
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
        #expect(problem.message.hasPrefix("'adress' is none of the pages cluster, address,"))
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
