import Installer

/// An object of the cluster as an installation wants it: without what the server makes of it, and without what
/// is never the same twice.
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
        // Keys and certificates are new each time; which there are is not.
        parts["data"] =
            kind == "Secret" ? object["data"].map { .object($0.object.mapValues { _ in "" }) } : parts["data"]
        // A ServiceAccount's token is the server's doing.
        parts["secrets"] = nil
        content = JSONValue.object(parts).without(Self.given).renaming(namespace, to: "NAMESPACE")
    }

    private static let wanted: Set = ["name", "namespace", "labels", "annotations"]
    /// Checksums are of what stands in the ConfigMaps, the namespace's name included.
    private static let given: Set = [
        "checksum/buildkitd", "checksum/bootstrap", "buildkit-installer/run",
        "clusterIP", "clusterIPs", "nodePort", "deployment.kubernetes.io/revision", "volumeName",
        "pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
    ]

    /// Whether it is neither what every namespace has nor Helm's own record.
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

    /// Equal is what is alike but for its version.
    static func == (left: Self, right: Self) -> Bool { left.description == right.description }
    static func < (left: Self, right: Self) -> Bool { left.title < right.title }
}

extension JSONValue {
    /// The value without the fields of these names, wherever they are.
    fileprivate func without(_ names: Set<String>) -> JSONValue {
        switch self {
        case .object(let fields):
            // Where nothing is left of annotations, there are none.
            .object(
                fields.filter { !names.contains($0.key) }.mapValues { $0.without(names) }
                    .filter { $0.key != "annotations" || $0.value != .object([:]) })
        case .array(let elements): .array(elements.map { $0.without(names) })
        default: self
        }
    }

    /// The value with one word in place of another in all its texts.
    fileprivate func renaming(_ name: String, to other: String) -> JSONValue {
        switch self {
        case .object(let fields): .object(fields.mapValues { $0.renaming(name, to: other) })
        case .array(let elements): .array(elements.map { $0.renaming(name, to: other) })
        case .string(let text): .string(text.replacing(name, with: other))
        default: self
        }
    }
}
