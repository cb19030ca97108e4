import MutualTLS

/// Finds out where a Service is reached from outside the cluster.
struct ServiceAddress {
    private let workshop: Workshop
    private let service: ServiceName
    private let exposure: Exposure

    init(_ workshop: Workshop, _ service: ServiceName, _ exposure: Exposure) {
        (self.workshop, self.service, self.exposure) = (workshop, service, exposure)
    }

    /// The endpoint that clients dial, or nil as long as there is none.
    /// - Parameter names: what the certificate covers; of several addresses one of these is taken first.
    func endpoint(preferring names: [SubjectName] = []) async throws -> Endpoint? {
        let object = try await get(service.kubectl("get", "service", service.name, "--output", "json"))
        switch exposure {
        case .portForward: return Endpoint(host: "localhost", port: service.port)
        case .loadBalancer:
            let ingress = object["status"]?["loadBalancer"]?["ingress"]?.array ?? []
            let hosts = ingress.compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
            return hosts.best(names).map { Endpoint(host: $0, port: service.port) }
        case .nodePort:
            let ports = object["spec"]?["ports"]?.array ?? []
            let port = ports.first { $0["port"]?.number == Double(service.port) } ?? ports.first
            guard let number = port?["nodePort"]?.number.map({ Int($0) }) else { return nil }
            return try await nodeAddresses().best(names).map { Endpoint(host: $0, port: number) }
        }
    }

    /// The nodes' addresses, those that are reached from farthest first.
    private func nodeAddresses() async throws -> [String] {
        let nodes = try await get(Kubectl(context: service.context)("get", "nodes", "--output", "json"))
        let all = (nodes["items"]?.array ?? []).flatMap { $0["status"]?["addresses"]?.array ?? [] }
        return ["ExternalIP", "InternalIP", "Hostname"].flatMap { kind in
            all.filter { $0["type"]?.string == kind }.compactMap { $0["address"]?.string }
        }
    }

    private func get(_ command: Command) async throws -> JSONValue {
        try JSONValue(kubectl: await workshop.ask(command))
    }
}

extension [String] {
    /// A host that the certificate covers, else the first one.
    fileprivate func best(_ names: [SubjectName]) -> String? {
        first { host in names.contains { $0.covers(host) } } ?? first
    }
}
