import Synchronization
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The whole wizard on a screen: keys go in, effects come out, tasks run.
@MainActor
@Suite struct WizardTests {
    private let scripted = ScriptedEffects()

    private func walk(
        _ script: [MemoryScreen.Cue], with scripted: ScriptedEffects? = nil,
        answers: Answers = Sample.answers,
        problems: [AnswerError] = [], isRehearsal: Bool = false
    ) -> (outcome: WizardOutcome, screen: MemoryScreen) {
        let screen = MemoryScreen(script: script)
        var start = AnswerSources().resolve()
        start.answers = answers
        start.problems = problems
        var wizard = Wizard(
            screen: screen, guide: Sample.guide, effects: (scripted ?? self.scripted).effects, start: start,
            isRehearsal: isRehearsal)
        let outcome = wizard.run()
        #expect(screen.failure == nil)
        #expect(screen.unplayed == 0)
        return (outcome, screen)
    }

    /// From the start page to the review.
    private var toReview: [MemoryScreen.Cue] {
        [.waitFor("Install"), .key(.enter), .waitFor("Checks"), .waitFor("18 passed"), .key(.enter)]
            + ["Address", "Certificates", "Namespace", "Builder", "Registration"].flatMap {
                [MemoryScreen.Cue.waitFor("  \($0)"), .key(.enter)]
            } + [.waitFor("Nothing has been changed yet.")]
    }

    @Test func theWholeWayFromStartToDone() {
        let (outcome, screen) = walk(
            toReview + [.key(.character("i")), .waitFor("BuildKit is installed"), .key(.enter)])
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome)")
            return
        }
        #expect(summary.outcome == .installed)
        #expect(scripted.log == ["look production/buildkit", "run Install BuildKit"])
        #expect(screen.text.contains("docker buildx build --builder remote-kubernetes ."))
    }

    @Test func theFormsWriteTheAnswersThatThePlanIsMadeOf() {
        let typed: [MemoryScreen.Cue] =
            [.waitFor("Install"), .key(.enter), .waitFor("18 passed"), .key(.enter), .waitFor("Exposure")]
            + .keys(.down, .enter, .tab, .tab) + .typing("builder.example.com") + .keys(.tab)
            + .typing("builder.example.com") + .keys(.enter, .enter, .control("u")) + .typing("builds")
            + .keys(.enter, .enter, .control("u")) + .typing("shared") + .keys(.tab, .character(" "), .enter)
            + [.waitFor("Create the namespace builds"), .key(.character("l")), .waitFor("--builder shared")]
            + .keys(.character("s"), .enter)
            + [.waitFor("Saved"), .key(.control("c")), .waitFor("Leave"), .key(.character("q"))]
        let (outcome, screen) = walk(typed)
        #expect(outcome == .left)
        #expect(screen.text.contains("--exposure load-balancer"))
        #expect(screen.text.contains("--sans builder.example.com"))
        #expect(screen.text.contains("--use no"))
        // Another namespace is another place to look at.
        #expect(scripted.log.prefix(2) == ["look production/buildkit", "look production/builds"])
        #expect(scripted.log.last == "save buildkit-answers.json")
    }

    @Test func leavingWaitsForTheEndOfALook() {
        let hasEnded = Mutex(false)
        var effects = scripted.effects
        effects.look = { _, _, report in
            // Seen on the screen, so that nobody leaves before the look has begun.
            var facts = Facts()
            facts.helm = .known("4.1.0")
            report(facts)
            while !Task.isCancelled { await Task.yield() }
            // What a look has started must be ended, too, and that takes a while.
            for _ in 0..<10_000 { await Task.yield() }
            hasEnded.withLock { $0 = true }
        }
        let screen = MemoryScreen(
            script: [.waitFor("Install"), .key(.enter), .waitFor("✓ Helm version")]
                + .keys(.control("c")) + [.waitFor("Leave"), .key(.character("q"))])
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        var wizard = Wizard(screen: screen, guide: Sample.guide, effects: effects, start: start)
        #expect(wizard.run() == .left)
        #expect(hasEnded.withLock { $0 })
    }

    @Test func aStoppedRunIsUndoneWhenTheUserSaysSo() {
        let scripted = ScriptedEffects(endless: "release")
        let (outcome, screen) = walk(
            toReview + [
                .key(.character("i")), .waitFor("running"), .key(.control("c")), .waitFor("Stop?"),
                .key(.character("s")), .waitFor("Stopped. Undo"), .key(.character("u")),
                .waitFor("was stopped"),
                .key(.enter),
            ], with: scripted)
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome)")
            return
        }
        #expect(summary.outcome == .interrupted && summary.undone)
        #expect(scripted.log.last == "undo")
        #expect(screen.text.contains("What had been done was taken back."))
    }

    @Test func aSignalStopsARunAndKeepsItForAnotherTime() {
        let scripted = ScriptedEffects(endless: "release")
        let (outcome, _) = walk(
            toReview + [
                .key(.character("i")), .waitFor("running"), .event(.interrupted(signal: 15)),
            ], with: scripted)
        #expect(outcome == .interrupted(signal: 15))
        #expect(scripted.log.last == "keep")
    }

    @Test func aTerminalThatGoesAwayStopsARunToo() {
        let scripted = ScriptedEffects(endless: "release")
        let (outcome, _) = walk(toReview + [.key(.character("i")), .waitFor("running")], with: scripted)
        #expect(outcome == .interrupted(signal: nil))
        #expect(scripted.log.last == "keep")
    }

    @Test func aRehearsalDoesNothing() {
        let script =
            toReview.dropLast() + [
                .waitFor("nothing will be changed"), .key(.character("i")),
                .waitFor("Dry run: no changes were made"), .key(.enter),
            ]
        let (outcome, screen) = walk(Array(script), isRehearsal: true)
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome)")
            return
        }
        #expect(summary.outcome == .rehearsed)
        #expect(!scripted.log.contains { $0.hasPrefix("run") })
        #expect(screen.text.contains("These steps would be done"))
    }

    @Test func aProblemWithTheGivenAnswersOpensItsPage() {
        let problem = AnswerError(
            field: "namespace", origin: "--namespace", message: "may only hold lower case",
            example: "buildkit")
        let (outcome, screen) = walk(
            [.waitFor("--namespace: may only hold lower case"), .key(.enter), .waitFor("Security")]
                + .keys(.control("c"), .character("q")), problems: [problem])
        #expect(outcome == .left)
        #expect(screen.frames.count > 1)
    }
}
