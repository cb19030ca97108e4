import MutualTLS

/// How a builder is dialled: the endpoint, the expected name, and the client's files.
struct BuilderConnection: Equatable, Sendable {
    var endpoint: Endpoint
    /// The name that the server certificate must cover; nil: the endpoint's host.
    var servername: String?
    var authority: String
    /// Nil where buildx has no client certificate.
    var certificate: String?
    var key: String?

    var expectedName: String { servername ?? endpoint.host }

    /// - Parameter timeout: for each stage.
    func probe(at place: Endpoint? = nil, timeout: Duration = .seconds(5)) async -> ProbeResult {
        let place = place ?? endpoint
        let identity = certificate.flatMap { certificate in
            key.map { ProbeIdentity(certificate: .file(certificate), key: .file($0)) }
        }
        return await Probe.connect(
            host: place.host, port: place.port, serverName: expectedName, trust: .file(authority),
            identity: identity, timeout: timeout)
    }
}

extension BuilderConnection {
    /// As buildx dials a remote builder; nil where it has no endpoint or no CA.
    init?(_ builder: Facts.Builder) {
        guard builder.driver == "remote", let node = builder.nodes.first,
            let endpoint = try? ValueFormat.endpoint.parse(node.endpoint),
            let authority = node.options["cacert"]
        else { return nil }
        self.init(
            endpoint: endpoint, servername: node.options["servername"], authority: authority,
            certificate: node.options["cert"], key: node.options["key"])
    }

    /// As the answers define it; nil where the cluster determines the address.
    init?(_ plan: CertificateLayout) {
        let answers = plan.answers
        guard let endpoint = answers.fixedEndpoint else { return nil }
        self.init(
            endpoint: endpoint, servername: answers.coverage.expectedName(dialling: endpoint.host),
            authority: "\(plan.clientFolder)/ca.pem", certificate: "\(plan.clientFolder)/cert.pem",
            key: "\(plan.clientFolder)/key.pem")
    }
}

/// Probes what the builder's endpoint serves now.
struct EndpointProbe: Sendable {
    let answers: Answers
    let installation: InstallationID

    /// - Throws: ``InstallerError`` where no address is known.
    func served(in dependencies: Dependencies) async throws -> ServedEndpointState {
        guard let dialling = dialling(in: dependencies) else {
            throw InstallerError(
                "Builder endpoint unknown on this machine",
                hint: "Register it: buildkit-installer install, or specify it: --endpoint HOST:PORT")
        }
        let result = await dialling.probe()
        guard case .refused = result, dialling.endpoint.isThisMachine else {
            return ServedEndpointState(endpoint: dialling.endpoint, wasForwarded: false, result: result)
        }
        // The endpoint is the local end of a port-forward that is not open.
        return await forwarded(dialling, by: dependencies.runner)
            ?? ServedEndpointState(endpoint: dialling.endpoint, wasForwarded: false, result: result)
    }

    /// As registered in buildx, otherwise as the answers define it.
    private func dialling(in dependencies: Dependencies) -> BuilderConnection? {
        // Where the builders cannot be listed, the answers define the endpoint.
        let builders = (try? BuildxState(of: dependencies).builders())?.builders ?? []
        if let builder = builders.first(where: { $0.name == answers.builder }),
            let dialling = BuilderConnection(builder)
        {
            return dialling
        }
        return BuilderConnection(
            CertificateLayout(
                answers, installation: installation, places: dependencies.places, home: dependencies.home))
    }

    /// What is served behind a port-forward of this program; nil where none is possible: then nothing listens, as
    /// observed.
    private func forwarded(_ dialling: BuilderConnection, by runner: any CommandRunner) async
        -> ServedEndpointState?
    {
        guard let target = await target(by: runner) else { return nil }
        let forward = PortForward(command: installation.kubectl.forward(target, to: "buildkit"))
        let result = try? await forward.use(by: runner) { port in
            await dialling.probe(at: Endpoint(host: "127.0.0.1", port: port))
        }
        return result.map { ServedEndpointState(endpoint: dialling.endpoint, wasForwarded: true, result: $0) }
    }
}

extension EndpointProbe {
    /// The object whose port is forwarded: a proxy that is ready, because without one kubectl waits a minute. Nil: none is.
    private func target(by runner: any CommandRunner) async -> String? {
        let look = installation.kubectl.look(
            "get", "pods", "--selector", KubernetesLabels.pods(of: installation, "proxy"), "--output", "json")
        // A user without permission to list pods may still forward a port of a Service.
        guard let result = try? await runner.run(look), result.status == 0,
            let pods: [JSONValue] = try? result.items(else: "The proxies cannot be listed")
        else { return "service/\(answers.fullname)" }
        return pods.first(where: \.isReady).map { "pod/\($0.name)" }
    }
}

extension Endpoint {
    /// Whether it is an address of this machine.
    var isThisMachine: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }
}
