import MutualTLS
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// What somebody has seen and gone on from is theirs: another installation's answers do not take its place.
@Suite struct ConfirmedAnswersTests {
    @Test func theyStayWhereTheNamespaceChangesOnALaterPage() throws {
        var answers = Sample.answers
        answers.exposure = .loadBalancer
        answers.sans = [try SubjectName("builder.example.com")]
        answers.memory = "8Gi"
        var stage = Stage(answers: answers)
        stage.go(to: .form("release"))
        stage.replace(with: "wiz")
        stage.press(.control("n"))
        // Another installation, of which nothing is kept, is looked up.
        stage.send(.recalled([:], look: stage.walk.model.look))
        stage.look(Sample.facts)
        #expect(stage.answers.namespace == "wiz")
        #expect(stage.answers.exposure == .loadBalancer)
        #expect(stage.answers.sans.map { "\($0)" } == ["builder.example.com"])
        // Nobody has seen the builder's page yet.
        #expect(stage.answers.memory == "")
    }

    @Test func theReviewShowsWhatWasDecided() throws {
        var answers = Sample.answers
        answers.exposure = .loadBalancer
        answers.sans = [try SubjectName("builder.example.com")]
        var stage = Stage(rows: 40, answers: answers)
        stage.go(to: .review)
        for text in ["production", "load-balancer", "builder.example.com", "remote-kubernetes"] {
            #expect(stage.text.contains(text), "\(text)")
        }
    }
}
