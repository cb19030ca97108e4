@testable import Installer
import Testing

/// Why pods are not ready, in one sentence each.
@Suite struct PodTroubleTests {
    private func sentences(_ pod: JSONValue, _ events: JSONValue...) -> [String] {
        [
            CauseFinder(
                ReleaseObjects(items: [pod] + events, refused: []),
                of: InstallationID(context: "", namespace: "buildkit", release: "buildkit")
            ).trouble(of: pod)
        ].compactMap(\.self)
    }

    private func pod(_ state: JSONValue) -> JSONValue {
        [
            "kind": "Pod", "metadata": ["name": "buildkit-proxy-1"],
            "status": [
                "containerStatuses": [["ready": false, "state": state]],
                "conditions": [["type": "Ready", "status": "False"]],
            ],
        ]
    }

    private func event(_ reason: String, _ message: String, type: String = "Warning", at time: String)
        -> JSONValue
    {
        .event(
            "Pod", "buildkit-proxy-1", reason, message, type: type, at: "2026-11-22T10:00:0\(time)Z")
    }

    @Test func whatTheProbeSaidLastIsTold() {
        let said = sentences(
            pod(["running": [:]]),
            event(
                "Unhealthy", "Readiness probe failed: Secret outer: server.pem is not PEM.\n", at: "3"),
            event("Unhealthy", "Readiness probe failed: Envoy is starting or draining.", at: "2"),
            event("Pulled", "Container image already present", type: "Normal", at: "4"))
        #expect(
            said == [
                "buildkit-proxy-1: Readiness probe failed: Secret outer: server.pem is not PEM."
            ])
    }

    @Test func aVolumeThatCannotBeMountedIsTold() {
        let said = sentences(
            pod(["waiting": ["reason": "ContainerCreating"]]),
            event("FailedMount", #"MountVolume.SetUp failed for volume "outer""#, at: "1"))
        #expect(
            said == [
                #"buildkit-proxy-1: MountVolume.SetUp failed for volume "outer""#
            ])
    }

    @Test func aReasonOfThePodItselfIsEnough() {
        let said = sentences(
            pod(["waiting": ["reason": "ImagePullBackOff", "message": "no such image"]]),
            event("Failed", "Error: ImagePullBackOff", at: "1"))
        #expect(said == ["buildkit-proxy-1: ImagePullBackOff: no such image"])
    }

    private func container(of pod: JSONValue, _ events: JSONValue...) -> String? {
        CauseFinder(
            ReleaseObjects(items: [pod] + events, refused: []),
            of: InstallationID(context: "", namespace: "buildkit", release: "buildkit")
        ).cause(of: pod)?.container
    }

    private func status(_ name: String, ready: Bool, _ state: JSONValue) -> JSONValue {
        ["name": .string(name), "ready": .bool(ready), "state": state]
    }

    /// A service mesh adds containers of its own: without a name, kubectl fails, or prints the log of one of them.
    @Test func theLogIsThatOfTheContainerThatFails() {
        let ended: JSONValue = ["terminated": ["exitCode": 1, "reason": "Error"]]
        let base = pod(["running": [:]])
        let meshed = base.setting(
            [status("istio-proxy", ready: true, ["running": [:]]), status("envoy", ready: false, ended)],
            at: ["status", "containerStatuses"])
        #expect(container(of: meshed) == "envoy")
        let preparing = base.setting(
            [status("istio-init", ready: true, ended), status("prepare", ready: false, ended)],
            at: ["status", "initContainerStatuses"])
        #expect(container(of: preparing) == "prepare")
        #expect(preparing.loggingContainer == "prepare")
        #expect(meshed.loggingContainer == "envoy")
        #expect(JSONValue.pod("builder").loggingContainer == "buildkitd")
        let unhealthy = event("Unhealthy", "Readiness probe failed: refused", at: "1")
        #expect(container(of: base, unhealthy) == "envoy")
        #expect(
            container(
                of: base,
                unhealthy.setting("spec.containers{istio-proxy}", at: ["involvedObject", "fieldPath"]))
                == "istio-proxy")
    }

    @Test func withoutEventsItIsSaidAllTheSame() {
        #expect(sentences(pod(["running": [:]])) == ["buildkit-proxy-1 is not ready"])
    }
}
