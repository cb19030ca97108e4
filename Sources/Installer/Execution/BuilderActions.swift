import FoundationEssentials
import MutualTLS

/// Tells buildx about a builder, or changes what it knows of it, and takes that back.
struct BuilderRegistrar {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    private var builders: Facts.Builders {
        get throws { try BuildxState(of: context.dependencies).builders() }
    }

    private func builder(_ name: String) throws -> Facts.Builder? {
        try builders.builders.first { $0.name == name }
    }

    /// - Parameter found: the fingerprint of the builder that there was when the plan was made; nil: none.
    func register(_ registration: BuilderRegistration, replacing found: String?) async throws {
        let name = registration.builder
        let before = try builder(name)
        guard before?.fingerprint == found else { throw Self.changedMeanwhile(name) }
        let formerCurrent = try current
        // Without the note an uninstall goes back to buildx's own default.
        try? await rememberFormer(registration)
        let target = try await DialTarget(of: registration, in: context)
        func note() async {
            // What buildx's files do not show was not made for certain, and is not taken back.
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

    /// Whoever was the current builder is it again; without one, buildx goes back to its own.
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

    /// Writes down which builder was the current one before, so that an uninstall can bring it back. The first
    /// time counts: later ours is the current one.
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

    // MARK: Taking back

    func takeBack(_ change: BuilderChange) async throws {
        // Who has removed it since has taken it back.
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
            "The builder \(name) was changed by somebody else meanwhile, and was left as it is",
            hint: "See it: \(Buildx.inspect(name)), then run this again")
    }
}

extension DialTarget {
    /// Works out where the builder answers by now.
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
                    hint: "See what it waits for: \(service.kubectl("describe", "service", service.name))")
            }
            let coverage = SubjectAltNames(names: names, servername: registration.servername)
            self.init(found, servername: coverage.expectedName(dialling: found.host))
        }
    }
}

/// Finds out where a Service is reached from outside the cluster.
struct ServiceAddress {
    private let context: ActionContext
    private let service: ServiceName
    private let exposure: Exposure

    init(_ context: ActionContext, _ service: ServiceName, _ exposure: Exposure) {
        (self.context, self.service, self.exposure) = (context, service, exposure)
    }

    /// The endpoint that clients dial, or nil as long as there is none.
    /// - Parameter names: what the certificate covers; of several addresses one of these is taken first.
    func endpoint(preferring names: [SubjectName] = []) async throws -> Endpoint? {
        let object = try await get(service.kubectl("get", "service", service.name, "--output", "json"))
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

/// Waits until the builder's Service can be reached from outside.
struct ServiceAddressWaiter {
    /// How long to wait between two looks, in seconds.
    private static let interval = 2

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func wait(for service: ServiceName, _ exposure: Exposure, timeout: Int) async throws {
        let address = ServiceAddress(context, service, exposure)
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        while true {
            if let endpoint = try await address.endpoint() { return await context.say("\(endpoint)") }
            guard context.dependencies.now() < end else { throw await failure(service, exposure, timeout) }
            try await context.dependencies.pause(.seconds(Self.interval))
        }
    }

    private func failure(_ service: ServiceName, _ exposure: Exposure, _ timeout: Int) async -> InstallerError
    {
        let events = service.kubectl(
            "get", "events", "--field-selector",
            "involvedObject.kind=Service,involvedObject.name=\(service.name)",
            "--sort-by", "lastTimestamp", "--output", "custom-columns=REASON:.reason,MESSAGE:.message",
            "--no-headers")
        // Without its events the failure says less, but it is still the one to tell.
        let said = (try? await context.ask(events))?.trimmed
        let hint =
            switch exposure {
            case .loadBalancer:
                "The cluster may have no load balancer to give. Use --exposure node-port or --exposure port-forward."
            case .nodePort, .portForward:
                "The nodes' addresses must be readable: \(Kubectl(context: service.context)("get", "nodes", "--output", "wide"))"
            }
        return InstallerError(
            "The Service \(service.name) got no address within \(timeout) seconds",
            detail: said.flatMap { $0.isEmpty ? nil : $0 }, hint: hint)
    }
}
