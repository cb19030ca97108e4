extension Query<Facts.NamespaceState> {
    static func namespace(_ site: Site) -> Query {
        Query(
            site.cluster.look("get", "namespace", site.namespace, "--ignore-not-found", "--output", "json")
        ) { result throws(Failure) in
            let reply: NamespaceReply? = try result.json(
                else: "The namespace \(site.namespace) cannot be looked at")
            return Facts.NamespaceState(
                exists: reply != nil, isTerminating: reply?.status?.phase == "Terminating",
                labels: reply?.metadata.labels ?? [:], heldBy: reply?.heldBy ?? [])
        }
    }
}

/// A namespace, as far as anybody here wants to know.
struct NamespaceReply: Decodable {
    struct Condition: Decodable { var type, status: String, message: String? }
    struct Status: Decodable {
        var phase: String?
        var conditions: [Condition]?
    }
    var metadata: KubernetesMetadata
    var status: Status?

    /// What its deletion waits for. Kubernetes lists five conditions; those that hold are `True`.
    var heldBy: [String] {
        (status?.conditions ?? []).filter { $0.status == "True" }.compactMap(\.message)
    }
}
