extension Query<Facts.ServiceState?> {
    /// The Service that clients dial.
    static func service(_ answers: Answers) -> Query {
        Query(
            answers.site.kubectl.look(
                "get", "service", answers.fullname, "--ignore-not-found", "--output", "json")
        ) { result throws(Failure) in
            let reply: Reply? = try result.json(else: "The Service \(answers.fullname) cannot be looked at")
            return reply?.state
        }
    }

    private struct Reply: Decodable {
        struct Port: Decodable { var nodePort: Int? }
        struct Spec: Decodable {
            var type: String?
            var ports: [Port]?
        }
        struct Ingress: Decodable { var ip, hostname: String? }
        struct LoadBalancer: Decodable { var ingress: [Ingress]? }
        struct Status: Decodable { var loadBalancer: LoadBalancer? }
        var spec: Spec
        var status: Status?

        var state: Facts.ServiceState {
            Facts.ServiceState(
                type: spec.type ?? "ClusterIP",
                addresses: (status?.loadBalancer?.ingress ?? []).compactMap { $0.hostname ?? $0.ip },
                nodePort: spec.ports?.first?.nodePort)
        }
    }
}
