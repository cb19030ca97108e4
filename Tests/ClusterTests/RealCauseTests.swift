@testable import Installer
import LabSupport
import Testing

/// Causes in the words of real controllers, a real scheduler and a real admission.
@Suite struct RealCauseTests {
    private struct Case: Sendable {
        /// The release, which separates the objects of the cases.
        let name: String
        let code: CauseCode
        /// What the pod requires beyond its container.
        var pod: [String: JSONValue] = [:]
        /// What the container requires.
        var requests: JSONValue = [:]
        /// The specification of a claim that the pod uses; nil: it names one that does not exist, or none.
        var claim: [String: JSONValue]?

        private var labels: JSONValue {
            [
                "app.kubernetes.io/instance": .string(name), "app.kubernetes.io/component": "builder",
            ]
        }
        private var metadata: JSONValue { ["name": .string(name), "labels": labels] }

        var objects: [JSONValue] {
            var spec = pod
            spec["containers"] = [
                [
                    "name": "buildkitd", "image": "example.com/buildkit:1",
                    "resources": ["requests": requests],
                ]
            ]
            let deployment: JSONValue = [
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": metadata.setting(
                    .string(Chart.label), at: ["labels", "helm.sh/chart"]),
                "spec": [
                    "selector": ["matchLabels": labels],
                    "template": ["metadata": ["labels": labels], "spec": .object(spec)],
                ],
            ]
            guard var claim else { return [deployment] }
            claim["accessModes"] = ["ReadWriteOnce"]
            claim["resources"] = ["requests": ["storage": "1Gi"]]
            return [
                [
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata,
                    "spec": .object(claim),
                ], deployment,
            ]
        }
    }

    private static func volume(_ claim: String) -> [String: JSONValue] {
        ["volumes": [["name": "cache", "persistentVolumeClaim": ["claimName": .string(claim)]]]]
    }

    private static let cases = [
        Case(
            name: "arch", code: .unschedulableArch,
            pod: ["nodeSelector": ["kubernetes.io/arch": "riscv64"]]),
        Case(name: "selector", code: .unschedulableSelector, pod: ["nodeSelector": ["disk": "ssd"]]),
        Case(name: "memory", code: .unschedulableResources, requests: ["memory": "900Ti"]),
        Case(name: "absent", code: .pvcMissing, pod: volume("absent")),
        Case(
            name: "class", code: .pvcClassMissing, pod: volume("class"),
            claim: ["storageClassName": "no-such-class"]),
        Case(name: "default", code: .pvcNoDefaultClass, pod: volume("default"), claim: [:]),
        Case(
            name: "priority", code: .priorityClassMissing, pod: ["priorityClassName": "no-such-class"]),
        Case(
            name: "account", code: .serviceAccountMissing, pod: ["serviceAccountName": "no-such-account"]),
        // The lab's stand-in for a kubelet pulls nothing.
        Case(name: "unready", code: .imagePullBackOff),
    ]

    @Test func eachHasItsCode() async throws {
        try await withNotedKubectl { dependencies, namespace, _ in
            let list: JSONValue = [
                "apiVersion": "v1", "kind": "List", "items": .array(Self.cases.flatMap(\.objects)),
            ]
            try await namespace.kubectl.require(
                ["create", "--namespace", namespace.name, "--filename", "-"], input: list.text)
            for expected in Self.cases {
                let id = InstallationID(
                    context: "test", namespace: namespace.name, release: expected.name)
                try await eventually("\(expected.name) is \(expected.code.rawValue)") {
                    let objects = try await Query<ReleaseObjects>.objects(id).value(from: dependencies.runner)
                    return CauseFinder(objects, of: id).causes.first?.code == expected.code
                }
            }
        }
    }
}
