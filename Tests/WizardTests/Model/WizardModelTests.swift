@testable import Installer
import MutualTLS
import Terminal
import Testing
@testable import Wizard

/// A wizard that shows only some of its pages.
@Suite struct ChosenFormsTests {
    /// The pages from the start to the review.
    private func walk(_ stage: inout Stage) -> [PageID] {
        var seen = [stage.walk.place]
        while stage.walk.place != .review, seen.count < 20 {
            stage.proceed()
            if stage.walk.model.isLooking { stage.look(Sample.facts) }
            seen.append(stage.walk.place)
        }
        return seen
    }

    @Test func theOthersAreSkippedAndChecksAndReviewStay() {
        var stage = Stage(pages: ["release", "address"])
        #expect(
            walk(&stage) == [.start, .proposal, .checks, .form("address"), .form("release"), .review])
        stage.press(.escape)
        #expect(stage.walk.place == .form("release"))
        stage.press(.escape)
        #expect(stage.walk.place == .form("address"))
    }

    @Test func nothingMayBeAsked() {
        var stage = Stage(pages: [])
        #expect(walk(&stage) == [.start, .proposal, .checks, .review])
        stage.press(.escape)
        #expect(stage.walk.place == .checks)
    }

    @Test func aPageWithSomethingWrongOnItIsShownAllTheSame() {
        var answers = Sample.answers
        answers.days = 5000
        var stage = Stage(answers: answers, pages: ["release"])
        #expect(stage.walk.place == .form("certificates"))
        for _ in 0..<5 where !stage.text.contains("› Validity (days)") { stage.press(.tab) }
        stage.replace(with: "365")
        #expect(walk(&stage) == [.form("certificates"), .form("release"), .review])
        // The user can return to a page that was shown once.
        stage.press(.escape, .escape)
        #expect(stage.walk.place == .form("certificates"))
    }
}

/// Another installation is selected.
@Suite struct SelectionTests {
    /// Otherwise the default would be used in its place, without a word.
    @Test func whatWasRefusedAtTheStartIsStillRefused() {
        let port = AnswerError(field: "port", origin: "--port", message: "'abc' is not a whole number")
        let context = AnswerError(field: "context", origin: "--context", message: "holds a line break")
        var start = AnswerSources().resolve()
        (start.answers, start.problems) = (Sample.answers, [port, context])
        var model = WizardModel(start, now: Sample.now, size: Size(columns: 80, rows: 24))
        model.select(InstallationID(context: "staging", namespace: "team-b", release: "buildkit"))
        #expect(model.answers.namespace == "team-b")
        #expect(model.problems == [port])
    }
}

/// Answers that the user has seen and confirmed are kept: another installation's answers do not replace them.
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
        // Another installation, without saved answers, is queried.
        stage.send(.recalled([:], look: stage.walk.model.look))
        stage.look(Sample.facts)
        #expect(stage.answers.namespace == "wiz")
        #expect(stage.answers.exposure == .loadBalancer)
        #expect(stage.answers.sans.map { "\($0)" } == ["builder.example.com"])
        // The builder's page has not been shown yet.
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
