@testable import Installer
import Testing

@Suite struct ScaleChangeTests {
    private static let awake = ScaleState(builder: "buildkit-builder", wanted: 1, ready: 1)
    private static let asleep = ScaleState(builder: "buildkit-builder", wanted: 0, ready: 0)

    private func change(
        _ scaling: ScaleTarget, _ state: ScaleState, running: Int = 0, held: Int = 0
    ) -> ScalePlanner {
        var answers = Answers()
        answers.namespace = "team"
        return ScalePlanner(
            ScaleFacts(
                scaling: scaling, installation: answers.installation, state: state,
                activity: .known(BuildActivity(running: running, held: held))), timeout: answers.timeout)
    }

    @Test(arguments: [
        (1, 0, "1 active build"), (2, 0, "2 active builds"), (0, 1, "1 queued request"),
        (2, 3, "2 active builds, 3 queued requests"),
    ])
    func nobodyIsDisturbed(_ running: Int, _ held: Int, _ words: String) {
        let change = change(.sleep, Self.awake, running: running, held: held)
        #expect(change.refusal(isForced: false)?.message == "BuildKit is not scaled to zero: \(words)")
        #expect(change.refusal(isForced: false)?.hint?.contains("--force") == true)
        #expect(change.refusal(isForced: true) == nil)
    }

    @Test func nothingStandsAgainstWaking() {
        #expect(change(.wake, Self.asleep, held: 3).refusal(isForced: false) == nil)
    }

    @Test func kedaIsNotFought() {
        var state = Self.awake
        state.scaledObject = "buildkit-builder"
        let refusal = change(.sleep, state).refusal(isForced: true)
        #expect(
            refusal
                == InstallerError(
                    "KEDA scales BuildKit automatically (ScaledObject buildkit-builder) and would undo this",
                    hint: """
                        To keep it scaled to zero anyway: kubectl annotate scaledobject buildkit-builder \
                        autoscaling.keda.sh/paused-replicas=0 --overwrite --namespace team
                        To resume autoscaling: kubectl annotate scaledobject buildkit-builder \
                        autoscaling.keda.sh/paused-replicas- --overwrite --namespace team
                        """, code: .scaledByKEDA))
        state.wanted = 0
        #expect(change(.wake, state).refusal(isForced: false)?.hint?.contains("paused-replicas=1") == true)
    }

    @Test func theStepsAreAsAPersonWouldTypeThem() {
        let selector = "app.kubernetes.io/instance=buildkit,app.kubernetes.io/component=builder"
        #expect(
            change(.sleep, Self.awake).plan.steps.flatMap { ShellScript.lines(for: $0.action) } == [
                "kubectl scale deployment/buildkit-builder --replicas=0 --namespace team",
                "kubectl wait --for=delete pod --selector \(selector) --timeout=600s --namespace team",
            ])
        #expect(
            change(.wake, Self.asleep).plan.steps.flatMap { ShellScript.lines(for: $0.action) } == [
                "kubectl scale deployment/buildkit-builder --replicas=1 --namespace team",
                "kubectl rollout status deployment/buildkit-builder --timeout=600s --namespace team",
            ])
    }

    @Test func whatIsSoAlreadyNeedsNoSteps() {
        #expect(change(.sleep, Self.asleep).plan.steps == [])
        #expect(change(.wake, Self.awake).plan.steps == [])
    }

    @Test func whatIsHeldIsSaid() {
        #expect(
            change(.sleep, Self.asleep, held: 2).outcome == [
                "BuildKit is already scaled to zero. 2 queued requests wait. "
                    + "New builds are queued until you run:",
                "  buildkit-installer wake --namespace team --yes",
            ])
        #expect(
            change(.wake, Self.asleep, held: 1).outcome == [
                "BuildKit is running. 1 queued request continues."
            ])
        #expect(change(.wake, Self.awake).outcome == ["BuildKit is already running."])
    }

    @Test func whatCannotBeToldIsSaid() {
        let change = ScalePlanner(
            ScaleFacts(
                scaling: .sleep, installation: Answers().installation, state: Self.awake,
                activity: .unavailable(InstallerError("No proxy runs"))), timeout: 600)
        #expect(change.refusal(isForced: false)?.detail == "No proxy runs")
        #expect(change.refusal(isForced: true) == nil)
        #expect(
            change.notes == [
                "Cannot determine whether builds are running: No proxy runs. Running builds finish first."
            ])
    }
}
