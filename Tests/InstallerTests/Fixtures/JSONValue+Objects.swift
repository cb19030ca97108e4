@testable import Installer

// Objects of the release buildkit, with only the fields that are read.

extension JSONValue {
    static func pod(_ part: String, waiting reason: String? = nil) -> JSONValue {
        let state: JSONValue =
            reason.map { ["waiting": ["reason": .string($0), "message": "see its log"]] } ?? ["running": [:]]
        return [
            "kind": "Pod",
            "metadata": [
                "name": .string("buildkit-\(part)-1"),
                "labels": labels(part).setting("a1", at: [KubernetesLabels.podTemplateHash]),
                "ownerReferences": [owner("ReplicaSet", "buildkit-\(part)-a1")],
            ],
            "spec": ["nodeName": "node-1"],
            "status": [
                "phase": "Running",
                "containerStatuses": [["ready": .bool(reason == nil), "state": state]],
                "conditions": [["type": "Ready", "status": reason == nil ? "True" : "False"]],
            ],
        ]
    }

    static func deployment(_ part: String, replicas: Int = 1, failure: String? = nil) -> JSONValue {
        [
            "kind": "Deployment",
            "metadata": ["name": .string("buildkit-\(part)"), "labels": chartLabels(part)],
            "spec": [
                "replicas": .number(Double(replicas)),
                "template": [
                    "spec": [
                        "volumes": [
                            ["name": "cache", "persistentVolumeClaim": ["claimName": "buildkit-cache"]]
                        ]
                    ]
                ],
            ],
            "status": [
                "conditions": .array(
                    failure.map {
                        [["type": "ReplicaFailure", "status": "True", "message": .string($0)]]
                    } ?? [])
            ],
        ]
    }

    static func replicaSet(_ part: String) -> JSONValue {
        [
            "kind": "ReplicaSet",
            "metadata": [
                "name": .string("buildkit-\(part)-a1"), "uid": .string("buildkit-\(part)-a1"),
                "labels": labels(part), "ownerReferences": [owner("Deployment", "buildkit-\(part)")],
            ],
        ]
    }

    /// The reference to an object that has its name as its UID, as the controller.
    private static func owner(_ kind: String, _ name: String) -> JSONValue {
        ["kind": .string(kind), "name": .string(name), "uid": .string(name), "controller": true]
    }

    /// The object as Helm creates it for the release in the namespace team. Its name is its UID.
    var madeByHelm: JSONValue {
        let annotations: JSONValue = [
            KubernetesLabels.helmRelease: "buildkit", KubernetesLabels.helmNamespace: "team",
        ]
        return setting("Helm", at: ["metadata", "labels", KubernetesLabels.managedBy])
            .setting(annotations, at: ["metadata", "annotations"])
            .setting(.string(name), at: ["metadata", "uid"])
    }

    /// The pod with all labels of the release, without its controller.
    var copied: JSONValue {
        setting("a-stranger", at: ["metadata", "name"]).setting([], at: ["metadata", "ownerReferences"])
    }

    /// The Deployment with a Secret as a volume.
    func mounting(_ secret: String) -> JSONValue {
        setting(
            [["name": "certificates", "secret": ["secretName": .string(secret)]]],
            at: ["spec", "template", "spec", "volumes"])
    }

    /// The object while it is being deleted.
    var ending: JSONValue {
        setting("2026-11-22T10:00:00Z", at: ["metadata", "deletionTimestamp"])
            .setting(["example.com/hold"], at: ["metadata", "finalizers"])
    }

    static var service: JSONValue {
        [
            "kind": "Service", "metadata": ["name": "buildkit", "labels": labels("proxy")],
            "spec": ["type": "LoadBalancer", "ports": [["port": 1234]]],
            "status": ["loadBalancer": ["ingress": [["hostname": "builder.example.com"]]]],
        ]
    }

    static func claim(phase: String) -> JSONValue {
        [
            "kind": "PersistentVolumeClaim",
            "metadata": ["name": "buildkit-cache", "labels": labels("builder")],
            "spec": ["resources": ["requests": ["storage": "50Gi"]]], "status": ["phase": .string(phase)],
        ]
    }

    static func event(
        _ kind: String, _ name: String, _ reason: String, _ message: String, type: String = "Warning",
        at time: String = "2026-11-22T10:00:00Z"
    ) -> JSONValue {
        [
            "kind": "Event", "involvedObject": ["kind": .string(kind), "name": .string(name)],
            "reason": .string(reason), "message": .string(message), "lastTimestamp": .string(time),
            "type": .string(type),
        ]
    }

    private static func labels(_ part: String) -> JSONValue {
        ["app.kubernetes.io/instance": "buildkit", "app.kubernetes.io/component": .string(part)]
    }

    private static func chartLabels(_ part: String) -> JSONValue {
        labels(part).setting(.string(Chart.label), at: ["helm.sh/chart"])
    }
}

extension ReleaseObjects {
    /// A proxy that runs, with the certificates of a Secret.
    static var mounting: ReleaseObjects {
        ReleaseObjects(
            items: [
                .deployment("builder"), JSONValue.deployment("proxy").mounting("buildkit-envoy-certs"),
                .pod("builder"), .pod("proxy"), .service,
            ], refused: [])
    }
}
