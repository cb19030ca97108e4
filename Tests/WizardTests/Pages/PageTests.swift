import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// What keys do on the pages that ask nothing.
@Suite struct PagesTests {
    @Test func leavingIsAskedFor() {
        var stage = Stage()
        stage.press(.escape)
        #expect(stage.text.contains("Nothing has been changed."))
        stage.press(.character("n"))
        #expect(stage.walk.outcome == nil)
        stage.press(.control("c"), .control("c"))
        #expect(stage.walk.outcome == .left)
    }

    @Test func lookingBeginsBeforeTheFirstKey() {
        let stage = Stage(facts: nil)
        #expect(
            stage.effects == [
                .recall(Sample.answers, number: 1), .look(.install, Sample.answers, number: 2),
            ])
        #expect(stage.text.contains("looking"))
    }

    @Test func anOlderLookNoLongerCounts() {
        var stage = Stage(facts: nil)
        stage.press(.enter, .character("r"))
        stage.send(.facts(Sample.facts, look: 1), .looked(look: 1))
        #expect(stage.walk.model.isLooking)
        #expect(stage.walk.model.facts == Facts())
    }

    @Test func checksAppearAsTheyFinish() {
        var stage = Stage(facts: nil)
        stage.press(.enter)
        var facts = Facts()
        facts.helm = .known("4.1.0")
        stage.look(facts, isOver: false)
        #expect(stage.text.contains("✓ Helm version"))
        #expect(stage.text.contains("looking …"))
    }

    @Test func aNarrowPageTellsAlsoWhatIsStillToComeOutOfSight() {
        var facts = Facts()
        facts.kubectl = .unavailable(InstallerError("kubectl was not found"))
        var stage = Stage(columns: 40, rows: 12, facts: nil)
        stage.press(.enter)
        stage.look(facts, isOver: false)
        #expect(!stage.text.contains("looking"))
        #expect(stage.text.contains("Context product…   19 to come"))
    }

    @Test func anotherContextIsLookedAtAtOnce() {
        var stage = Stage()
        stage.go(to: .checks)
        stage.press(.character("c"), .down, .enter)
        #expect(stage.answers.context == "staging")
        #expect(stage.effects.last == .recall(stage.answers, number: 3))
        stage.send(.recalled([:], look: 3))
        #expect(stage.effects.last == .look(.install, stage.answers, number: 4))
    }

    /// An install that is run again changes what the user changes, and nothing that was answered before.
    @Test func anInstallStartsFromWhatWasAnsweredLastTime() {
        var stage = Stage()
        stage.send(.recalled(["port": "2345", "exposure": "node-port"], look: stage.walk.model.look))
        stage.go(to: .form("address"))
        #expect(stage.text.contains("2345"))
        #expect(stage.answers.exposure == .nodePort)
    }

    @Test func theSelectedCheckSaysWhatMendsIt() {
        var stage = Stage(facts: Sample.bareFacts)
        stage.press(.enter)
        #expect(stage.text.contains("kubectl was not found"))
        #expect(stage.text.contains("→ Install kubectl."))
    }

    @Test func nothingBeginsWhileACheckFails() {
        var stage = Stage()
        stage.go(to: .review)
        stage.look(Sample.poorFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .review)
        #expect(stage.text.contains("checks failed: "))
        #expect(stage.text.contains("The Checks page shows the fix."))
    }

    @Test func aRehearsalBeginsAlsoWhereChecksFail() {
        var stage = Stage(isRehearsal: true, facts: Sample.poorFacts)
        for _ in 0..<7 { stage.press(.enter) }
        stage.look(Sample.poorFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .progress)
    }

    @Test func nothingIsRehearsedOnWhatCouldNotBeRead() {
        var stage = Stage(isRehearsal: true, facts: Sample.bareFacts)
        for _ in 0..<7 { stage.press(.enter) }
        stage.look(Sample.bareFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .review)
        #expect(stage.text.contains("Nothing is planned, for this could not be read"))
    }

    @Test func enterAloneNeverBeginsAnInstall() {
        var stage = Stage()
        stage.go(to: .review)
        stage.press(.enter, .enter)
        #expect(stage.walk.place == .review)
        #expect(stage.text.contains("Press i to install."))
    }

    @Test func theReviewLooksAgainWhenTheAnswersHaveChanged() {
        var stage = Stage()
        stage.go(to: .form("registration"))
        stage.replace(with: "shared")
        stage.press(.enter)
        #expect(stage.effects.last == .look(.install, stage.answers, number: 3))
        #expect(stage.text.contains("Looking at the cluster"))
    }

    @Test func savingAsksForAPath() {
        var stage = Stage()
        stage.go(to: .review)
        stage.press(.character("s"))
        stage.replace(with: "team.json")
        stage.press(.enter)
        #expect(stage.effects.last == .save(Workflow.install.texts(of: stage.answers), path: "team.json"))
        stage.send(.saved(path: "team.json", failure: InstallerError("team.json cannot be written")))
        #expect(stage.text.contains("team.json cannot be written."))
    }

    @Test func stoppingIsAskedOnce() {
        var stage = Stage()
        stage.runToChart()
        stage.press(.control("c"))
        #expect(stage.text.contains("Stop?"))
        stage.press(.escape)
        #expect(!stage.text.contains("Stop?"))
        stage.press(.control("c"), .character("s"))
        #expect(stage.effects.last == .stop)
        stage.send(.run(.interrupted(step: "release", at: stage.time)))
        stage.press(.character("k"))
        #expect(stage.effects.last == .decide(.keep))
    }

    @Test func timeGoesOnOnlyWhileSomethingIsUnderWay() {
        var stage = Stage()
        #expect(!stage.walk.isBusy)
        stage.runToChart()
        #expect(stage.walk.isBusy)
        var other = Stage()
        other.runToEnd()
        #expect(!other.walk.isBusy)
    }

    @Test func aSignalEndsAWalkThatHasBegunNothing() {
        var stage = Stage()
        stage.interrupt(signal: 15)
        #expect(stage.walk.outcome == .interrupted(signal: 15))
    }
}

/// What was given and cannot be used.
@Suite struct StrayAnswersTests {
    @Test func whatNoPageAsksForIsToldOnTheFirstPage() {
        let misspelt = AnswerError(
            field: "BUILDKIT_INSTALLER_NAMSPACE", message: "there is no such setting",
            example: "BUILDKIT_INSTALLER_NAMESPACE")
        var stage = Stage(problems: [misspelt])
        #expect(stage.walk.place == .start)
        #expect(stage.text.contains("BUILDKIT_INSTALLER_NAMSPACE: there is no such setting"))
        stage.go(to: .review)
        #expect(stage.text.contains("Nothing has been changed yet."))
    }

    @Test func anAnswerThatDoesNotApplyIsToldAndPassedOver() {
        let problem = AnswerError(field: "node-port", origin: "--node-port", message: "does not apply")
        var stage = Stage(problems: [problem])
        #expect(stage.text.contains("--node-port: does not apply"))
        stage.go(to: .review)
    }

    @Test func aRefusedContextIsToldOnTheChecksPage() {
        let problem = AnswerError(field: "context", origin: "--context", message: "holds a line break")
        var stage = Stage(problems: [problem])
        #expect(stage.walk.place == .checks)
        #expect(stage.text.contains("--context: holds a line break"))
        stage.press(.enter)
        #expect(stage.walk.place == .form("address"))
    }
}
