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
