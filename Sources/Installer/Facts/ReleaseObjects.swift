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

    /// The objects of a kind that belong to the release, by the chart's labels.
    func own(_ kind: String, of installation: InstallationID) -> [JSONValue] {
        items.filter {
            $0["kind"]?.string == kind && $0.label("app.kubernetes.io/instance") == installation.release
        }
    }

    func object(_ kind: String, _ name: String) -> JSONValue? {
        items.first { $0["kind"]?.string == kind && $0.name == name }
    }

    /// The release's pods of one component; nil: of both.
    func pods(of installation: InstallationID, _ component: String?) -> [JSONValue] {
        own("Pod", of: installation).filter {
            component == nil || $0.label("app.kubernetes.io/component") == component
        }
    }

    /// Whether the pods of a release need a Secret to start.
    func mounts(_ secret: String, in installation: InstallationID) -> Bool {
        own("Deployment", of: installation).contains { deployment in
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
