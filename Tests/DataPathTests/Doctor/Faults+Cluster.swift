import FoundationEssentials
import Installer
import LabSupport

// These change shared objects: the change is undone before the next test starts.

extension Fault {
    static let cluster: [Fault] = [
        Fault("a Secret that is gone", broken: ["secrets"], says: "Secret buildkit-secrets not found") {
            patient, look in
            try await patient.whileChanged("secret", "buildkit-secrets", look) {
                try await $0.kubectl("delete", "secret", "buildkit-secrets")
            }
        },
        Fault("a Secret that lacks a key", broken: ["secrets"], says: "server-key.pem is missing") {
            patient, look in
            try await patient.whileChanged("secret", "buildkit-envoy-certs", look) {
                try await $0.kubectl(
                    "patch", "secret", "buildkit-envoy-certs", "--type", "json", "-p",
                    #"[{"op": "remove", "path": "/data/server-key.pem"}]"#)
            }
        },
        Fault("a Secret with the key of another pair", broken: ["secrets"], says: "they are not a pair") {
            patient, look in
            try await patient.whileChanged("secret", "buildkit-envoy-certs", look) { patient in
                let key = try await patient.identity().key.revealed
                try await patient.kubectl(
                    "patch", "secret", "buildkit-envoy-certs", "-p",
                    #"{"data": {"server-key.pem": "\#(Data(key.utf8).base64EncodedString())"}}"#)
            }
        },
        Fault("a policy that keeps everybody out", broken: ["policy"], says: "Blocked by: deny") {
            patient, look in
            try await patient.whileChanged("networkpolicy", "buildkit-proxy", look) {
                try await $0.kubectl("delete", "networkpolicy", "buildkit-proxy")
                try await $0.kubectl(
                    "apply", "-f", "-",
                    input: """
                        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                         "metadata": {"name": "deny"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}
                        """)
            } after: {
                try await $0.kubectl("delete", "networkpolicy", "deny")
            }
        },
        Fault("an image that nobody has", broken: ["pods"], says: "unready:1") { patient, look in
            try await patient.kubectl(
                "set", "image", "deployment/buildkit-proxy", "*=example.com/unready:1")
            let hurt = patient
            try await eventually("the new proxy waits") {
                try await hurt.kubectl("get", "pods").contains("ImagePullBackOff")
            }
            try await look(patient)
            try await patient.kubectl("rollout", "undo", "deployment/buildkit-proxy")
            try await patient.waitForPods()
        },
        Fault("a builder that sleeps", broken: ["buildkit"], says: "is scaled to zero") { patient, look in
            try await patient.kubectl("scale", "deployment/buildkit-builder", "--replicas", "0")
            try await patient.kubectl(
                "wait", "--for=delete", "pod", "--selector", "app.kubernetes.io/component=builder",
                "--timeout=300s")
            try await look(patient)
            try await patient.kubectl("scale", "deployment/buildkit-builder", "--replicas", "1")
            try await patient.waitForPods()
        },
        Fault("a quota that leaves no pod", broken: ["pods"], says: "exceeded quota") { patient, look in
            try await patient.kubectl("create", "quota", "none", "--hard", "pods=1")
            try await patient.kubectl(
                "delete", "pod", "--selector", "app.kubernetes.io/component=builder")
            let hurt = patient
            try await eventually("the pod is refused") {
                try await hurt.kubectl("get", "deployment", "buildkit-builder", "-o", "json")
                    .contains("exceeded quota")
            }
            try await look(patient)
            try await patient.kubectl("delete", "quota", "none")
            // The next attempt of the ReplicaSet may be delayed; that of a new one is not.
            try await patient.kubectl("rollout", "restart", "deployment/buildkit-builder")
            try await patient.waitForPods()
        },
    ]
}

extension Patient {
    /// Changes an object while the doctor runs, and restores it.
    fileprivate func whileChanged(
        _ kind: String, _ name: String, _ look: @Sendable (Patient) async throws -> Void,
        by harm: (Patient) async throws -> Void, after heal: (Patient) async throws -> Void = { _ in }
    ) async throws {
        let text = try await kubectl("get", kind, name, "-o", "json")
        let object = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
        var members = object.object
        members["metadata"] = .object(
            (object["metadata"]?.object ?? [:]).filter { ["name", "labels"].contains($0.key) })
        members["status"] = nil
        try await harm(self)
        try await look(self)
        try await heal(self)
        try await kubectl(
            "apply", "--server-side", "--force-conflicts", "-f", "-",
            input: JSONValue.object(members).text(indented: false))
    }

    /// Waits until each component has one ready pod again.
    fileprivate func waitForPods() async throws {
        try await eventually("the pods are back") {
            let lines = try await kubectl("get", "pods", "--no-headers").split(separator: "\n")
            return lines.count == 2 && lines.allSatisfy { $0.contains("1/1") && $0.contains("Running") }
        }
    }
}
