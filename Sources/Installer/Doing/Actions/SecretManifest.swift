import FoundationEssentials

/// A Secret's manifest as kubectl takes it, in JSON.
enum SecretManifest {
    /// - Parameter version: the `resourceVersion` that the Secret must still have; nil: any.
    static func make(
        _ name: SecretName, labels: [String: String], files: [String: Data], version: String? = nil
    ) -> String {
        text(
            name, labels: labels, type: "Opaque", data: files.mapValues { .string($0.base64EncodedString()) },
            version: version)
    }

    /// What the cluster holds, reduced to what was once applied, so that applying it brings it back.
    /// - Parameter files: keys that are to hold something else.
    static func make(
        _ name: SecretName, from object: JSONValue, with files: [String: Data] = [:], version: String? = nil
    ) -> String {
        let data = object["data"]?.object ?? [:]
        return text(
            name, labels: object["metadata"]?["labels"]?.object.compactMapValues(\.string) ?? [:],
            type: object["type"]?.string ?? "Opaque",
            data: data.merging(files.mapValues { .string($0.base64EncodedString()) }) { $1 }, version: version
        )
    }

    private static func text(
        _ name: SecretName, labels: [String: String], type: String, data: [String: JSONValue],
        version: String? = nil
    ) -> String {
        var metadata: [String: JSONValue] = [
            "name": .string(name.name), "namespace": .string(name.namespace),
            "labels": .object(labels.mapValues { .string($0) }),
        ]
        if let version { metadata["resourceVersion"] = .string(version) }
        let manifest: JSONValue = [
            "apiVersion": "v1", "kind": "Secret", "metadata": .object(metadata), "type": .string(type),
            "data": .object(data),
        ]
        return manifest.text(indented: false)
    }
}
