import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The shortest way: the proposed run on one card.
@Suite struct ProposalPageTests {
    /// Enter on the start page, Enter on the card, and Enter at the end.
    @MainActor
    @Test func threeKeysLeadToARunningBuilder() {
        let keys: [Key] = [.enter, .enter, .enter]
        let screen = MemoryScreen(script: [
            .waitFor("Actions"), .key(keys[0]), .waitFor("8 steps"), .key(keys[1]),
            .waitFor("BuildKit is installed"), .key(keys[2]),
        ])
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        let scripted = ScriptedEffects()
        var wizard = Wizard(screen: screen, guide: Sample.guide, effects: scripted.effects, start: start)
        guard case .finished(let summary) = wizard.run() else {
            Issue.record("\(screen.text)")
            return
        }
        #expect(summary.outcome == .installed)
        #expect(scripted.log.last == "run Install BuildKit")
    }

    @Test func aLineIsEditedAndTheCardIsShownAgain() {
        var stage = Stage()
        stage.go(to: .proposal)
        stage.click("Cache")
        #expect(stage.walk.place == .form("builder"))
        #expect(stage.text.contains("› Cache"))
        stage.replace(with: "20Gi")
        stage.press(.control("n"))
        #expect(stage.walk.place == .proposal)
        #expect(stage.answers.cache == .size("20Gi"))
        // Other answers mean other facts: nothing can start before they are known.
        stage.press(.tab, .enter)
        #expect(stage.walk.place == .proposal)
        stage.look(Sample.facts)
        stage.press(.enter)
        #expect(stage.walk.place == .progress)
    }

    @Test func nothingStartsWhileACheckFails() {
        var stage = Stage()
        stage.go(to: .proposal)
        stage.look(Sample.poorFacts)
        stage.press(.character("i"))
        #expect(stage.walk.place == .proposal)
        #expect(stage.text.contains("checks failed: "))
        // The button repeats the checks instead.
        #expect(stage.text.contains("▸ Check again ◂"))
        stage.press(.enter)
        #expect(stage.walk.place == .proposal)
        #expect(stage.text.contains("Checks still running"))
        stage.look(Sample.facts)
        #expect(stage.text.contains("▸ Install ◂"))
    }

    @Test func inProductionARemovalNeedsTheReleasesName() {
        var stage = Stage()
        stage.choose(.uninstall, finding: Sample.installedFacts)
        stage.press(.enter)
        #expect(stage.text.contains("looks like production"))
        stage.type("other")
        stage.press(.enter)
        #expect(stage.walk.place == .proposal)
        #expect(stage.text.contains("Nothing was started."))
        stage.press(.enter)
        stage.type(stage.answers.release)
        stage.press(.enter)
        #expect(stage.walk.place == .progress)
    }

    @Test func soDoesWhateverLocksClientsOut() {
        let production = ProductionNames()
        var answers = Sample.answers
        #expect(production.question(before: .rotate, answers, in: "prod") == nil)
        answers.takeOver = true
        #expect(production.question(before: .rotate, answers, in: "prod") != nil)
        (answers.takeOver, answers.renew) = (false, .finish)
        #expect(production.question(before: .rotate, answers, in: "staging") == nil)
        #expect(
            production.question(before: .rotate, answers, in: "prod")
                == "The context prod looks like production. To rotate, type the release name, buildkit:")
    }

    @Test func elsewhereItDoesNot() {
        var answers = Sample.answers
        answers.context = "staging"
        var stage = Stage(answers: answers)
        var facts = Sample.installedFacts
        facts.contexts = .known(.init(names: ["staging"], current: "staging"))
        stage.choose(.uninstall, finding: facts)
        stage.press(.enter)
        #expect(!stage.text.contains("looks like production"))
    }

    /// What was changed while the checks ran is looked at before anything starts.
    @Test func aChangeDuringTheChecksIsLookedAtFirst() {
        var stage = Stage(facts: nil)
        stage.press(.enter, .up, .up, .up, .up, .up, .up, .up, .up, .enter)
        #expect(stage.walk.place == .form("release"))
        stage.replace(with: "builds")
        stage.press(.control("n"))
        #expect(stage.walk.place == .proposal)
        #expect(stage.effects.last == .recall(stage.answers, number: stage.walk.model.look))
        stage.press(.left, .enter)
        #expect(stage.walk.place == .proposal)
    }

    @Test func theWholeRunOrTheSelectedValueIsCopied() {
        var stage = Stage()
        stage.go(to: .proposal)
        stage.press(.character("y"))
        let line = Workflow.install.commandLine(stage.answers, at: stage.answers.installation)
        #expect(stage.effects.last == .copy(line))
        stage.send(.copied)
        #expect(stage.text.contains("Copied to the clipboard."))
        stage.press(.up)
        #expect(!stage.text.contains("Copied to the clipboard."))
        stage.press(.up, .character("y"))
        let rows = Proposal(stage.walk.context).rows
        #expect(stage.effects.last == .copy(rows[rows.count - 2].value))
    }

    @Test func everyButtonCanBeClicked() {
        var stage = Stage()
        stage.go(to: .proposal)
        stage.click("Customize")
        #expect(stage.walk.place == .checks)
        stage.press(.escape)
        stage.click("Show plan")
        #expect(stage.walk.place == .review)
        stage = Stage()
        stage.go(to: .proposal)
        stage.click("Quit")
        #expect(stage.walk.outcome == .left)
    }
}

