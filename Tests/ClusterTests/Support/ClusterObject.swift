import Installer

/// An object of the cluster in its intended state: without the fields that the server sets, and without those that
/// always differ.
struct ClusterObject: Equatable, Comparable, CustomStringConvertible, Sendable {
    let kind: String
    let name: String
    let resourceVersion: String
    let content: JSONValue

    init(_ object: JSONValue) {
        let metadata = object["metadata"]
        let namespace = metadata?["namespace"]?.string ?? ""
        kind = object["kind"]?.string ?? ""
        name = metadata?["name"]?.string ?? ""
        resourceVersion = metadata?["resourceVersion"]?.string ?? ""
        var parts = object.object
        parts["status"] = nil
        parts["metadata"] = .object((metadata?.object ?? [:]).filter { Self.wanted.contains($0.key) })
        // The contents of keys and certificates always differ; their names do not.
        parts["data"] =
            kind == "Secret" ? object["data"].map { .object($0.object.mapValues { _ in "" }) } : parts["data"]
        // The server creates a ServiceAccount's token.
        parts["secrets"] = nil
        content = JSONValue.object(parts).without(Self.given).renaming(namespace, to: "NAMESPACE")
    }

    private static let wanted: Set = ["name", "namespace", "labels", "annotations"]
    /// Checksums cover the ConfigMaps, which contain the namespace's name.
    private static let given: Set = [
        "checksum/buildkitd", "checksum/bootstrap", "buildkit-installer/run",
        "clusterIP", "clusterIPs", "nodePort", "deployment.kubernetes.io/revision", "volumeName",
        "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
    ]

    /// Whether it is neither in every namespace nor Helm's own record.
    var isNobodysOwn: Bool {
        switch kind {
        case "Secret": !name.hasPrefix("sh.helm.release") && !name.contains("-token-")
        case "ServiceAccount": name != "default"
        case "ConfigMap": name != "kube-root-ca.crt"
        default: true
        }
    }

    var title: String { "\(kind)/\(name)" }
    var description: String { "\(title) \(content.text(indented: false))" }

    /// Equal objects may differ in their version.
    static func == (left: Self, right: Self) -> Bool { left.description == right.description }
    static func < (left: Self, right: Self) -> Bool { left.title < right.title }
}

extension JSONValue {
    /// The value without the fields of these names, at any depth.
    fileprivate func without(_ names: Set<String>) -> JSONValue {
        switch self {
        case .object(let fields):
            // Empty annotations are removed.
            .object(
                fields.filter { !names.contains($0.key) }.mapValues { $0.without(names) }
                    .filter { $0.key != "annotations" || $0.value != .object([:]) })
        case .array(let elements): .array(elements.map { $0.without(names) })
        default: self
        }
    }

    /// The value with one word replaced by another in all its texts.
    fileprivate func renaming(_ name: String, to other: String) -> JSONValue {
        switch self {
        case .object(let fields): .object(fields.mapValues { $0.renaming(name, to: other) })
        case .array(let elements): .array(elements.map { $0.renaming(name, to: other) })
        case .string(let text): .string(text.replacing(name, with: other))
        default: self
        }
    }
}
