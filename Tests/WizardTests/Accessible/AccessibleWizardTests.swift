import Synchronization
import Testing

@testable import Installer
@testable import Wizard

/// The wizard without a screen: lines in, lines out.
@Suite struct PlainWizardTests {
    /// A console that answers from a list, and keeps what was printed.
    private final class Talk: Sendable {
        private let state: Mutex<(answers: [String], text: String)>

        init(_ answers: [String]) { state = Mutex((answers, "")) }

        var text: String { state.withLock { $0.text } }

        var console: AccessibleConsole {
            AccessibleConsole(write: { text in self.state.withLock { $0.text += text.description } }) {
                self.state.withLock { state in
                    guard !state.answers.isEmpty else { return nil }
                    state.text += "\(state.answers[0])\n"
                    return state.answers.removeFirst()
                }
            }
        }
    }

    private let scripted = ScriptedEffects()

    private func wizard(
        _ talk: Talk, pages: Set<Form.ID>? = nil, isRehearsal: Bool = false, facts: Facts = Sample.facts
    ) -> AccessibleWizard {
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        start.pages = pages
        let effects = facts == Sample.facts ? scripted.effects : ScriptedEffects(facts: facts).effects
        return AccessibleWizard(
            console: talk.console, guide: Sample.guide, effects: effects, start: start,
            isRehearsal: isRehearsal)
    }

    /// Nothing typed at any question.
    private let defaults = Array(
        repeating: "", count: Form.install.fields.count { $0.isAsked(with: Answers()) })

    @Test func enterAloneTakesEveryDefault() async throws {
        let talk = Talk(defaults + ["yes"])
        let outcome = await wizard(talk).run()
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome):\n\(talk.text)")
            return
        }
        #expect(summary.outcome == .installed)
        try expectGolden(talk.text, "plain")
    }

    @Test func nothingHappensWithoutAYes() async {
        for end in [["no"], []] {
            let talk = Talk(defaults + end)
            #expect(await wizard(talk).run() == .left)
            #expect(talk.text.hasSuffix("Nothing was changed.\n"))
        }
        #expect(!scripted.log.contains { $0.hasPrefix("run") })
    }

    @Test func aQuestionIsExplainedAndAskedAgain() async {
        let talk = Talk(["", "?", "load-balancer", "0", "1234"])
        _ = await wizard(talk).run()
        #expect(talk.text.contains("How the builder is reached."))
        #expect(
            talk.text.contains(
                "0 is out of range; it must be from 1 to 65535, as in '1234'\nPort [1234]: 1234"))
    }

    @Test func anOptionIsChosenByItsNumber() async {
        let talk = Talk(["", "3", ""])
        _ = await wizard(talk).run()
        #expect(talk.text.contains("Node port [one that the cluster picks]:"))
    }

    @Test func aRehearsalRunsNothing() async {
        let talk = Talk(defaults + ["yes"])
        guard case .finished(let summary) = await wizard(talk, isRehearsal: true).run() else {
            Issue.record("did not end well:\n\(talk.text)")
            return
        }
        #expect(summary.outcome == .rehearsed)
        #expect(!scripted.log.contains { $0.hasPrefix("run") })
    }

    @Test func aFailedCheckEndsBeforeTheQuestionToGo() async {
        let talk = Talk(defaults + ["yes"])
        #expect(await wizard(talk, facts: Sample.poorFacts).run() == .left)
        #expect(talk.text.contains("Nothing was changed: a check failed."))
    }

    @Test func onlyTheChosenPagesAreAsked() async {
        let talk = Talk(Array(repeating: "", count: Form.release.fields.count) + ["no"])
        #expect(await wizard(talk, pages: ["release"]).run() == .left)
        #expect(talk.text.contains("\nNamespace [buildkit]:"))
        #expect(talk.text.contains("\nChecks\n"))
        #expect(!talk.text.contains("Context ["))
        #expect(!talk.text.contains("Exposure ["))
    }

    @Test func answersAreSaved() async {
        let talk = Talk(defaults + ["save", "", "no"])
        _ = await wizard(talk).run()
        #expect(scripted.log.last == "save buildkit-answers.json")
    }
}
