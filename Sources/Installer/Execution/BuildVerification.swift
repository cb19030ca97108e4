import FoundationEssentials
import MutualTLS

/// Shows that a builder works: it answers, and a small real build comes back as it should.
struct BuildProof {
    /// How long to wait before the builder is asked again, in seconds.
    private static let interval = 2

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func prove(_ proof: Proof) async throws {
        guard let service = proof.tunnel else { return try await proveDirectly(proof) }
        try await Tunnel(workshop, to: service).use { try await proveDirectly(proof) }
    }

    private func proveDirectly(_ proof: Proof) async throws {
        try await waitUntilRunning(proof)
        try await build(proof)
    }

    // MARK: It answers

    /// BuildKit may be about to start: it is asked again until its time is up, or until it is clear that waiting
    /// cannot help.
    private func waitUntilRunning(_ proof: Proof) async throws {
        let builder = proof.registration.builder
        let start = workshop.world.now()
        var reasons: [String]?
        while true {
            let result = try await workshop.world.runner.run(Buildx.inspect(builder))
            guard result.status == 0 else { throw Failure(Buildx.inspect(builder), result) }
            if InspectOutput(result.output).isRunning { return await workshop.say("\(builder) is running") }
            let newReasons = GRPCLog(result.errors).reasons
            if newReasons != reasons { await tell(newReasons, of: builder) }
            reasons = newReasons
            let (failure, patience) = await diagnosis(proof, newReasons)
            let limit = patience.limit(in: workshop.plan, timeout: proof.timeout)
            guard workshop.world.now() < start.addingTimeInterval(Double(limit)) else { throw failure }
            try await workshop.world.pause(.seconds(Self.interval))
        }
    }

    private func tell(_ reasons: [String], of builder: String) async {
        let words = reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))"
        await workshop.say("\(builder) does not answer yet\(words)")
    }

    /// Looks for itself why the builder does not answer, since buildx says the same whatever the reason.
    private func diagnosis(_ proof: Proof, _ reasons: [String]) async -> (Failure, Patience) {
        let folder = proof.registration.folder
        let target: Target
        do {
            target = try await Target(of: proof.registration, in: workshop)
        } catch {
            return (Failure(error), .full)
        }
        let identity = ProbeIdentity(
            certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem"))
        let probe = await Probe.connect(
            host: target.endpoint.host, port: target.endpoint.port, serverName: target.servername,
            trust: .file("\(folder)/ca.pem"), identity: identity)
        let diagnosis = Diagnosis(
            builder: proof.registration.builder, target: target, folder: folder,
            kubectl: workshop.plan.site.kubectl)
        return (
            diagnosis.failure(probe: probe, reasons: reasons),
            diagnosis.patience(probe: probe, reasons: reasons)
        )
    }

    // MARK: It builds

    private func build(_ proof: Proof) async throws {
        let scratch = Scratch(nonce: workshop.world.nonce(), environment: workshop.world.environment)
        try scratch.make()
        defer { scratch.remove() }
        let (context, output) = ("\(scratch.path)/context", "\(scratch.path)/out")
        let nonce = Data(workshop.world.nonce().utf8)
        try PrivateFile.makeFolder(context)
        try PrivateFile.write(nonce, to: "\(context)/nonce")
        try PrivateFile.write("FROM scratch\nCOPY nonce /nonce\n".utf8, to: "\(context)/Dockerfile")
        let builder = proof.registration.builder
        try await workshop.run(
            Buildx.build(builder, context: context, into: output, timeout: proof.timeout))
        // A file that is not there is as wrong as one with other bytes.
        let returned = try? Data(contentsOf: URL(filePath: "\(output)/nonce"))
        guard returned == nonce else {
            throw Failure(
                "The build through \(builder) ended well, but brought back something else than was sent",
                hint: "See what the builder does: docker buildx build --builder \(builder) --progress plain ."
            )
        }
        await workshop.say("A build through \(builder) brought back what was sent")
    }
}

/// The builder's Service, forwarded to this machine for as long as something uses it.
struct Tunnel {
    private let workshop: Workshop
    private let service: ServiceName

    init(_ workshop: Workshop, to service: ServiceName) {
        self.workshop = workshop
        self.service = service
    }

    /// Does something once the port is open, and closes it afterwards.
    ///
    /// A port that is taken may well be forwarded already: by the user, or by a run that was killed. Then that is
    /// used; mutual TLS sees to it that nobody else is taken for the builder.
    func use(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let command = service.kubectl.portForward(service)
        do {
            try await PortForward(command: command).use(by: workshop.world.runner) { _ in try await body() }
        } catch let end as PortForward.Ended {
            guard end.isTaken else { throw Failure(end, of: command, to: "the Service \(service.name)") }
            await workshop.say(
                "Port \(service.port) of this machine is in use; perhaps it is forwarded already")
            do {
                try await body()
            } catch let failure as Failure {
                throw taken(end, failure)
            }
        }
    }

    private func taken(_ end: PortForward.Ended, _ failure: Failure) -> Failure {
        Failure(
            "Port \(service.port) of this machine is taken, and not by the builder",
            detail: "\(end.said)\n\(failure.message)",
            hint: "See who has it: ss -ltnp 'sport = :\(service.port)'")
    }
}
