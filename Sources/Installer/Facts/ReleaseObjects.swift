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

    fileprivate func all(_ kind: String) -> [JSONValue] { items.filter { $0["kind"]?.string == kind } }

    func object(_ kind: String, _ name: String) -> JSONValue? { all(kind).first { $0.name == name } }

    /// The objects of a kind that the chart has made for the release.
    func own(_ kind: String, of installation: InstallationID) -> [JSONValue] {
        all(kind).made(for: installation)
    }

    func deployments(of installation: InstallationID) -> [JSONValue] { own("Deployment", of: installation) }

    /// The Deployment of a component. Its name depends on the chart's values, so it is found by its labels.
    func deployment(of installation: InstallationID, _ component: String) -> JSONValue? {
        deployments(of: installation).first { $0.label(KubernetesLabels.component) == component }
    }

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
    func pods(of installation: InstallationID, _ component: String? = nil) -> [JSONValue] {
        pods(of: installation, component, .release)
    }

    /// The release's pods of one component.
    /// - Throws: where it is unknown whose pods with its labels are.
    func knownPods(of installation: InstallationID, _ component: String) throws(InstallerError) -> [JSONValue]
    {
        if let doubt = self.doubt(aboutPodsOf: installation, component) { throw doubt }
        return pods(of: installation, component)
    }

    /// Why it is unknown which pods of a component are the release's; nil: it is known. Pods that have ended do not matter.
    func doubt(aboutPodsOf installation: InstallationID, _ component: String) -> InstallerError? {
        let names = pods(of: installation, component, .unknown).filter { !$0.hasEnded }.map(\.name)
        guard !names.isEmpty else { return nil }
        let isOne = names.count == 1
        return InstallerError(
            "The \(component) pods cannot be determined: the \(isOne ? "pod" : "pods") \(names.inShort) "
                + "\(isOne ? "has" : "have") the labels of the release \(installation.release), but no Deployment of it "
                + "controls \(isOne ? "it" : "them")",
            hint: "Check the marks of the Deployments: "
                + "\(installation.kubectl("get", "deployments,pods", "--show-labels"))")
    }

    /// The pods of a Deployment that have not ended, whatever marks it has.
    func runningPods(ofDeployment name: String) -> [JSONValue] {
        all("Pod").filter { $0.deploymentName == name && !$0.hasEnded }
    }

    private func pods(
        of installation: InstallationID, _ component: String?, _ owner: PodAttribution.Owner
    ) -> [JSONValue] {
        let components = component.map { [$0] } ?? KubernetesLabels.components
        let attributions = components.map { PodAttribution(self, of: installation, $0) }
        return all("Pod").filter { pod in
            pod.label(KubernetesLabels.instance) == installation.release
                && attributions.contains {
                    $0.component == pod.label(KubernetesLabels.component) && $0.owner(of: pod) == owner
                }
        }
    }

    /// Whether the pods of a release need a Secret to start.
    func mounts(_ secret: String, in installation: InstallationID) -> Bool {
        deployments(of: installation).contains { $0.podsMount(secret) }
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

/// Whose the pods with the labels of one component of a release are. Labels can be copied, and a Deployment can lose its own:
/// what is not known to be the release's is not known to be another's.
private struct PodAttribution {
    enum Owner { case release, other, unknown }

    let component: String
    /// The names of the release's Deployments of the component.
    private let own: Set<String>
    /// Whether these are all: the others do not matter then.
    private let isProven: Bool
    /// Whether no Deployment has the labels: it was deleted while its pods end, or may not be listed.
    private let isAbsent: Bool
    /// The names of all Deployments.
    private let all: Set<String>
    /// Those of other charts and releases.
    private let others: Set<String>

    init(_ objects: ReleaseObjects, of installation: InstallationID, _ component: String) {
        func isOfComponent(_ deployment: JSONValue) -> Bool {
            deployment.label(KubernetesLabels.component) == component
        }
        let deployments = objects.all("Deployment")
        let strangers = deployments.filter { $0.isMarked(forOtherThan: installation) }.map(\.name)
        let labeled = deployments.filter {
            isOfComponent($0) && $0.label(KubernetesLabels.instance) == installation.release
        }.map(\.name)
        let known = objects.deployments(of: installation).filter(isOfComponent)
        let names = Set(known.map(\.name))
        let areByHelm = known.allSatisfy { $0.isMadeByHelm(for: installation) }
        let candidates = names.union(labeled).subtracting(strangers)
        self.component = component
        own = names
        isProven = !names.isEmpty && (areByHelm || candidates == names)
        isAbsent = candidates.isEmpty
        all = Set(deployments.map(\.name))
        others = Set(strangers)
    }

    /// - Parameter pod: a pod with the labels.
    func owner(of pod: JSONValue) -> Owner {
        let deployment = pod.deploymentName
        if isProven { return deployment.map({ own.contains($0) }) == true ? .release : .other }
        guard let deployment else { return .unknown }
        if others.contains(deployment) { return .other }
        return isAbsent && !all.contains(deployment) ? .release : .unknown
    }
}

extension JSONValue {
    /// Whether all containers of a pod have ended, and none restarts.
    fileprivate var hasEnded: Bool {
        ["Succeeded", "Failed"].contains(phase)
    }

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

    /// The phase of a pod or a claim: "Running", "Bound"; nil where it has no status yet.
    var phase: String? { self["status"]?["phase"]?.string }

    /// The volumes of the pods that a Deployment creates.
    var podVolumes: [JSONValue] { self["spec"]?["template"]?["spec"]?["volumes"]?.array ?? [] }

    /// Whether the pods that a Deployment creates mount a Secret.
    func podsMount(_ secret: String) -> Bool {
        podVolumes.contains { $0["secret"]?["secretName"]?.string == secret }
    }

    /// Whether a Deployment's rollout is paused: its pods are not replaced by those of a changed template. It still scales.
    ///
    /// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment
    var hasPausedRollout: Bool { self["spec"]?["paused"]?.bool == true }

    /// Whether some pods of a Deployment are not of its current template. The API server leaves out zeros.
    var hasFormerPods: Bool {
        (self["status"]?["updatedReplicas"]?.number ?? 0) < (self["status"]?["replicas"]?.number ?? 0)
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
