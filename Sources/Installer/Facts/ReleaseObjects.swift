/// The objects of a namespace that show the state of a release.
public struct ReleaseObjects: Equatable, Sendable {
    /// `Pod`, `Deployment`, `Event` … of the whole namespace, including those of other releases.
    let items: [JSONValue]
    /// The kinds that the user may not list: `pods`, `events`.
    let refused: [String]

    /// The kinds that are read. None of them contains a secret.
    static let kinds = [
        "pods", "deployments.apps", "replicasets.apps", "services", "persistentvolumeclaims",
        "networkpolicies.networking.k8s.io", "horizontalpodautoscalers.autoscaling", "events",
    ]

    private func all(_ kind: String) -> [JSONValue] { items.filter { $0["kind"]?.string == kind } }

    func object(_ kind: String, _ name: String) -> JSONValue? { all(kind).first { $0.name == name } }

    /// The objects of a kind that the chart has made for the release.
    func own(_ kind: String, of installation: InstallationID) -> [JSONValue] {
        all(kind).made(for: installation)
    }

    func deployments(of installation: InstallationID) -> [JSONValue] { own("Deployment", of: installation) }

    /// The ReplicaSets of a component's Deployment that Helm has created for the release. Only the pods that these
    /// control are proven to be the release's.
    func replicaSets(of installation: InstallationID, _ component: String) -> [JSONValue] {
        let owners = all("Deployment").filter {
            $0.isMadeByHelm(for: installation) && $0.label(KubernetesLabels.component) == component
        }.compactMap(\.uid)
        return all("ReplicaSet").filter { $0.isControlled(by: owners) }
    }

    /// The release's pods of one component; nil: of both. A label alone makes no pod the release's: a ReplicaSet with the
    /// name of its Deployment controls it.
    ///
    /// Where the Deployment is not among the objects, its name is unknown: it was deleted while its pods end, or may not be
    /// listed. Then a pod counts unless it belongs to another Deployment.
    func pods(of installation: InstallationID, _ component: String? = nil) -> [JSONValue] {
        let own = deployments(of: installation)
        let others = Set(all("Deployment").map(\.name)).subtracting(own.map(\.name))
        return all("Pod").filter { pod in
            guard pod.label(KubernetesLabels.instance) == installation.release,
                let part = pod.label(KubernetesLabels.component), KubernetesLabels.components.contains(part),
                component == nil || part == component, let deployment = pod.deploymentName
            else { return false }
            let names = own.filter { $0.label(KubernetesLabels.component) == part }.map(\.name)
            return names.isEmpty ? !others.contains(deployment) : names.contains(deployment)
        }
    }

    /// Whether the pods of a release need a Secret to start.
    func mounts(_ secret: String, in installation: InstallationID) -> Bool {
        deployments(of: installation).contains { deployment in
            (deployment["spec"]?["template"]?["spec"]?["volumes"]?.array ?? []).contains {
                $0["secret"]?["secretName"]?.string == secret
            }
        }
    }

    /// The events about an object, the oldest first.
    func events(about object: JSONValue) -> [JSONValue] {
        items.filter {
            $0["kind"]?.string == "Event" && $0["involvedObject"]?["name"]?.string == object.name
                && $0["involvedObject"]?["kind"]?.string == object["kind"]?.string
        }.sorted { $0.eventTime < $1.eventTime }
    }

    /// The last warning about an object: "Unhealthy: Readiness probe failed: …".
    func lastWarning(about object: JSONValue) -> String? {
        events(about: object).last { $0["type"]?.string == "Warning" }.map(\.eventSentence)
    }
}

extension JSONValue {
    /// The object that manages it; nil: none does.
    ///
    /// https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
    private var controller: JSONValue? {
        (self["metadata"]?["ownerReferences"]?.array ?? []).first { $0["controller"]?.bool == true }
    }

    /// Whether an object with one of these UIDs manages it.
    func isControlled(by owners: some Sequence<String>) -> Bool {
        (controller?["uid"]?.string).map { owners.contains($0) } ?? false
    }

    /// The name of a pod's Deployment, by the name of the ReplicaSet that controls it: `NAME-HASH`. Nil: none controls it.
    fileprivate var deploymentName: String? {
        guard let controller, controller["kind"]?.string == "ReplicaSet",
            let name = controller["name"]?.string, let hash = label(KubernetesLabels.podTemplateHash),
            name.hasSuffix("-\(hash)")
        else { return nil }
        return String(name.dropLast(hash.count + 1))
    }

    var name: String { self["metadata"]?["name"]?.string ?? "" }

    func label(_ name: String) -> String? { self["metadata"]?["labels"]?[name]?.string }

    /// Whether a condition in the object's status is True; nil where the condition does not exist.
    func condition(_ type: String) -> Bool? {
        (self["status"]?["conditions"]?.array ?? []).first { $0["type"]?.string == type }
            .map { $0["status"]?.string == "True" }
    }

    /// Whether a pod is ready to serve requests.
    var isReady: Bool { condition("Ready") == true }

    /// The reason and message of an event, redacted: the response to a probe may contain anything.
    var eventSentence: String {
        Redactor.of("\(self["reason"]?.string ?? "Event"): \(self["message"]?.string?.trimmed ?? "")")
    }

    /// When an event was last seen; ISO 8601 sorts as text.
    fileprivate var eventTime: String {
        [self["lastTimestamp"], self["eventTime"], self["metadata"]?["creationTimestamp"]].lazy
            .compactMap { $0?.string }.first ?? ""
    }
}
