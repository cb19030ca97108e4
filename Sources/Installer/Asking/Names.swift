import MutualTLS

// What follows from the answers: the chart's names and the names that buildx meets.

extension Answers {
    /// The prefix of all that the chart makes; the chart's `fullname` says the same.
    public var fullname: String {
        release.contains("buildkit") ? release : String("\(release)-buildkit".prefix(63))
    }

    /// The builder's Service, as the cluster's own DNS knows it.
    var serviceNames: [String] {
        ["\(fullname).\(namespace).svc", "\(fullname).\(namespace).svc.cluster.local"]
    }

    /// The names that the server certificate is to cover.
    public var names: [SubjectName] {
        guard sans.isEmpty else { return sans }
        let here = exposure == .portForward ? ["localhost", "127.0.0.1", "::1"] : []
        // They are all well-formed: namespace and release passed their rules.
        return (serviceNames + here).compactMap { try? SubjectName($0) }
    }

    /// The endpoint, where it is known before anything exists: given, or the near end of a port-forward.
    public var fixedEndpoint: Endpoint? {
        if let endpoint {
            return Endpoint(host: endpoint.host, port: endpoint.port == 0 ? port : endpoint.port)
        }
        return exposure == .portForward ? Endpoint(host: "localhost", port: port) : nil
    }
}
