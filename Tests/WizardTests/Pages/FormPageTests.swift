import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// What keys do on a page of questions.
@Suite struct FormPageTests {
    private func page(_ id: String, facts: Facts = Sample.facts) -> Stage {
        var stage = Stage(facts: facts)
        stage.go(to: .form(id))
        return stage
    }

    @Test func whatIsTypedBecomesTheAnswer() {
        var stage = page("release")
        stage.replace(with: "builds")
        #expect(stage.answers.namespace == "builds")
    }

    @Test func aRefusalWaitsUntilTheFieldIsLeft() {
        var stage = page("release")
        stage.replace(with: "my_")
        #expect(!stage.text.contains("lower-case"))
        stage.press(.tab)
        #expect(stage.text.contains("may only hold lower-case letters"))
    }

    @Test func aRefusedFieldShowsWhatWasTypedAndKeepsTheAnswerBefore() {
        var stage = page("release")
        stage.replace(with: "my_space")
        stage.press(.tab)
        #expect(stage.answers.namespace == "buildkit")
        #expect(stage.text.contains("my_space"))
    }

    @Test func aRefusedFieldIsRightAgainAsSoonAsItIs() {
        var stage = page("release")
        stage.replace(with: "my_")
        stage.press(.tab, .backTab, .backspace)
        #expect(!stage.text.contains("lower-case"))
        #expect(stage.answers.namespace == "my")
    }

    @Test func nextStaysOnAPageWithAProblemAndShowsTheField() {
        var stage = page("release")
        stage.replace(with: "my_space")
        stage.press(.tab, .enter)
        #expect(stage.walk.place == .form("release"))
        #expect(stage.text.contains("› Namespace"))
    }

    @Test func movingOverOptionsChoosesNone() {
        var stage = page("address")
        stage.press(.down, .down, .down, .up)
        #expect(stage.answers.exposure == .portForward)
    }

    @Test func enterChoosesAnOptionBeforeItGoesOn() {
        var stage = page("address")
        stage.press(.down, .enter)
        #expect(stage.answers.exposure == .loadBalancer)
        #expect(stage.walk.place == .form("address"))
        stage.press(.enter)
        #expect(stage.walk.place == .form("certificates"))
    }

    @Test func aHiddenFieldAppearsWhenItIsNeeded() {
        var stage = page("address")
        #expect(!stage.text.contains("Node port"))
        stage.press(.down, .down, .character(" "))
        #expect(stage.text.contains("Node port"))
    }

    @Test func fieldsThatNoLongerApplyVanish() {
        var stage = page("certificates")
        #expect(stage.text.contains("Authority, days"))
        stage.press(.down, .down, .enter)
        #expect(!stage.text.contains("Authority, days"))
        #expect(stage.text.contains("Folder"))
    }

    @Test func aContradictionIsShownAtItsField() {
        var stage = page("certificates")
        for _ in 0..<5 { stage.press(.tab) }
        stage.replace(with: "5000")
        stage.press(.enter)
        #expect(stage.walk.place == .form("certificates"))
        #expect(stage.text.contains("5000 days would outlive the authority's 3650"))
    }

    @Test func aLaterAnswerThatContradictsAnEarlierPageLeadsBackToIt() {
        var stage = page("address")
        stage.press(.tab, .tab)
        stage.type("builder.example.com")
        stage.press(.tab, .tab)
        stage.type("other.example.com")
        stage.press(.enter)
        #expect(stage.text.contains("no SAN covers other.example.com"))
        #expect(stage.text.contains("› Server name"))
    }

    @Test func spaceChangesASwitch() {
        var stage = page("registration")
        stage.press(.tab, .character(" "))
        #expect(!stage.answers.use)
        #expect(stage.text.contains("[ ] no"))
    }

    @Test func aProposalIsTakenWithAKey() {
        var stage = page("builder")
        stage.press(.tab, .tab)
        stage.press(.control("p"), .enter)
        #expect(stage.answers.storageClass == "fast-ssd")
    }

    @Test func proposalsForAListAreAddedAndTakenAwayOneByOne() {
        var stage = page("address")
        stage.press(.tab, .tab, .control("p"), .enter, .down, .enter, .up, .enter, .escape)
        #expect(stage.answers.sans.map { "\($0)" } == ["127.0.0.1"])
    }

    @Test func pastedLinesBecomeTheValuesOfAList() {
        var stage = page("address")
        stage.press(.tab, .tab)
        stage.send(.paste("a.example.com\nb.example.com\nlocalhost\n"))
        stage.press(.tab)
        #expect(stage.answers.sans.map { "\($0)" } == ["a.example.com", "b.example.com", "localhost"])
    }

    @Test func theAddressPageSaysWhatBuildxDialsAndExpects() {
        var facts = Sample.facts
        facts.service = .known(.init(type: "LoadBalancer", addresses: ["203.0.113.7"], nodePort: nil))
        var stage = page("address", facts: facts)
        #expect(stage.text.contains("tcp://localhost:1234"))
        stage.press(.down, .enter)
        #expect(stage.text.contains("tcp://203.0.113.7:1234"))
        #expect(stage.text.contains("buildkit.buildkit.svc, which the certificate covers, in"))
    }

    @Test func aQuestionMarkIsTypedIntoAFieldAndIsHelpElsewhere() {
        var stage = page("builder")
        stage.press(.character("?"))
        #expect(stage.text.contains("Any key closes this."))
        stage.press(.escape, .tab, .character("?"))
        #expect(!stage.text.contains("Any key closes this."))
    }

    @Test func everyFieldIsAskedOnSomePage() {
        #expect(
            Workflow.all.flatMap(\.forms).fields.allSatisfy { field in
                Workflow.all.contains { $0.place(asking: field.id) != nil }
            })
    }
}
