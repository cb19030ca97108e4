@testable import Installer
import Testing

@Suite struct UninstallChecksTests {
    private func verdict(
        _ activity: Fact<BuildActivity>, _ change: (inout Facts, inout Answers) -> Void = { _, _ in }
    ) -> CheckOutcome {
        var facts = Facts.installed
        var answers = Answers()
        facts.activity = activity
        change(&facts, &answers)
        return Check.runningBuilds.verdict(facts, answers)
    }

    private static let unknown = Fact<BuildActivity>.unavailable(
        InstallerError("The port-forward to the proxy one terminated"))

    @Test func buildsThatRunAreWaitedFor() {
        #expect(verdict(.known(BuildActivity(running: 0, held: 0))) == .passed("none"))
        #expect(
            verdict(.known(BuildActivity(running: 1, held: 0)))
                == .warning(
                    "1 active build; running builds finish first", hint: "To cancel them instead: --force"))
        #expect(verdict(.pending) == .pending)
    }

    /// As for a sleep: unknown is not none.
    @Test func buildsThatCannotBeCountedAreEndedByForceAlone() {
        let what =
            "Cannot determine whether builds are running: The port-forward to the proxy one terminated"
        #expect(
            verdict(Self.unknown)
                == .failed(
                    what, hint: "Try again. To uninstall anyway and cancel any running builds: --force"))
        #expect(
            verdict(Self.unknown) { $1.force = true }
                == .warning("\(what). Any running builds will be canceled", hint: nil))
    }

    /// One cause, one failed check: the one that names `--force`.
    @Test func noOtherCheckFailsForThem() {
        var facts = Facts.installed
        facts.activity = Self.unknown
        let failed = Checks.uninstall.results(facts, Answers()).filter { $0.verdict.word == "failed" }
        #expect(failed.map(\.id) == ["builds"])
    }

    /// A kubeconfig that cannot be used says nothing about the installation, which may still run.
    @Test(arguments: ["", "production"], [RemovablePart.usual, RemovablePart.everything])
    func withoutTheClusterThisMachineIsCleanedUpByForceAlone(_ context: String, _ remove: [RemovablePart]) {
        var facts = Facts.installed
        facts.contexts = .pending
        facts.server = .unavailable(
            InstallerError(
                "The cluster does not respond", detail: #"error: context "nowhere" does not exist"#,
                hint: "Try it: kubectl version"))
        var answers = Answers()
        (answers.context, answers.remove) = (context, remove)
        func failed() -> [CheckResult] {
            Checks.uninstall.results(facts, answers).filter { $0.verdict.word == "failed" }
        }
        let refused = failed()
        #expect(refused.map(\.id) == ["server"])
        let evidence = refused.first?.verdict.evidence ?? ""
        #expect(evidence.hasPrefix(#"The cluster does not respond: context "nowhere" does not exist. "#))
        #expect(evidence.contains("if BuildKit still runs in the cluster"))
        let hint = refused.first?.verdict.hint ?? ""
        #expect(hint.hasPrefix("Try it: kubectl "))
        let name = context.isEmpty ? "--context NAME " : ""
        #expect(hint.contains("\nIf the cluster no longer exists: \(name)--force. "))
        answers.force = true
        #expect(failed() == [])
    }

    @Test func aClusterThatIsNotNeededPreventsNothing() {
        var facts = Facts.installed
        facts.server = .unavailable(InstallerError("The cluster does not respond"))
        var answers = Answers()
        func verdict() -> CheckOutcome { Check.answeringServer.verdict(facts, answers) }
        answers.remove = [.builder, .certificates]
        let what = "The cluster does not respond. Only components on this machine are selected"
        #expect(verdict() == .warning(what, hint: nil))
        // The cluster may still trust it.
        answers.remove.append(.authority)
        #expect(verdict() == .warning("\(what); the CA key is kept", hint: nil))
        answers.force = true
        #expect(verdict() == .warning(what, hint: nil))
    }

    /// The network is not the cause.
    @Test func aContextThatDoesNotExistIsAnsweredWithTheContexts() {
        var facts = Facts.installed
        facts.server = .unavailable(
            InstallerError(
                "The cluster does not respond", detail: "did you specify the right host or port?",
                hint: "Check the network"))
        var answers = Answers()
        (answers.context, answers.force) = ("nowhere", true)
        let what =
            "The cluster does not respond: did you specify the right host or port? Only components on this machine "
            + "are removed"
        #expect(
            Check.answeringServer.verdict(facts, answers)
                == .warning(what, hint: "Choose one: --context production"))
        answers.context = "production"
        #expect(
            Check.answeringServer.verdict(facts, answers) == .warning(what, hint: "Check the network"))
        facts.contexts = .known(Facts.Contexts(names: [], current: ""))
        answers.force = false
        #expect(
            Check.answeringServer.verdict(facts, answers).hint?.hasPrefix("Set the kubeconfig: ") == true)
    }

    @Test func whereNoReleaseIsRemovedNoBuildMatters() {
        let skipped = CheckOutcome.skipped("no release is removed")
        #expect(verdict(Self.unknown) { $1.remove = [.builder] } == skipped)
        #expect(
            verdict(Self.unknown) { facts, _ in
                facts.release = .known(nil)
                facts.namespaceContents = .known(Facts.NamespaceContents())
            } == skipped)
        // It takes its pods with it.
        #expect(
            verdict(Self.unknown) { facts, _ in
                facts.namespace = .known(
                    Facts.NamespaceState(exists: true, isTerminating: true, labels: [:]))
            } == skipped)
    }

    /// Its release is gone, and needs no rights any more.
    @Test func podsOfAnInterruptedUninstallNeedRights() {
        var answers = Answers()
        answers.force = true
        let places = InstallerPaths(home: "/home/ada", environment: [:])
        let begun = planned { try .uninstall(answers, .installed, places: places) }
        var facts = Facts.installed
        facts.release = .known(nil)
        facts.namespaceContents = .known(Facts.NamespaceContents())
        facts.missingRights = .known([Facts.Right("delete", "pods")])
        #expect(Check.removalRights.verdict(facts, answers).word == "ok")
        facts.interruptedRun = .known(InterruptedRun(run: RunState(begun), journal: "/journal"))
        #expect(Check.removalRights.verdict(facts, answers).word == "failed")
        answers.force = false
        #expect(Check.removalRights.verdict(facts, answers).word == "ok")
    }

    /// Also where no check was judged: the plan is made again when the lock is held.
    @Test func noUninstallIsPlannedOnAnUnknownLoad() {
        var facts = Facts.installed
        facts.activity = Self.unknown
        var answers = Answers()
        #expect(
            Workflow.uninstall.refusal(answers, facts)?.unread.map(\.name) == ["the number of running builds"]
        )
        answers.force = true
        #expect(Workflow.uninstall.refusal(answers, facts) == nil)
    }
}
