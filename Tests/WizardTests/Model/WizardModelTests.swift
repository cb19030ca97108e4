@testable import Installer
import MutualTLS
import Terminal
import Testing
@testable import Wizard

/// A wizard that is to ask some of its pages only.
@Suite struct ChosenFormsTests {
    /// The pages that one sees from the start to the review.
    private func walk(_ stage: inout Stage) -> [PageID] {
        var seen = [stage.walk.place]
        while stage.walk.place != .review, seen.count < 20 {
            if case .form = stage.walk.place { stage.press(.control("n")) } else { stage.press(.enter) }
            if stage.walk.model.isLooking { stage.look(Sample.facts) }
            seen.append(stage.walk.place)
        }
        return seen
    }

    @Test func theOthersAreSkippedAndChecksAndReviewStay() {
        var stage = Stage(pages: ["release", "address"])
        #expect(
            walk(&stage) == [.start, .checks, .form("address"), .form("release"), .review])
        stage.press(.escape)
        #expect(stage.walk.place == .form("release"))
        stage.press(.escape)
        #expect(stage.walk.place == .form("address"))
    }

    @Test func nothingMayBeAsked() {
        var stage = Stage(pages: [])
        #expect(walk(&stage) == [.start, .checks, .review])
        stage.press(.escape)
        #expect(stage.walk.place == .checks)
    }

    @Test func aPageWithSomethingWrongOnItIsShownAllTheSame() {
        var answers = Sample.answers
        answers.days = 5000
        var stage = Stage(answers: answers, pages: ["release"])
        #expect(stage.walk.place == .form("certificates"))
        for _ in 0..<5 where !stage.text.contains("› Certificates, days") { stage.press(.tab) }
        stage.replace(with: "365")
        #expect(walk(&stage) == [.form("certificates"), .form("release"), .review])
        // One can come back to what was shown once.
        stage.press(.escape, .escape)
        #expect(stage.walk.place == .form("certificates"))
    }
}

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
