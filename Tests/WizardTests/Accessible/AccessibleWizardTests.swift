import Synchronization
import Testing

@testable import Installer
@testable import Wizard

/// The wizard without a screen, line by line.
@Suite struct PlainWizardTests {
    /// A console that answers from a list, and records the output.
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
        _ talk: Talk, pages: Set<Form.ID>? = nil, isRehearsal: Bool = false, facts: Facts = Sample.facts,
        verb: Workflow = .install, name: String = "", failing: Step.ID? = nil
    ) -> AccessibleWizard {
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        start.answers.name = name
        start.pages = pages
        let isUsual = facts == Sample.facts && failing == nil
        let effects = isUsual ? scripted.effects : ScriptedEffects(facts: facts, failing: failing).effects
        return AccessibleWizard(
            console: talk.console, guide: WizardFlow(verb, places: Sample.places, home: Sample.home),
            effects: effects, start: start, isRehearsal: isRehearsal)
    }

    /// The context, the choice to customize, and empty answers to all other questions.
    private let defaults =
        ["", "2"]
        + Array(repeating: "", count: Form.install.fields.count { $0.isAsked(with: Answers()) } - 1)

    @Test func aNumberTakesTheProposal() async throws {
        let talk = Talk(["", "", "3", "1"])
        guard case .finished(let summary) = await wizard(talk).run() else {
            Issue.record("did not end well:\n\(talk.text)")
            return
        }
        #expect(summary.outcome == .installed)
        try expectGolden(talk.text, "plain-proposal")
    }

    /// The other wizards: from the context over the proposal to the end; in production, by the release's name.
    @Test(arguments: [
        (Workflow.rotate, Sample.rotationFacts, "", ["", "3", "1"]),
        (.uninstall, Sample.installedFacts, "", ["", "3", "1", "buildkit"]),
        (.sleep, Sample.idleFacts, "", ["3", "1"]), (.wake, Sample.asleepFacts, "", ["3", "1"]),
        (.addClient, Sample.rotationFacts, "bob", ["3", "1"]),
        (.renewClient, Sample.rotationFacts, "ci", ["3", "1"]),
        (.revokeClient, Sample.revocableFacts, "ci", ["3", "1", "buildkit"]),
    ])
    func everyOtherWizardIsWalkedToItsEnd(
        verb: Workflow, facts: Facts, name: String, typed: [String]
    ) async throws {
        let talk = Talk(typed)
        let outcome = await wizard(talk, facts: facts, verb: verb, name: name).run()
        guard case .finished(let summary) = outcome else {
            Issue.record("ended with \(outcome):\n\(talk.text)")
            return
        }
        #expect(summary.failure == nil)
        #expect(talk.text.contains("\n\(verb.heading)\nContext: production (PRODUCTION)\n"))
        // A line without a value says what that means, in its place.
        #expect(!talk.text.contains(":  ("))
        try expectGolden(talk.text, "plain-\(verb.id.replacing(" ", with: "-"))")
    }

    @Test func theStartPageLeadsToReportsAndWizards() async throws {
        let talk = Talk(["9", "3", "10", "x", "11", "", "4", "13"])
        #expect(await wizard(talk, facts: Sample.installedFacts).runFromHome() == .left)
        try expectGolden(talk.text, "plain-home")
    }

    /// The rows of the start page of the screen, in words.
    @Test func theStartPageListsTheInstallationsWithTheirHealth() async {
        let talk = Talk(["12", "9", "4", "9", "12", "", "13"])
        let scripted = ScriptedEffects(facts: Sample.sharedFacts)
        var effects = scripted.effects
        effects.reports.installations = { Sample.manyInstallations }
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        let wizard = AccessibleWizard(
            console: talk.console, guide: Sample.guide, effects: effects, start: start)
        #expect(await wizard.runFromHome() == .left)
        for text in [
            "Context: production (PRODUCTION)",
            "warning: buildkit, namespace buildkit in production: running, expires in 12 days",
            "warning: buildkit, namespace team-b in production: not in the cluster, expires in 212 days",
            "failed: buildkit, namespace buildkit in staging: certificates expired",
            "buildkit, namespace team-a in production: scaled to zero, not set up on this machine",
            "Cluster: production, Kubernetes 1.36.2", "1 Install or upgrade: buildkit-0.1.0, deployed",
            "7 Sleep: BuildKit is running", "Type a number from 1 to 5.",
        ] { #expect(talk.text.contains(text), "\(text)\n\(talk.text)") }
        // The fourth one is the context staging, after three other installations.
        #expect(talk.text.contains("  4 context staging"))
        #expect(talk.text.contains("Context: staging\nNamespace: buildkit"))
        #expect(scripted.log == ["look production/buildkit", "look staging/buildkit", "status buildkit"])
    }

    /// As on the screen: the namespace of the installation before does not pass to another context.
    @Test func anotherContextHasTheNamespaceOfTheStart() async {
        let talk = Talk(["12", "1", "12", "5", "9", "13"])
        let scripted = ScriptedEffects(facts: Sample.sharedFacts)
        var effects = scripted.effects
        effects.reports.installations = { Sample.manyInstallations }
        var start = AnswerSources().resolve()
        start.answers = Sample.answers
        let wizard = AccessibleWizard(
            console: talk.console, guide: Sample.guide, effects: effects, start: start)
        #expect(await wizard.runFromHome() == .left)
        // The start's own context is offered again.
        #expect(talk.text.contains("  4 context production\n  5 context staging"), "\(talk.text)")
        #expect(
            scripted.log == [
                "look production/buildkit", "look production/team-b", "look staging/buildkit",
                "status buildkit",
            ])
    }

    /// The exit status is that of the last run.
    @Test func aFailureThatWasLeftIsStillTheResult() async {
        let talk = Talk(["", "1", "1", "", "4"])
        guard case .finished(let summary) = await wizard(talk, failing: "release").run() else {
            Issue.record("the failure is forgotten:\n\(talk.text)")
            return
        }
        #expect(summary.failure != nil)
        #expect(talk.text.hasSuffix("Nothing was started.\n"))
        #expect(!talk.text.contains("No changes were made."))
    }

    @Test func whatWasTypedIsKeptForAnotherTry() async {
        let form = ["builds", "", "", ""]
        let talk = Talk(form + ["yes", "1"] + form.map { _ in "" } + ["yes"])
        guard case .finished(let summary) = await wizard(talk, pages: ["release"], failing: "release").run()
        else {
            Issue.record("did not end well:\n\(talk.text)")
            return
        }
        #expect(summary.outcome == .installed)
        #expect(talk.text.contains("Namespace [builds]:"))
    }

    @Test func aFailedRunIsTriedAgain() async {
        let talk = Talk(["", "1", "2", "1", "", "1"])
        guard case .finished(let summary) = await wizard(talk, failing: "release").run() else {
            Issue.record("did not end well:\n\(talk.text)")
            return
        }
        #expect(summary.outcome == .installed)
        #expect(talk.text.contains("The tool failed"))
        #expect(talk.text.contains("Problems found"))
    }

    @Test func theProposalIsNotStartedWhereACheckFails() async {
        let talk = Talk(["", "1", "4"])
        #expect(await wizard(talk, facts: Sample.poorFacts).run() == .left)
        #expect(talk.text.contains("checks failed: "))
    }

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
            #expect(talk.text.hasSuffix("No changes were made.\n"))
        }
        #expect(!scripted.log.contains { $0.hasPrefix("run") })
    }

    /// As on the screen, below the settings.
    @Test func whatFollowsFromTheSettingsIsSaid() async {
        let talk = Talk(["", "2", "1", "", "bücher.example.com", "", ""])
        _ = await wizard(talk).run()
        for line in [
            "Connects to: tcp://localhost:1234", "Unicode: xn--bcher-kva.example.com is bücher.example.com",
        ] { #expect(talk.text.contains("\n\(line)\n"), "\(line)\n\(talk.text)") }
        let inventory = Talk(["", "2"] + Array(repeating: "", count: 20))
        _ = await wizard(inventory, facts: Sample.rotationFacts, verb: .rotate).run()
        #expect(
            inventory.text.contains("\nwarning: server: 41c70000, expires in 12 days"), "\(inventory.text)")
    }

    @Test func aQuestionIsExplainedAndAskedAgain() async {
        let talk = Talk(["", "2", "?", "load-balancer", "0", "1234"])
        _ = await wizard(talk).run()
        #expect(talk.text.contains("How clients reach the builder."))
        #expect(
            talk.text.contains(
                "0 is out of range (1 to 65535); example: '1234'\nPort [1234]: 1234"))
    }

    @Test func anOptionIsChosenByItsNumber() async {
        let talk = Talk(["", "2", "3", ""])
        _ = await wizard(talk).run()
        #expect(talk.text.contains("Node port [assigned by Kubernetes]:"))
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
        #expect(talk.text.contains("No changes were made: a check failed."))
    }

    @Test func onlyTheChosenPagesAreAsked() async {
        let talk = Talk(Array(repeating: "", count: Form.release.fields.count) + ["no"])
        #expect(await wizard(talk, pages: ["release"]).run() == .left)
        #expect(talk.text.contains("\nNamespace [buildkit]:"))
        #expect(talk.text.contains("\nChecks\n"))
        #expect(!talk.text.contains("Context ["))
        #expect(!talk.text.contains("Exposure ["))
    }

    /// Name, role and bundle, then the checks and the plan of that client.
    @Test func aClientIsNamedFirst() async {
        let talk = Talk(["bob", "", "", "3", "4"])
        _ = await wizard(talk, facts: Sample.rotationFacts, verb: .addClient).run()
        #expect(talk.text.contains("Add the client bob\n"), "\(talk.text)")
        #expect(!talk.text.contains("Missing client name"))
        let nameless = Talk(["", "", "", "3", "1", "2"] + Array(repeating: "", count: 30))
        #expect(await wizard(nameless, facts: Sample.rotationFacts, verb: .addClient).run() == .left)
        #expect(nameless.text.ranges(of: "A client name is required.").count == 3, "\(nameless.text)")
        #expect(!nameless.text.contains("Add the client"))
    }

    @Test func answersAreSaved() async {
        let talk = Talk(defaults + ["save", "", "no"])
        _ = await wizard(talk).run()
        #expect(scripted.log.last == "save buildkit-answers.json")
    }
}
