import MutualTLS

/// How a builder is dialled: where, which name to expect, and the client's files.
struct BuilderConnection: Equatable, Sendable {
    var endpoint: Endpoint
    /// The name that the server's certificate must bear; nil: the endpoint's host.
    var servername: String?
    var authority: String
    /// Nothing where buildx was given none.
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
    /// As buildx dials a remote builder; nil where it knows no address or no authority of it.
    init?(_ builder: Facts.Builder) {
        guard builder.driver == "remote", let node = builder.nodes.first,
            let endpoint = try? ValueFormat.endpoint.parse(node.endpoint),
            let authority = node.options["cacert"]
        else { return nil }
        self.init(
            endpoint: endpoint, servername: node.options["servername"], authority: authority,
            certificate: node.options["cert"], key: node.options["key"])
    }

    /// As the answers say that it is to be dialled; nil where they leave the address to the cluster.
    init?(_ plan: CertificateLayout) {
        let answers = plan.answers
        guard let endpoint = answers.fixedEndpoint else { return nil }
        self.init(
            endpoint: endpoint, servername: answers.coverage.expectedName(dialling: endpoint.host),
            authority: "\(plan.clientFolder)/ca.pem", certificate: "\(plan.clientFolder)/cert.pem",
            key: "\(plan.clientFolder)/key.pem")
    }
}

/// Looks at what the builder's endpoint serves now.
struct EndpointProbe: Sendable {
    let answers: Answers
    let installation: InstallationID

    /// - Throws: ``InstallerError`` where nobody knows an address to look at.
    func served(in dependencies: Dependencies) async throws -> ServedEndpointState {
        guard let dialling = dialling(in: dependencies) else {
            throw InstallerError(
                "Nobody on this machine knows the builder's address",
                hint: "Register it: buildkit-installer install, or name its address: --endpoint HOST:PORT")
        }
        let result = await dialling.probe()
        guard case .refused = result, dialling.endpoint.isThisMachine else {
            return ServedEndpointState(endpoint: dialling.endpoint, wasForwarded: false, result: result)
        }
        // This end of a port-forward that nobody holds open at the moment.
        return await forwarded(dialling, by: dependencies.runner)
            ?? ServedEndpointState(endpoint: dialling.endpoint, wasForwarded: false, result: result)
    }

    /// As buildx dials it, or as the answers say.
    private func dialling(in dependencies: Dependencies) -> BuilderConnection? {
        // Where they cannot be listed, the answers say what to dial.
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

    /// What is served behind a port-forward of our own; nil where none can be had: then nothing listens, as seen.
    private func forwarded(_ dialling: BuilderConnection, by runner: any CommandRunner) async
        -> ServedEndpointState?
    {
        let forward = PortForward(
            command: installation.kubectl.forward("service/\(answers.fullname)", to: "\(answers.port)"))
        let result = try? await forward.use(by: runner) { port in
            await dialling.probe(at: Endpoint(host: "127.0.0.1", port: port))
        }
        return result.map { ServedEndpointState(endpoint: dialling.endpoint, wasForwarded: true, result: $0) }
    }
}

extension Endpoint {
    /// Whether it is an address of this machine's own.
    var isThisMachine: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }
}
