extension Query<Facts.NamespaceState> {
    static func namespace(_ site: Site) -> Query {
        Query(
            site.cluster.look("get", "namespace", site.namespace, "--ignore-not-found", "--output", "json")
        ) { result throws(Failure) in
            let reply: Reply? = try result.json(else: "The namespace \(site.namespace) cannot be looked at")
            return Facts.NamespaceState(
                exists: reply != nil, isTerminating: reply?.status?.phase == "Terminating",
                labels: reply?.metadata.labels ?? [:])
        }
    }

    private struct Reply: Decodable {
        struct Status: Decodable { var phase: String? }
        var metadata: KubernetesMetadata
        var status: Status?
    }
}
