@testable import Installer
import Testing

/// Outcomes depend on the kind of a plan, never on its wording.
@Suite struct RunSummaryTests {
    private func summary(
        _ kind: Plan.Kind, _ workflow: Workflow, _ actions: [Action], _ answers: Answers = Answers()
    ) -> RunSummary {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        let steps = actions.enumerated().map { Step(id: "\($0)", title: "Any words", action: $1) }
        let plan = Plan(kind, title: "Other words", installation: installation, steps: steps)
        var run = RunState(plan)
        for step in steps { run.apply(.finished(step: step.id, at: .distantPast)) }
        return RunSummary(
            run, of: workflow, answers, dependencies: .test(ReplayRunner([:]), home: "/home"))
    }

    private let change = Action.unpackChart(folder: "/chart")
    private let rollout = Action.refreshProxies(
        installation: InstallationID(context: "test", namespace: "team", release: "buildkit"))

    @Test func anInstallIsToldFromAnUpgradeByItsKind() {
        #expect(summary(.install, .install, [change]).outcome == .installed)
        #expect(summary(.upgrade, .install, [change]).outcome == .changed)
        #expect(summary(.upgrade, .install, []).outcome == .unchanged)
    }

    @Test func anUpgradeIsNotCalledAnInstallation() {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        for (kind, headline) in [
            (Plan.Kind.install, "The installation failed."), (.upgrade, "The upgrade failed."),
        ] {
            let step = Step(id: "0", title: "Any words", action: change)
            var run = RunState(
                Plan(kind, title: "Other words", installation: installation, steps: [step]))
            run.apply(.failed(step: "0", failure: InstallerError("No"), at: .distantPast))
            let summary = RunSummary(
                run, of: .install, Answers(), dependencies: .test(ReplayRunner([:]), home: "/home"))
            #expect(summary.headline == headline)
        }
    }

    /// An install resets the settings that it is not given.
    @Test func aFixOfAFailureHasTheSettingsOfTheLastInstall() throws {
        let home = try TemporaryFolder()
        let dependencies = Dependencies.test(ReplayRunner([:]), home: home.path)
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        let step = Step(id: "0", title: "Any words", action: change)
        var run = RunState(Plan(.rotate, title: "Other words", installation: installation, steps: [step]))
        let failure = InstallerError("No", hint: "Register it again: buildkit-installer install")
        run.apply(.failed(step: "0", failure: failure, at: .distantPast))
        func hint() -> String? {
            RunSummary(run, of: .rotate, Answers(), dependencies: dependencies).failure?.hint
        }
        let named = "Register it again: buildkit-installer install --context test --namespace team"
        #expect(hint() == named)
        let settings = dependencies.places.answers(of: installation)
        try AnswersFile.save(["builder": "b"], to: settings, home: home.path)
        #expect(hint() == "\(named) --answers \(settings.shellQuoted)")
    }

    @Test func withoutAChangeOfTheReleaseBuildKitIsNotUpdated() {
        #expect(summary(.upgrade, .install, [change]).headline == "The installation is updated.")
    }

    /// - Parameter undo: the rollback of its only step, a change.
    private func interrupted(_ action: Action, _ undo: [Undo], _ events: RunEvent...) -> [String] {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        let step = Step(id: "0", title: "Any words", action: action, undo: undo)
        var run = RunState(Plan(.install, title: "Other words", installation: installation, steps: [step]))
        for event in events { run.apply(event) }
        run.apply(.interrupted(step: "0", at: .distantPast))
        return RunSummary(
            run, of: .install, Answers(), dependencies: .test(ReplayRunner([:]), home: "/home")
        ).lines
    }

    @Test func nothingIsSaidToBeKeptOfARunThatHasChangedNothing() {
        let started = RunEvent.started(step: "0", at: .distantPast)
        let made = RunEvent.made(step: "0", receipt: .record(path: "/chart"), at: .distantPast)
        let wait = Action.waitForBuilds(
            installation: InstallationID(context: "test", namespace: "team", release: "buildkit"), timeout: 1)
        #expect(interrupted(change, []).contains("No changes were made."))
        #expect(interrupted(wait, [], started).contains("No changes were made."))
        #expect(interrupted(change, [.takeBack], started).contains("No changes to roll back."))
        #expect(interrupted(change, [.takeBack], started, made).contains("Changes kept."))
        // Nothing is known of a step without receipts.
        #expect(interrupted(change, [], started).contains("Changes kept."))
    }

