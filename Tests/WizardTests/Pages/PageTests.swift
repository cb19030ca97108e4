import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The effects of keys on pages without a form.
@Suite struct PagesTests {
    @Test func leavingIsAskedFor() {
        var stage = Stage()
        stage.press(.escape)
        #expect(stage.text.contains("No changes were made."))
        stage.press(.character("n"))
        #expect(stage.walk.outcome == nil)
        stage.press(.control("c"), .control("c"))
        #expect(stage.walk.outcome == .left)
    }

    @Test func lookingBeginsBeforeTheFirstKey() {
        let stage = Stage(facts: nil)
        var recalled = Sample.answers
        recalled.recall(["context": "production"], except: [])
        #expect(
            stage.effects == [
                .recall(Sample.answers, number: 1), .listInstallations, .look(.install, recalled, number: 2),
            ])
        #expect(stage.text.contains("checking"))
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
        stage.press(.enter, .character("c"))
        var facts = Facts()
        facts.helm = .known("4.1.0")
        stage.look(facts, isOver: false)
        #expect(stage.text.contains("✓ helm"))
        #expect(stage.text.contains("checking…"))
    }

    @Test func aNarrowPageTellsAlsoWhatIsStillToComeOutOfSight() {
        var facts = Facts()
        facts.kubectl = .unavailable(InstallerError("kubectl not found"))
        var stage = Stage(columns: 40, rows: 12, facts: nil)
        stage.press(.enter, .character("c"))
        stage.look(facts, isOver: false)
        #expect(!stage.text.contains("checking"))
        #expect(stage.text.contains("Checks  ○ 19 pending"))
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

    /// A repeated install changes what the user changes, and no earlier answer.
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
        #expect(stage.text.contains("kubectl not found"))
        #expect(stage.text.contains("→ Install kubectl."))
    }

    @Test func nothingBeginsWhileACheckFails() {
        var stage = Stage()
        stage.go(to: .review)
        stage.look(Sample.poorFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .review)
        #expect(stage.text.contains("checks failed: "))
        #expect(stage.text.contains("shows the fixes."))
    }

    @Test func aRehearsalBeginsAlsoWhereChecksFail() {
        var stage = Stage(isRehearsal: true, facts: Sample.poorFacts)
        for _ in 0..<8 { stage.proceed() }
        stage.look(Sample.poorFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .progress)
    }

    @Test func nothingIsRehearsedOnWhatCouldNotBeRead() {
        var stage = Stage(isRehearsal: true, facts: Sample.bareFacts)
        for _ in 0..<8 { stage.proceed() }
        stage.look(Sample.bareFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .review)
        #expect(stage.text.contains("Cannot create a plan: could not read"))
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
        stage.press(.control("n"))
        #expect(stage.effects.last == .look(.install, stage.answers, number: 3))
        #expect(stage.text.contains("Checking the cluster"))
    }

    @Test(arguments: [
        Workflow.install, .rotate, .uninstall, .sleep, .wake, .addClient, .renewClient, .revokeClient,
    ])
    func noKeyOfTheReviewMeansTwoThings(_ verb: Workflow) {
        let stage = Stage(facts: Sample.idleFacts)
        var guide = stage.walk.guide
        guide.verb = verb
        let context = PageContext(model: stage.walk.model, guide: guide)
        let keys = ReviewPage().hints(context).map(\.key)
        #expect(Set(keys).count == keys.count, "\(keys)")
        #expect(keys.contains(verb.key))
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
        #expect(stage.text.contains("Stop now?"))
        stage.press(.escape)
        #expect(!stage.text.contains("Stop now?"))
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

/// Given answers that are not usable.
@Suite struct StrayAnswersTests {
    @Test func whatNoPageAsksForIsToldOnTheFirstPage() {
        let misspelt = AnswerError(
            field: "BUILDKIT_INSTALLER_NAMSPACE", message: "unknown setting",
            example: "BUILDKIT_INSTALLER_NAMESPACE")
        var stage = Stage(problems: [misspelt])
        #expect(stage.walk.place == .start)
        #expect(stage.text.contains("BUILDKIT_INSTALLER_NAMSPACE: unknown setting"))
        stage.go(to: .review)
        #expect(stage.text.contains("No changes have been made yet."))
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
