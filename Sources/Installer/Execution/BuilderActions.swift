import FoundationEssentials
import MutualTLS

/// Registers a builder in buildx, or changes its registration, and undoes that.
struct BuilderRegistrar {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    private var builders: Facts.Builders {
        get throws { try BuildxState(of: context.dependencies).builders() }
    }

    private func builder(_ name: String) throws -> Facts.Builder? {
        try builders.builders.first { $0.name == name }
    }

    /// - Parameter found: the fingerprint of the builder when the plan was made; nil: it did not exist.
    func register(_ registration: BuilderRegistration, replacing found: String?) async throws {
        let name = registration.builder
        let before = try builder(name)
        guard before?.fingerprint == found else { throw Self.changedMeanwhile(name) }
        let formerCurrent = try current
        // Without this record an uninstall selects buildx's default builder.
        try? await rememberFormer(registration)
        let target = try await DialTarget(of: registration, in: context)
        func note() async {
            // A change that buildx's files do not show is not certain, and is not rolled back.
            if let now = try? builder(name), now.fingerprint != found {
                let restore = before.map(Buildx.restoring) ?? []
                await context.made(
                    .builder(
                        change: BuilderChange(name: name, fingerprint: now.fingerprint, restore: restore)))
            }
            await noteCurrent(name, after: formerCurrent)
        }
        do {
            try await context.run(
                Buildx.create(registration, endpoint: target.endpoint, servername: target.servername))
            await note()
        } catch {
            await note()
            throw error
        }
    }

    func use(_ name: String) async throws {
        let former = try current
        try await context.run(Buildx.use(name))
        await noteCurrent(name, after: former)
    }

    /// The name of the current builder; without one, buildx uses the builder of the docker context.
    private var current: String {
        get throws {
            let builders = try builders
            return builders.current ?? builders.dockerContext
        }
    }

    private func noteCurrent(_ name: String, after former: String) async {
        guard former != name, (try? current) == name else { return }
        await context.made(.currentBuilder(name: name, former: former))
    }

    /// Records the previously current builder, so that an uninstall can select it again. Only the first record
    /// counts: afterwards the installation's own builder is current.
    private func rememberFormer(_ registration: BuilderRegistration) async throws {
        let path = context.dependencies.places.former(of: context.plan.installation)
        let current = try builders.current
        guard registration.use, current != registration.builder,
            !FileManager.default.fileExists(atPath: path)
        else { return }
        try PrivateFile.makeFolder(path.parentFolder)
        try PrivateFile.write((current ?? "").utf8, to: path)
        await context.made(.record(path: path))
    }

    // MARK: Rollback

    func takeBack(_ change: BuilderChange) async throws {
        // A builder that was removed since needs no rollback.
        guard let now = try builder(change.name) else { return }
        guard now.fingerprint == change.fingerprint else { throw Self.changedMeanwhile(change.name) }
        let commands = change.restore.isEmpty ? [Buildx.remove(change.name)] : change.restore
        for command in commands { try await context.run(command) }
    }

    func takeBackUse(of name: String, to former: String) async throws {
        guard try current == name else { return }
        try await context.run(Buildx.use(former))
    }

    private static func changedMeanwhile(_ name: String) -> InstallerError {
        InstallerError(
            "The builder \(name) was changed by another process and was left unchanged",
            hint: "Check it: \(Buildx.inspect(name)), then run the same command again",
            code: .changedMeanwhile)
    }
}

extension DialTarget {
    /// Resolves the current endpoint of the builder.
    init(of registration: BuilderRegistration, in context: ActionContext) async throws {
        switch registration.address {
        case .endpoint(let endpoint):
            self.init(endpoint, servername: registration.servername)
        case .service(let service, let exposure, let names):
            guard
                let found = try await ServiceAddress(context, service, exposure).endpoint(preferring: names)
            else {
                throw InstallerError(
                    "The Service \(service.name) has no address yet",
                    hint: "Check its events: \(service.kubectl("describe", "service", service.name))")
            }
            let coverage = SubjectAltNames(names: names, servername: registration.servername)
            self.init(found, servername: coverage.expectedName(dialling: found.host))
        }
    }
}

/// Resolves the address of a Service outside the cluster.
struct ServiceAddress {
    private let context: ActionContext
    private let service: ServiceName
    private let exposure: Exposure

    init(_ context: ActionContext, _ service: ServiceName, _ exposure: Exposure) {
        (self.context, self.service, self.exposure) = (context, service, exposure)
    }

    /// Reads the Service.
    var look: Command { service.kubectl("get", "service", service.name, "--output", "json") }

    /// The endpoint that clients dial; nil while there is none.
    /// - Parameter names: the names that the certificate covers; a covered address is preferred.
    func endpoint(preferring names: [SubjectName] = []) async throws -> Endpoint? {
        let object = try await get(look)
        let state = try Query<Facts.ServiceState?>.state(of: service.name, in: object)
        let nodes = exposure == .nodePort ? try await nodes() : []
        return state?.endpoints(for: exposure, port: service.port, nodePort: nil, on: nodes).best(names)
    }

    private func nodes() async throws -> [Facts.Node] {
        try Query.listed(
            try await get(Kubectl(context: service.context)("get", "nodes", "--output", "json")))
    }

    private func get(_ command: Command) async throws -> CommandResult {
        CommandResult(output: try await context.ask(command))
    }
}

/// Waits until the builder's Service has an address outside the cluster.
struct ServiceAddressWaiter {
    /// The interval between two queries where changes are not seen.
    private static let interval = Duration.seconds(2)

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func wait(for service: ServiceName, _ exposure: Exposure, timeout: Int) async throws {
        let address = ServiceAddress(context, service, exposure)
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        try await ClusterWatch.during(address.look, in: context.dependencies) { changes in
            while true {
                if let endpoint = try await address.endpoint() { return await context.say("\(endpoint)") }
                guard context.dependencies.now() < end else {
                    throw await failure(service, exposure, timeout)
                }
                try await changes.pause(Self.interval, until: end)
            }
        }
    }

    private func failure(_ service: ServiceName, _ exposure: Exposure, _ timeout: Int) async -> InstallerError
    {
        let events = service.kubectl(
            "get", "events", "--field-selector",
            "involvedObject.kind=Service,involvedObject.name=\(service.name)",
            "--sort-by", "lastTimestamp", "--output", "custom-columns=REASON:.reason,MESSAGE:.message",
            "--no-headers")
        // Without the events the failure is less detailed, but it is still the one to report.
        let said = (try? await context.ask(events))?.trimmed
        let hint =
            switch exposure {
            case .loadBalancer:
                "The cluster may not provide load balancers. Use --exposure node-port or --exposure port-forward."
            case .nodePort, .portForward:
                "The node addresses must be readable: "
                    + "\(Kubectl(context: service.context)("get", "nodes", "--output", "wide"))"
            }
        return InstallerError(
            "The Service \(service.name) was not assigned an address within \(timeout) seconds",
            detail: said.flatMap { $0.isEmpty ? nil : $0 }, hint: hint)
    }
}
