@testable import Installer
import Testing

@Suite struct BuilderWaitTests {
    private let get =
        "kubectl get pods --selector app.kubernetes.io/instance=buildkit,app.kubernetes.io/component=builder "
        + "--output json --request-timeout=5s --namespace team"
    private let none = CommandResult(output: #"{"items":[]}"#)
    private let ready = CommandResult(
        output: #"""
            {"items":[{"metadata":{"name":"b"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}]}
            """#)
    private let ending = CommandResult(
        output: #"""
            {"items":[{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:00Z"},
            "status":{"conditions":[{"type":"Ready","status":"True"}]}}]}
            """#)
    private let waiting = CommandResult(
        output: #"""
            {"items":[{"metadata":{"name":"b"},"status":{"containerStatuses":[{"ready":false,
            "state":{"waiting":{"reason":"ImagePullBackOff","message":"no such image"}}}]}}]}
            """#)

    private func wait(_ scaling: ScaleTarget, timeout: Int, _ results: CommandResult...) async -> RunState {
        await wait(scaling, timeout: timeout, results.map { .init(get, $0) })
    }

    private func wait(
        _ scaling: ScaleTarget, timeout: Int, _ recordings: [ReplayRunner.Recording]
    ) async -> RunState {
        let runner = ReplayRunner(recordings)
        let step = Step(
            id: "wait", title: "Wait",
            action: .awaitBuilder(
                name: "b", installation: Plan.installation, scaling: scaling, timeout: timeout))
        let rehearsal = await rehearse(.test([step]), in: .test(runner))
        #expect(runner.unplayed == [])
        return rehearsal.run
    }

    @Test func itSleepsOnceNoPodIsLeft() async {
        #expect(await wait(.sleep, timeout: 600, ready, ending, none).succeeded)
    }

    @Test func aPodThatEndsIsNotAwake() async {
        #expect(await wait(.wake, timeout: 600, none, ending, waiting, ready).succeeded)
    }

    @Test func whatKeepsItIsSaidOnceTheTimeIsUp() async {
        #expect(
            await wait(.sleep, timeout: 0, ending).failure?.message
                == "BuildKit has not terminated within 0 seconds")
        let kinds = ReleaseObjects.kinds.joined(separator: ",")
        let objects = CommandResult(
            output: JSONValue.object([
                "items": [
                    .pod("builder", waiting: "ContainerCreating"), .pod("proxy", waiting: "Unrelated"),
                ]
            ]).text)
        let failure = await wait(
            .wake, timeout: 0,
            [
                .init(get, waiting),
                .init("kubectl get \(kinds) --output json --request-timeout=5s --namespace team", objects),
            ]
        ).failure
        #expect(failure?.message == "BuildKit is not ready after 0 seconds")
        #expect(failure?.detail == "buildkit-builder-1 is not ready: ContainerCreating: see its log")
    }
}
