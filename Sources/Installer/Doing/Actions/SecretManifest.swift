import FoundationEssentials

/// A Secret's manifest as kubectl takes it, in JSON.
enum SecretManifest {
    static func make(_ name: SecretName, labels: [String: String], files: [String: Data]) -> String {
        text(
            name, labels: labels, type: "Opaque", data: files.mapValues { .string($0.base64EncodedString()) })
    }

    /// What the cluster holds, reduced to what was once applied, so that applying it brings it back.
    static func make(_ name: SecretName, from object: JSONValue) -> String {
        text(
            name, labels: object["metadata"]?["labels"]?.object.compactMapValues(\.string) ?? [:],
            type: object["type"]?.string ?? "Opaque", data: object["data"]?.object ?? [:])
    }

    private static func text(
        _ name: SecretName, labels: [String: String], type: String, data: [String: JSONValue]
    ) -> String {
        let metadata: JSONValue = [
            "name": .string(name.name), "namespace": .string(name.namespace),
            "labels": .object(labels.mapValues { .string($0) }),
        ]
        let manifest: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": .string(type),
            "data": .object(data),
        ]
        return manifest.text(indented: false)
    }
}
