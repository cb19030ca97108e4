@testable import Installer
import Testing

/// What stands against a sleep or a wake-up in the wizard.
@Suite struct ScaleChecksTests {
    private static let idle = BuildActivity(running: 0, held: 0)

    private func verdict(
        _ scaling: ScaleTarget, pods: Int = 1, scaledObject: String? = nil,
        activity: Fact<BuildActivity> = .known(idle), isForced: Bool = false
    ) -> CheckOutcome {
        var facts = Facts.installed
        facts.scale = .known(
            ScaleState(builder: "buildkit-builder", wanted: pods, ready: pods, scaledObject: scaledObject))
        facts.activity = activity
        var answers = Answers()
        answers.force = isForced
        return Check.scaling(scaling).verdict(facts, answers)
    }

    @Test func anIdleBuilderMaySleep() {
        #expect(verdict(.sleep) == .passed("running"))
        #expect(verdict(.sleep, pods: 0) == .passed("already scaled to zero"))
        #expect(verdict(.wake, pods: 0) == .passed("scaled to zero"))
        #expect(verdict(.wake) == .passed("already running"))
    }

    @Test func buildsKeepItAwake() {
        #expect(verdict(.sleep, activity: .pending) == .pending)
        #expect(verdict(.wake, pods: 0, activity: .pending) == .passed("scaled to zero"))
        let busy = verdict(.sleep, activity: .known(BuildActivity(running: 2, held: 0)))
        #expect(busy.evidence == "BuildKit is not scaled to zero: 2 active builds")
        let unknown = verdict(.sleep, activity: .unavailable(InstallerError("No proxy runs")))
        #expect(unknown.word == "failed")
        #expect(unknown.evidence.contains("cannot determine whether builds are running"))
    }

    @Test func withConsentBuildsAreOnlyNamed() {
        #expect(
            verdict(.sleep, activity: .known(BuildActivity(running: 2, held: 0)), isForced: true)
                == .warning(
                    "2 active builds. Running builds finish first, queued ones stay queued", hint: nil))
        #expect(
            verdict(.sleep, activity: .unavailable(InstallerError("No proxy runs")), isForced: true)
                == .warning(
                    "Cannot determine whether builds are running: No proxy runs. Running builds finish first",
                    hint: nil))
        #expect(verdict(.sleep, isForced: true) == .passed("running"))
    }

    @Test(arguments: [ScaleTarget.sleep, .wake]) func kedaDecides(_ scaling: ScaleTarget) {
        #expect(verdict(scaling, scaledObject: "buildkit").evidence.hasPrefix("KEDA scales BuildKit"))
    }

    /// Also where no check was judged: the plan is made again when the lock is held.
    @Test func noSleepIsPlannedOnAnUnknownLoad() {
        var facts = Facts.installed
        facts.scale = .known(ScaleState(builder: "buildkit-builder", wanted: 1, ready: 1))
        facts.activity = .unavailable(InstallerError("No proxy runs"))
        #expect(
            Workflow.sleep.refusal(Answers(), facts)?.unread.map(\.name) == ["the number of running builds"])
        #expect(Workflow.wake.refusal(Answers(), facts) == nil)
        var answers = Answers()
        answers.force = true
        #expect(Workflow.sleep.refusal(answers, facts) == nil)
    }
}
