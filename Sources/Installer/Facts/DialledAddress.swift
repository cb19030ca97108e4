import MutualTLS

// The address that clients dial. A plan and its run choose by the same rule, so that what was registered is found
// again.

extension ReleaseObjects {
    /// The Service that clients dial. Its name depends on the chart's values, so it is found by its labels and by the name of
    /// its port: the proxy has another one for its metrics.
    /// - Parameter name: its name where its labels do not tell it.
    func clientService(of installation: InstallationID, or name: String) -> JSONValue? {
        own("Service", of: installation).first { service in
            service.label(KubernetesLabels.component) == "proxy"
                && (service["spec"]?["ports"]?.array ?? []).contains { $0["name"]?.string == "buildkit" }
        } ?? object("Service", name)
    }
}

extension Facts.Node {
    /// The kinds of addresses, the most widely reachable first.
    static let addressKinds = ["ExternalIP", "ExternalDNS", "InternalIP", "InternalDNS", "Hostname"]
}

extension [Facts.Node] {
    /// All addresses of the nodes, the most widely reachable first.
    fileprivate var dialled: [String] {
        let all = flatMap { node in
            node.addresses.enumerated().map { index, address in
                (
                    address: address,
                    kind: node.addressKinds.indices.contains(index) ? node.addressKinds[index] : ""
                )
            }
        }
        let kinds = Facts.Node.addressKinds
        return kinds.flatMap { kind in all.filter { $0.kind == kind }.map(\.address) }
            + all.filter { !kinds.contains($0.kind) }.map(\.address)
    }
}

extension Facts.ServiceState {
    /// All endpoints for this exposure; empty while the Service does not have its type.
    func endpoints(for exposure: Exposure, port: Int, nodePort asked: Int?, on nodes: [Facts.Node])
        -> [Endpoint]
    {
        guard type == exposure.serviceType else { return [] }
        switch exposure {
        case .portForward: return [Endpoint(host: "localhost", port: port)]
        case .loadBalancer: return addresses.map { Endpoint(host: $0, port: port) }
        case .nodePort:
            guard let port = asked ?? nodePort else { return [] }
            return nodes.dialled.map { Endpoint(host: $0, port: port) }
        }
    }
}

extension Endpoint {
    /// Whether it is this machine itself; such an address does not identify an installation.
    var isLocal: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }
}

extension [Endpoint] {
    /// The first endpoint whose host the certificate covers, otherwise the first one.
    func best(_ names: [SubjectName]) -> Endpoint? {
        first { endpoint in names.contains { $0.covers(endpoint.host) } } ?? first
    }
}

extension Answers {
    /// The endpoints that clients dial, as far as they are known.
    func endpoints(at service: Facts.ServiceState?, on nodes: [Facts.Node]) -> [Endpoint] {
        if let fixedEndpoint { return [fixedEndpoint] }
        return service?.endpoints(for: exposure, port: port, nodePort: nodePort, on: nodes) ?? []
    }
}

extension Exposure {
    /// The Service type for this exposure.
    var serviceType: String {
        switch self {
        case .portForward: "ClusterIP"
        case .loadBalancer: "LoadBalancer"
        case .nodePort: "NodePort"
        }
    }
}
