/// Where an action is performed: the world, the plan it belongs to, and somewhere to print.
struct Workshop: Sendable {
    let world: World
    let plan: Plan
    /// What the Secrets were before this run changed them.
    let memory = SecretMemory()
    private let recorder: Recorder
    /// Whose work it is.
    private(set) var step: Step.ID = ""

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
