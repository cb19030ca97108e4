import MutualTLS
import Testing

@testable import Installer
@testable import Wizard

/// The notes on a page of settings.
@Suite struct FormNotesTests {
    /// Without colours, too.
    @Test func aCertificateThatExpiresSoonHasASignOfItsOwn() {
        var stage = Stage(columns: 100, rows: 30)
        stage.choose(.rotate, finding: Sample.rotationFacts)
        stage.go(to: .form("inventory"))
        for row in [
            "  CA            60ad0000", "! server        41c70000", "  client admin  5e200000",
            "!               The server certificate expires on",
        ] { #expect(stage.text.contains(row), "\(row)\n\(stage.text)") }
    }

    @Test func lineByLineAWordReplacesTheSign() {
        let notes = InventoryNotes(Sample.rotationFacts).all.map(\.sentence)
        #expect(notes.contains { $0.hasPrefix("warning: server: 41c70000, expires in 12 days") }, "\(notes)")
        #expect(notes.contains { $0.hasPrefix("CA: 60ad0000") }, "\(notes)")
        #expect(notes.contains { $0.hasPrefix("warning: The server certificate expires on") }, "\(notes)")
        let error = FormNote(subject: "", text: "They do not match.", severity: Finding.Severity.error)
        #expect(error.mark == .failed && error.sentence == "error: They do not match.")
    }

    @Test func aBuilderOfThatNameIsAWarning() {
        var facts = Sample.facts
        let node = Facts.BuilderNode(
            name: "remote-kubernetes0", endpoint: "tcp://192.0.2.1:1234", options: [:], platforms: [])
        facts.builders = .known(
            .init(
                builders: [.init(name: "remote-kubernetes", driver: "remote", nodes: [node])],
                current: "default", defaultConfiguration: nil, dockerContexts: ["default"]))
        let notes = RegistrationNotes(Sample.answers, facts).all
        #expect(notes.map(\.mark) == [.warning])
    }

    @Test func aServerNameIsShownInBothForms() throws {
        var answers = Sample.answers
        answers.servername = try SubjectName("bücher.example.com")
        let text = "xn--bcher-kva.example.com is bücher.example.com"
        #expect(AddressNotes(answers, Sample.facts).all.filter { $0.text == text }.count == 1)
        answers.sans = [try SubjectName("bücher.example.com")]
        #expect(AddressNotes(answers, Sample.facts).all.filter { $0.text == text }.count == 1)
    }
}
