import FoundationEssentials
import MutualTLS

/// Tells buildx about a builder, or changes what it knows of it.
struct BuilderRegistrar {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func register(_ registration: Registration) async throws {
        // Without the note an uninstall goes back to buildx's own default.
        try? rememberFormer(registration)
        let target = try await Target(of: registration, in: workshop)
        try await workshop.run(
            Buildx.create(registration, endpoint: target.endpoint, servername: target.servername))
    }

    /// Writes down which builder was the current one before, so that an uninstall can bring it back. The first
    /// time counts: later ours is the current one.
    private func rememberFormer(_ registration: Registration) throws {
        let world = workshop.world
        let path = world.places.former(of: workshop.plan.site)
        let current = BuildxState(of: world).builders().current
        guard registration.use, current != registration.builder,
            !FileManager.default.fileExists(atPath: path)
        else { return }
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write((current ?? "").utf8, to: path)
    }
}

extension Target {
    /// Works out where the builder answers by now.
    init(of registration: Registration, in workshop: Workshop) async throws {
        switch registration.address {
        case .endpoint(let endpoint):
            self.init(endpoint, servername: registration.servername)
        case .service(let service, let exposure, let names):
            guard
                let found = try await ServiceAddress(workshop, service, exposure).endpoint(preferring: names)
            else {
                throw Failure(
                    "The Service \(service.name) has no address yet",
                    hint: "See what it waits for: \(service.kubectl("describe", "service", service.name))")
            }
            let coverage = Coverage(names: names, servername: registration.servername)
            self.init(found, servername: coverage.expectedName(dialling: found.host))
        }
    }
}

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

/// Waits until the builder's Service can be reached from outside.
struct AddressWait {
    /// How long to wait between two looks, in seconds.
    private static let interval = 2

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func wait(for service: ServiceName, _ exposure: Exposure, timeout: Int) async throws {
        let address = ServiceAddress(workshop, service, exposure)
        for _ in 0...max(0, timeout / Self.interval) {
            if let endpoint = try await address.endpoint() {
                await workshop.say("\(endpoint)")
                return
            }
            try await workshop.world.pause(.seconds(Self.interval))
        }
        throw await failure(service, exposure, timeout)
    }

    private func failure(_ service: ServiceName, _ exposure: Exposure, _ timeout: Int) async -> Failure {
        let events = service.kubectl(
            "get", "events", "--field-selector",
            "involvedObject.kind=Service,involvedObject.name=\(service.name)",
            "--sort-by", "lastTimestamp", "--output", "custom-columns=REASON:.reason,MESSAGE:.message",
            "--no-headers")
        // Without its events the failure says less, but it is still the one to tell.
        let said = (try? await workshop.ask(events))?.trimmed
        let hint =
            switch exposure {
            case .loadBalancer:
                "The cluster may have no load balancer to give. Use --exposure node-port or --exposure port-forward."
            case .nodePort, .portForward:
                "The nodes' addresses must be readable: \(Kubectl(context: service.context)("get", "nodes", "--output", "wide"))"
            }
        return Failure(
            "The Service \(service.name) got no address within \(timeout) seconds",
            detail: said.flatMap { $0.isEmpty ? nil : $0 }, hint: hint)
    }
}
