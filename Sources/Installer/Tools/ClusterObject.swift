/// An object of the cluster that this program creates or deletes directly.
public struct ObjectReference: Codable, Hashable, Sendable {
    /// The kinds that this program creates or deletes directly, as kubectl names them.
    public enum Kind: String, Codable, Sendable {
        case namespace, secret, lease, pod
        case claim = "persistentvolumeclaim"
    }

    public var kind: Kind
    public var name: String
    /// Nil: it is not namespaced.
    public var namespace: String?
    /// The kubeconfig context; empty: the current one.
    public var context: String

    public init(_ kind: Kind, _ name: String, namespace: String? = nil, context: String) {
        (self.kind, self.name, self.namespace, self.context) = (kind, name, namespace, context)
    }

    var kubectl: Kubectl { Kubectl(context: context, namespace: namespace) }

    /// Reads it; prints nothing where it does not exist.
    var get: Command { kubectl("get", kind.rawValue, name, "--ignore-not-found", "--output", "json") }

    /// Its path on the API server.
    private var path: String {
        let group = kind == .lease ? "/apis/coordination.k8s.io/v1" : "/api/v1"
        let place = namespace.map { "/namespaces/\($0)" } ?? ""
        return "\(group)\(place)/\(kind.rawValue)s/\(name)"
    }

    /// Reads the log of a pod's container. `kubectl logs` would be a process of its own, and without a container's name it
    /// reads the log of another one, or fails, where one was added to the pod.
    ///
    /// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod
    /// - Parameters:
    ///   - lines: the maximum number of lines; the last ones are read.
    ///   - ofPrevious: the log of the previous run of the container instead of the current one.
    func log(of container: String, lines: Int, ofPrevious: Bool = false) -> Command {
        Kubectl(context: context).look(
            "get", "--raw",
            "\(path)/log?container=\(container.percentEncoded)&tailLines=\(lines)"
                + (ofPrevious ? "&previous=true" : ""))
    }

    /// Deletes it only while it is the object that was read: the API server rejects the deletion of another one.
    ///
    /// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-deletion
    /// - Parameters:
    ///   - version: the `resourceVersion` that it must still have; nil: any.
    ///   - gracePeriod: the time that a pod has to end, in seconds; nil: its own.
    func delete(uid: String, version: String? = nil, gracePeriod: Int? = nil) -> Command {
        var conditions: [String: JSONValue] = ["uid": .string(uid)]
        if let version { conditions["resourceVersion"] = .string(version) }
        var options: [String: JSONValue] = [
            "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": .object(conditions),
            "propagationPolicy": "Background",
        ]
        if let gracePeriod { options["gracePeriodSeconds"] = .number(Double(gracePeriod)) }
        // A raw request uses its path, regardless of the namespace on the command line.
        return Kubectl(context: context)(
            "delete", "--raw", path, "--filename", "-", input: JSONValue.object(options).text)
    }
}

extension ObjectReference: CustomStringConvertible {
    /// "namespace team"
    public var description: String { "\(kind.rawValue) \(name)" }
}

extension SecretName {
    var reference: ObjectReference {
        ObjectReference(.secret, name, namespace: namespace, context: context)
    }
}

extension InstallationID {
    var namespaceReference: ObjectReference { ObjectReference(.namespace, namespace, context: context) }

    func pod(_ name: String) -> ObjectReference {
        ObjectReference(.pod, name, namespace: namespace, context: context)
    }
}

extension JSONValue {
    /// Distinguishes an object from another one of the same name.
    var uid: String? { self["metadata"]?["uid"]?.string }
    /// Distinguishes one state of an object from another.
    var resourceVersion: String? { self["metadata"]?["resourceVersion"]?.string }
    func annotation(_ name: String) -> String? { self["metadata"]?["annotations"]?[name]?.string }
    /// Whether it is being deleted.
    var isTerminating: Bool { self["metadata"]?["deletionTimestamp"] != nil }

    /// Whether it selects an object with these labels, as a label selector; an empty one selects all.
    ///
    /// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
    func selects(_ labels: [String: JSONValue]) -> Bool {
        (self["matchLabels"]?.object ?? [:]).allSatisfy { labels[$0.key] == $0.value }
            && (self["matchExpressions"]?.array ?? []).allSatisfy { expression in
                let value = labels[expression["key"]?.string ?? ""]
                let isAmong = value.map { (expression["values"]?.array ?? []).contains($0) } ?? false
                return switch expression["operator"]?.string {
                case "In": isAmong
                case "NotIn": !isAmong
                case "Exists": value != nil
                case "DoesNotExist": value == nil
                default: true
                }
            }
    }
}
