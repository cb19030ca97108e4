import MutualTLS

/// Plans how a builder is reached, and with which files.
struct ConnectionPlanner {
    let answers: Answers
    let facts: ConnectionFacts
    let installation: InstallationID
    let certificates: CertificateLayout

    init(_ answers: Answers, _ facts: ConnectionFacts, places: InstallerPaths, home: String) {
        self.answers = answers.adopting(facts.secrets, folder: facts.folder)
        self.facts = facts
        installation = facts.installation
        certificates = CertificateLayout(self.answers, installation: installation, places: places, home: home)
    }

    var service: ServiceName {
        ServiceName(
            context: installation.context, namespace: installation.namespace, name: answers.fullname,
            port: answers.port)
    }

    /// The names that the server certificate covers: the requested ones, or those of an existing certificate.
    var coverage: SubjectAltNames {
        var coverage = answers.coverage
        if let names = providedNames, !names.isEmpty { coverage.names = names }
        return coverage
    }

    /// The names of a certificate that another tool created; nil where this program creates it, or it cannot be read.
    private var providedNames: [SubjectName]? {
        let certificates =
            switch answers.certificates {
            case .issue, .bake: [CertificateSummary]()
            case .folder: facts.folder?.certificates ?? []
            case .secrets: facts.secrets.outer?.certificates ?? []
            }
        return certificates.first { $0.role == .server }?.names
    }

    var wanted: BuilderRegistration {
        BuilderRegistration(
            builder: answers.builder,
            address: answers.fixedEndpoint.map { .endpoint(endpoint: $0) }
                ?? .service(service: service, exposure: answers.exposure, names: coverage.names),
            servername: answers.fixedEndpoint.map { coverage.expectedName(dialling: $0.host) }
                ?? answers.servername
                .map { "\($0)" },
            folder: certificates.clientFolder, platforms: answers.platforms, use: answers.use)
    }

    /// The Service whose port must be forwarded to reach the builder from here; nil: none.
    var tunnel: ServiceName? {
        answers.exposure == .portForward && answers.endpoint == nil ? service : nil
    }

    func verification(_ depth: BuildVerification.Depth) -> Step {
        let title =
            switch depth {
            case .connection: "Verify the connection to the builder \(answers.builder)"
            case .build: "Verify the builder \(answers.builder) with a test build"
            }
        return Step(
            id: "verification", title: title,
            action: .verifyBuild(
                verification: BuildVerification(
                    registration: wanted, tunnel: tunnel, timeout: answers.timeout, depth: depth)))
    }
}

/// Plans the registration of the builder in buildx.
struct BuilderPlanner {
    let connection: ConnectionPlanner
    let facts: BuilderFacts

    init(_ connection: ConnectionPlanner, _ facts: BuilderFacts) {
        (self.connection, self.facts) = (connection, facts)
    }

    private var answers: Answers { connection.answers }
    private var wanted: BuilderRegistration { connection.wanted }

    /// The builder of that name, regardless of its owner.
    var existing: Facts.Builder? { facts.builders.builders.first { $0.name == answers.builder } }

    /// Its endpoint, as far as it is known.
    var endpoint: Endpoint? { facts.endpoint(answers, preferring: connection.coverage.names) }

    var address: Step? {
        guard answers.fixedEndpoint == nil, endpoint == nil else { return nil }
        let service = connection.service
        return Step(
            id: "address", title: "Wait for the address of the Service \(service.name)",
            action: .waitForAddress(service: service, exposure: answers.exposure, timeout: answers.timeout))
    }

    var registration: Step? {
        let isCurrent = !answers.use || facts.builders.current == answers.builder
        if adopted != nil { return isCurrent ? nil : use }
        if let existing, isRegistered(existing), isCurrent { return nil }
        return Step(
            id: "builder", title: "\(existing == nil ? "Register" : "Update") the builder \(answers.builder)",
            action: .register(registration: wanted, replacing: existing?.fingerprint), undo: [.takeBack])
    }

    private var use: Step {
        Step(
            id: "builder", title: "Set the builder \(answers.builder) as the current builder",
            action: .useBuilder(name: answers.builder), undo: [.takeBack])
    }

    /// A manually registered builder of that name and address, with certificates of its own: it is kept where the
    /// user supplies the Secrets, because only their creator has matching client certificates.
    var adopted: Facts.Builder? {
        answers.certificates == .secrets ? facts.builderToAdopt(answers) : nil
    }

    /// Whether buildx already has the builder with the planned properties.
    private func isRegistered(_ builder: Facts.Builder) -> Bool {
        guard let endpoint, let node = builder.ownNode else { return false }
        let command = Buildx.create(
            wanted, endpoint: endpoint,
            servername: connection.coverage.expectedName(dialling: endpoint.host))
        return command.arguments == Buildx.create(builder.name, node, use: answers.use).arguments
    }
}
