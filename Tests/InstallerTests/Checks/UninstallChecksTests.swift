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

    @Test func aClusterThatDoesNotAnswerKeepsTheCAKey() {
        var facts = Facts.installed
        facts.server = .unavailable(InstallerError("The cluster does not respond"))
        var answers = Answers()
        func evidence() -> String { Check.answeringServer.verdict(facts, answers).evidence }
        let what = "The cluster does not respond: only components on this machine can be removed"
        #expect(evidence() == what)
        answers.remove = RemovablePart.everything
        #expect(evidence() == "\(what), without the CA key")
        answers.force = true
        #expect(evidence() == what)
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
