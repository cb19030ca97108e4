/// Objects of one kind, as `kubectl get --output json` prints them.
struct KubernetesList<Item: Decodable & Sendable>: Decodable, Sendable {
    var items: [Item]
}

/// What every object of Kubernetes has.
struct KubernetesMetadata: Decodable, Sendable {
    var name: String
    var labels: [String: String]?
    var annotations: [String: String]?
    var deletionTimestamp: String?
}
