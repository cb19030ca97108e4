import Synchronization
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The complete wizard on a screen, with keys, effects and tasks.
@MainActor
@Suite struct WizardTests {
    private let scripted = ScriptedEffects()

    private func walk(
        _ script: [MemoryScreen.Cue], with scripted: ScriptedEffects? = nil,
        answers: Answers = Sample.answers,
        problems: [AnswerError] = [], opening: InitialPage = .start, isRehearsal: Bool = false
    ) -> (outcome: WizardOutcome, screen: MemoryScreen) {
        let screen = MemoryScreen(script: script)
        var start = AnswerSources().resolve()
        start.answers = answers
        start.problems = problems
        var wizard = Wizard(
            screen: screen, guide: Sample.guide, effects: (scripted ?? self.scripted).effects, start: start,
            opening: opening, isRehearsal: isRehearsal)
        let outcome = wizard.run()
        #expect(screen.failure == nil)
        #expect(screen.unplayed == 0)
        return (outcome, screen)
    }

    /// From the start page to the review.
    private var toReview: [MemoryScreen.Cue] {
        [.waitFor("Install"), .key(.enter), .waitFor("18 passed"), .key(.character("c"))]
            + [.waitFor("kubeconfig context"), .key(.control("n"))]
            + ["Address", "Certificates", "Namespace", "Builder", "Registration"].flatMap {
                [MemoryScreen.Cue.waitFor("  \($0)"), .key(.control("n"))]
            } + [.waitFor("No changes have been made yet.")]
    }

    @Test func aWatchedStatusIsReportedUntilTheUserQuits() {
        let (outcome, screen) = walk(
            [.waitFor("is unhealthy"), .key(.character("r")), .key(.character("q"))], opening: .status)
        guard case .left = outcome else {
            Issue.record("ended with \(outcome)")
            return
        }
        #expect(scripted.log == ["watch buildkit", "watch buildkit"])
        #expect(screen.text.contains("Status"))
    }

    @Test func theWheelMovesAsTheArrowsDo() {
        func wheel(_ gesture: MouseEvent.Gesture) -> MemoryScreen.Cue {
            .event(.mouse(MouseEvent(gesture: gesture, point: Point(column: 0, row: 0))))
        }
        let (outcome, _) = walk([
            .waitFor("› i  Install"), wheel(.scrollDown), .waitFor("› r  Rotate"), wheel(.scrollUp),
            .waitFor("› i  Install"), .key(.character("q")),
        ])
        #expect(outcome == .left)
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
            [.waitFor("Install"), .key(.enter), .waitFor("18 passed"), .key(.character("c"))]
            + [.waitFor("kubeconfig context"), .key(.control("n")), .waitFor("Exposure")]
            + .keys(.down, .enter, .tab) + .typing("builder.example.com") + .keys(.enter)
            + .typing("builder.example.com") + .keys(.control("n"), .control("n"), .control("u"))
            + .typing("builds")
            + .keys(.control("n"), .control("n"), .control("u")) + .typing("shared")
            + .keys(.tab, .character(" "), .control("n"))
            + [.waitFor("Create the namespace builds"), .key(.character("f")), .waitFor("--builder shared")]
            + .keys(.character("s"), .enter)
            + [
                .waitFor("Saved"), .key(.control("c")), .waitFor("Quit the installer?"),
                .key(.character("q")),
            ]
        let (outcome, screen) = walk(typed)
        #expect(outcome == .left)
        #expect(screen.text.contains("--exposure load-balancer"))
        #expect(screen.text.contains("--sans builder.example.com"))
        #expect(screen.text.contains("--use no"))
        // Another namespace requires another query.
        #expect(scripted.log.prefix(2) == ["look production/buildkit", "look production/builds"])
        #expect(scripted.log.last == "save buildkit-answers.json")
    }

    @Test func leavingWaitsForTheEndOfALook() {
        let hasEnded = Mutex(false)
        var effects = scripted.effects
        effects.look = { _, _, report in
            // Shown on the screen, so that the page is not left before the query has started.
            var facts = Facts()
            facts.helm = .known("4.1.0")
            report(facts)
            while !Task.isCancelled { await Task.yield() }
            // The processes of a query must be ended, too, which takes some time.
            for _ in 0..<10_000 { await Task.yield() }
            hasEnded.withLock { $0 = true }
        }
        let screen = MemoryScreen(
            script: [.waitFor("Install"), .key(.enter), .key(.character("c")), .waitFor("✓ helm")]
                + .keys(.control("c")) + [.waitFor("Quit the installer?"), .key(.character("q"))])
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
                .key(.character("i")), .waitFor("running"), .key(.control("c")), .waitFor("Stop now?"),
                .key(.character("s")), .waitFor("Stopped. Roll back"), .key(.character("u")),
                .waitFor("Interrupted"),
                .key(.enter),
            ], with: scripted)
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome)")
            return
        }
        #expect(summary.outcome == .interrupted && summary.undone)
        #expect(scripted.log.last == "undo")
        #expect(screen.text.contains("Changes rolled back."))
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
                .waitFor("no changes will be made"), .key(.character("i")),
                .waitFor("Dry run: no changes were made"), .key(.enter),
            ]
        let (outcome, screen) = walk(Array(script), isRehearsal: true)
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome)")
            return
        }
        #expect(summary.outcome == .rehearsed)
        #expect(!scripted.log.contains { $0.hasPrefix("run") })
        #expect(screen.text.contains("Planned steps"))
    }

    @Test func aProblemWithTheGivenAnswersOpensItsPage() {
        let problem = AnswerError(
            field: "namespace", origin: "--namespace", message: "may only hold lower case",
            example: "buildkit")
        let (outcome, screen) = walk(
            [.waitFor("--namespace: may only hold lower case"), .key(.control("n")), .waitFor("Security")]
                + .keys(.control("c"), .character("q")), problems: [problem])
        #expect(outcome == .left)
        #expect(screen.frames.count > 1)
    }
}
