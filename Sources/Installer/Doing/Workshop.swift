/// Where an action is performed: the world, the plan it belongs to, and somewhere to print.
struct Workshop: Sendable {
    let world: World
    let plan: Plan
    /// What the Secrets were before this run changed them.
    let memory = SecretMemory()
    private let recorder: Recorder
    private var step: Step.ID = ""

    init(world: World, plan: Plan, recorder: Recorder) {
        self.world = world
        self.plan = plan
        self.recorder = recorder
    }

    /// The workshop as one step uses it: what is printed there is that step's.
    func at(_ step: Step) -> Self {
        var copy = self
        copy.step = step.id
        return copy
    }

    func perform(_ action: Action) async throws {
        switch action {
        case .run(let command) where command.tool == .helm: try await ReleaseRunner(self).run(command)
        case .run(let command): try await run(command)
        case .issueCertificates(let order, let folder):
            try await CertificateIssuer(self).issue(order, into: folder)
        case .bakeCertificates(let command, let folder):
            try await CertificateBaker(self).bake(command, into: folder)
        case .issueInner(let folder, let algorithm, let days):
            try await CertificateIssuer(self).issueInner(into: folder, algorithm: algorithm, days: days)
        case .saveClient(let folder, let secret): try await ClientSaver(self).save(secret, into: folder)
        case .applySecret(let recipe): try await SecretWriter(self).apply(recipe)
        case .restoreSecret(let name): try await SecretWriter(self).restore(name)
        case .unpackChart(let folder): try ChartUnpacker(self).unpack(into: folder)
        case .waitForAddress(let service, let exposure, let timeout):
            try await AddressWait(self).wait(for: service, exposure, timeout: timeout)
        case .register(let registration): try await BuilderRegistrar(self).register(registration)
        case .prove(let proof): try await BuildProof(self).prove(proof)
        case .remove(let paths): try FileRemover(self).remove(paths)
        }
    }

    /// Runs a tool that must succeed, and shows what it prints.
    @discardableResult
    func run(_ command: Command) async throws -> String {
        let redactions = StreamRedaction()
        return try await world.runner(command) { line in await print(redactions.line(line)) }
    }

    /// Runs a tool whose output is for us alone: it may hold what nobody is to see.
    func ask(_ command: Command) async throws -> String { try await world.runner(command) }

    /// Shows a line as the step's.
    func print(_ line: OutputLine) async {
        await recorder.note { _ in .printed(step: step, line: line) }
    }

    func say(_ text: String) async { await print(OutputLine(Redaction.of(text))) }
}
