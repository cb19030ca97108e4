import MutualTLS

/// How a builder is dialled: where, which name to expect, and the client's files.
struct Dialling: Equatable, Sendable {
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

extension Dialling {
    /// As buildx dials a remote builder; nil where it knows no address or no authority of it.
    init?(_ builder: Facts.Builder) {
        guard builder.driver == "remote", let node = builder.nodes.first,
            let endpoint = try? Rule.endpoint.parse(node.endpoint),
            let authority = node.options["cacert"]
        else { return nil }
        self.init(
            endpoint: endpoint, servername: node.options["servername"], authority: authority,
            certificate: node.options["cert"], key: node.options["key"])
    }

    /// As the answers say that it is to be dialled; nil where they leave the address to the cluster.
    init?(_ plan: CertificatePlan) {
        let answers = plan.answers
        guard let endpoint = answers.fixedEndpoint else { return nil }
        self.init(
            endpoint: endpoint, servername: answers.coverage.expectedName(dialling: endpoint.host),
            authority: "\(plan.clientFolder)/ca.pem", certificate: "\(plan.clientFolder)/cert.pem",
            key: "\(plan.clientFolder)/key.pem")
    }
}

/// Looks at what the builder's endpoint serves now.
struct EndpointLook: Sendable {
    let answers: Answers
    let site: Site

    /// - Throws: ``Failure`` where nobody knows an address to look at.
    func served(in world: World) async throws -> Served {
        guard let dialling = dialling(in: world) else {
            throw Failure(
                "Nobody on this machine knows the builder's address",
                hint: "Register it: buildkit-installer install, or name its address: --endpoint HOST:PORT")
        }
        let result = await dialling.probe()
        guard case .refused = result, dialling.endpoint.isThisMachine else {
            return Served(endpoint: dialling.endpoint, wasForwarded: false, result: result)
        }
        // This end of a port-forward that nobody holds open at the moment.
        return await forwarded(dialling, by: world.runner)
            ?? Served(endpoint: dialling.endpoint, wasForwarded: false, result: result)
    }

    /// As buildx dials it, or as the answers say.
    private func dialling(in world: World) -> Dialling? {
        let builders = BuildxState(of: world).builders().builders
        if let builder = builders.first(where: { $0.name == answers.builder }),
            let dialling = Dialling(builder)
        {
            return dialling
        }
        return Dialling(CertificatePlan(answers, site: site, places: world.places, home: world.home))
    }

    /// What is served behind a port-forward of our own; nil where none can be had: then nothing listens, as seen.
    private func forwarded(_ dialling: Dialling, by runner: any CommandRunner) async -> Served? {
        let forward = PortForward(
            command: site.kubectl.forward("service/\(answers.fullname)", to: "\(answers.port)"))
        let result = try? await forward.use(by: runner) { port in
            await dialling.probe(at: Endpoint(host: "127.0.0.1", port: port))
        }
        return result.map { Served(endpoint: dialling.endpoint, wasForwarded: true, result: $0) }
    }
}

extension Endpoint {
    /// Whether it is an address of this machine's own.
    var isThisMachine: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }
}