    @Test func aRotationOfTheBackendIsToldByItsKind() {
        #expect(
            summary(.rotateBackend, .rotate, [change]).headline == "The internal certificates are renewed.")
        let files = Action.installRenewal(folder: "/certs")
        #expect(summary(.rotate, .rotate, [rollout, files]).headline == "The certificates are renewed.")
        // Those of another installation with the directory.
        #expect(summary(.rotate, .rotate, [rollout]).headline == "The certificates are installed.")
    }

    @Test func aRemovalSaysOnlyWhatWasRemoved() {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        let release = Action.uninstallRelease(installation: installation, revision: 1, timeout: 1)
        #expect(summary(.uninstall, .uninstall, [release, change]).headline == "BuildKit is uninstalled.")
        #expect(summary(.uninstall, .uninstall, [change]).headline == "The selected components are removed.")
        // When the cluster answers again, builds may run there.
        var forced = Answers()
        forced.force = true
        let partly = summary(.uninstallLocal, .uninstall, [change], forced)
        #expect(partly.outcome == .partlyRemoved)
        #expect(
            partly.lines == [
                "The local components are removed; the cluster could not be queried, so its components remain.",
                "Remove the rest when the cluster answers:",
                "  buildkit-installer uninstall --context test --namespace team --yes",
            ])
        let again = summary(.uninstallLocal, .uninstall, [])
        #expect(again.outcome == .partlyRemoved)
        #expect(
            again.headline
                == "Nothing to remove on this machine; the cluster could not be queried, so its components remain."
        )
    }

    @Test func aSleepSaysHowToWakeIt() {
        let asleep = summary(.sleep, .sleep, [change])
        #expect(
            asleep.lines == [
                "BuildKit is scaled to zero.", "Wake it:",
                "  buildkit-installer wake --context test --namespace team",
            ])
        #expect(summary(.wake, .wake, []).lines == ["BuildKit is running."])
    }

    /// The command line has only flags of its command.
    @Test func aRefusedSleepIsTriedAgainWithItsOwnFlags() {
        let installation = InstallationID(context: "test", namespace: "team", release: "buildkit")
        var answers = Answers()
        (answers.takeOver, answers.timeout) = (true, 30)
        #expect(
            Workflow.sleep.commandLine(answers, at: installation)
                == "buildkit-installer sleep --context test --namespace team --timeout 30 --yes")
    }

    @Test(arguments: [RunSummary.Outcome.installed, .unchanged, .rehearsed, .failed, .interrupted])
    func aRemarkIsToldWhateverTheOutcome(_ outcome: RunSummary.Outcome) {
        var ended = summary(.install, .install, [change])
        ended.outcome = outcome
        ended.remarks = ["Settings saved to a.json."]
        #expect(ended.lines.contains("Settings saved to a.json."))
    }

    /// A revocation leaves things to know, and one that changes nothing has just said them.
    @Test func aRevocationIsFollowedByItsNotes() {
        func remarks(_ steps: [Step]) -> [String] {
            let plan = Plan(
                .revokeClient, title: "Any words", installation: Plan.installation, steps: steps,
                notes: ["Know this."])
            return Workflow.revokeClient.report.remarks(RunState(plan))
        }
        let made = remarks([Step(id: "nudge", title: "Any words", action: rollout)])
        #expect(made.first == "Know this.")
        #expect(made.last?.hasSuffix("within about two minutes.") == true)
        let removal = PodRemoval(
            installation: Plan.installation, owners: .deployment(component: "proxy", name: "p"),
            gracePeriod: 1)
        let replaced = remarks([Step(id: "end", title: "Any words", action: .deletePods(removal: removal))])
        #expect(
            replaced.last
                == "Not verified: the revocation is in effect, because the new proxy pods have loaded it.")
        #expect(remarks([]) == [])
    }

    @Test func whereNothingWasDoneNothingIsAskedToBeDone() {
        let idle = summary(.rotate, .rotate, [])
        #expect(idle.outcome == .unchanged)
        #expect(idle.next.isEmpty)
        #expect(idle.lines == ["Nothing to renew."])
    }
}