/// What a click and a number mean on every page.
@Suite struct MouseTests {
    @Test func aClickOnTheListOfPagesGoesThere() {
        var stage = Stage(columns: 120, rows: 36)
        stage.go(to: .form("address"))
        stage.click("5 Builder")
        #expect(stage.walk.place == .form("builder"))
        stage.press(.alt("2"))
        #expect(stage.walk.place == .form("address"))
    }

    @Test func aClickOnAKeyPressesIt() {
        var stage = Stage()
        stage.go(to: .review)
        stage.click("c commands")
        #expect(stage.text.contains("Equivalent shell commands"))
        stage.click("F1 help")
        #expect(stage.text.contains("Esc close"))
        stage.send(.click(""))
        #expect(!stage.text.contains("Esc close"))
    }

    @Test func aClickFocusesAFieldAndChoosesAnOption() {
        var stage = Stage()
        stage.go(to: .form("address"))
        stage.click("load-balancer")
        #expect(stage.answers.exposure == .loadBalancer)
        stage.click("Port ")
        #expect(stage.text.contains("› Port"))
    }

    @Test func whatWasTypedIsKeptWhenAPageIsLeftByAJump() {
        var stage = Stage(columns: 120, rows: 36)
        stage.go(to: .form("release"))
        stage.replace(with: "builds")
        stage.click("6 Registration")
        #expect(stage.answers.namespace == "builds")
    }
}

/// After a run: again, or somewhere else.
@Suite struct RetryTests {
    @Test func aFailureIsTriedAgainFromTheCard() {
        var stage = Stage()
        stage.runToFailure()
        stage.press(.character("r"))
        #expect(stage.walk.place == .proposal)
        #expect(stage.walk.model.isLooking)
        stage.look(Sample.facts)
        stage.press(.enter)
        #expect(stage.walk.place == .progress)
    }

    @Test func theAnswerThatWasRefusedIsEdited() {
        var stage = Stage()
        stage.runToFailure()
        stage.press(.character("e"))
        #expect(stage.walk.place == .form("builder"))
        #expect(stage.text.contains("› Image"))
        stage.press(.control("n"))
        #expect(stage.walk.place == .proposal)
    }

    /// The exit status is that of the last run, also after other pages.
    @Test func aFailureThatWasLeftIsStillTheResult() {
        var stage = Stage()
        stage.runToFailure()
        stage.press(.character("h"))
        #expect(stage.walk.place == .start)
        stage.press(.character("q"))
        guard case .finished(let summary)? = stage.walk.outcome else {
            Issue.record("ended with \(String(describing: stage.walk.outcome))")
            return
        }
        #expect(summary.outcome == .failed)
    }

    @Test func theDoctorLeadsBackToTheFailure() {
        var stage = Stage()
        stage.runToFailure()
        stage.press(.character("d"))
        #expect(stage.walk.place == .doctor)
        stage.examine()
        stage.press(.escape)
        #expect(stage.walk.place == .done)
        #expect(stage.text.contains("cannot be pulled"))
    }

    /// Its plan cannot be undone, so there is nothing to ask.
    @Test func aStoppedSleepIsKept() {
        var stage = Stage(facts: Sample.idleFacts)
        stage.choose(.sleep, finding: Sample.idleFacts)
        stage.press(.enter)
        guard let plan = stage.walk.model.run?.plan else {
            Issue.record("nothing was started")
            return
        }
        stage.send(.run(.began(plan: plan, at: stage.time)), .run(.started(step: "scale", at: stage.time)))
        stage.press(.control("c"))
        #expect(stage.text.contains("its changes are kept"))
        stage.press(.character("s"))
        stage.send(.run(.interrupted(step: "scale", at: stage.time)))
        #expect(stage.effects.last == .decide(.keep))
    }

    @Test func theNextCommandIsCopied() {
        var stage = Stage()
        stage.runToEnd()
        stage.press(.character("y"))
        let forward =
            "kubectl port-forward service/buildkit 1234:1234 --namespace buildkit --context production"
        #expect(stage.effects.last == .copy(forward))
    }
}
