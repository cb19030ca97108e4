@testable import Installer
import Testing

@Suite struct ScaleChangeTests {
    private static let awake = ScaleState(builder: "buildkit-builder", wanted: 1, ready: 1)
    private static let asleep = ScaleState(builder: "buildkit-builder", wanted: 0, ready: 0)

    private func change(
        _ scaling: ScaleTarget, _ slumber: ScaleState, running: Int = 0, held: Int = 0
    ) -> ScalePlanner {
        var answers = Answers()
        answers.namespace = "team"
        return ScalePlanner(
            scaling: scaling, answers: answers, slumber: slumber,
            activity: .known(BuildActivity(running: running, held: held)))
    }

    @Test(arguments: [
        (1, 0, "1 build runs"), (2, 0, "2 builds run"), (0, 1, "1 request waits"),
        (2, 3, "2 builds run, and 3 requests wait"),
    ])
    func nobodyIsDisturbed(_ running: Int, _ held: Int, _ words: String) {
        let change = change(.sleep, Self.awake, running: running, held: held)
        #expect(change.refusal(isForced: false)?.message == "BuildKit is not put to sleep: \(words)")
        #expect(change.refusal(isForced: false)?.hint?.contains("--force") == true)
        #expect(change.refusal(isForced: true) == nil)
    }

    @Test func nothingStandsAgainstWaking() {
        #expect(change(.wake, Self.asleep, held: 3).refusal(isForced: false) == nil)
    }

    @Test func kedaIsNotFought() {
        var slumber = Self.awake
        slumber.scaledObject = "buildkit-builder"
        let refusal = change(.sleep, slumber).refusal(isForced: true)
        #expect(
            refusal
                == InstallerError(
                    "KEDA puts BuildKit to sleep by itself when nobody builds, through the ScaledObject "
                        + "buildkit-builder, and would undo this",
                    hint: """
                        To keep it asleep all the same: kubectl annotate scaledobject buildkit-builder \
                        autoscaling.keda.sh/paused-replicas=0 --overwrite --namespace team
                        To let KEDA decide again: kubectl annotate scaledobject buildkit-builder \
                        autoscaling.keda.sh/paused-replicas- --overwrite --namespace team
                        """, code: .scaledByKEDA))
        slumber.wanted = 0
        #expect(change(.wake, slumber).refusal(isForced: false)?.hint?.contains("paused-replicas=1") == true)
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
                "BuildKit sleeps already. 2 requests wait for it. "
                    + "Builds that are started wait until it is woken:",
                "  buildkit-installer wake --namespace team --yes",
            ])
        #expect(
            change(.wake, Self.asleep, held: 1).outcome == [
                "BuildKit is awake. 1 request that waited goes on."
            ])
        #expect(change(.wake, Self.awake).outcome == ["BuildKit is awake already."])
    }

    @Test func whatCannotBeToldIsSaid() {
        let change = ScalePlanner(
            scaling: .sleep, answers: Answers(), slumber: Self.awake,
            activity: .unavailable(InstallerError("No proxy runs")))
        #expect(change.refusal(isForced: false)?.detail == "No proxy runs")
        #expect(change.refusal(isForced: true) == nil)
        #expect(
            change.notes == [
                "Whether builds run cannot be told: No proxy runs. Those that run are finished first."
            ])
    }
}
