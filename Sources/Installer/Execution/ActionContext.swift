import FoundationEssentials
import Synchronization

/// The context of an action: its dependencies, its plan, and the recorder of its output.
struct ActionContext: Sendable {
    let dependencies: Dependencies
    let plan: Plan
    /// Excludes runs on other machines; nil: none is needed.
    let lease: ClusterLease?
    /// Whether changes are kept when a step fails, for inspection.
    var keepsOnFailure = false
    /// The Secrets as they were before this run changed them.
    let memory = SecretBackups()
    /// Marks the objects that this run creates, so that it recognizes them.
    private let runMark: RunMark
    private let recorder: RunRecorder
    /// The step that is running.
    private(set) var step: Step.ID = ""

    init(dependencies: Dependencies, plan: Plan, lease: ClusterLease? = nil, recorder: RunRecorder) {
        self.dependencies = dependencies
        self.lease = lease
        self.plan = plan
        self.recorder = recorder
        runMark = RunMark(dependencies)
    }

    /// The mark of this run; no other run has it.
    var mark: String { runMark.word }

    /// The context of one step: its output is recorded for that step.
    func at(_ step: Step) -> Self {
        var copy = self
        copy.step = step.id
        return copy
    }

    /// Runs a tool that must succeed, and shows its output.
    @discardableResult
    func run(_ command: Command) async throws -> String {
        let redactions = StreamRedactor()
        return try await dependencies.runner(command) { line in await print(redactions.line(line)) }
    }

    /// Runs a tool whose output is not shown: it may contain secrets.
    func ask(_ command: Command) async throws -> String { try await dependencies.runner(command) }

    /// Shows a line as output of the step.
    func print(_ line: OutputLine) async {
        await recorder.note { _ in .printed(step: step, line: line) }
    }

    /// Records that the step has created something.
    func made(_ receipt: Receipt) async {
        await recorder.note { .made(step: step, receipt: receipt, at: $0) }
    }

    /// Records, before it happens, that Helm changes a release.
    func reaching(_ work: HelmWork) async {
        await recorder.note { .reaching(step: step, work: work, at: $0) }
    }

    /// Checks what a failed or interrupted step has created: cancellation does not interrupt the check.
    func uninterrupted<Result: Sendable>(_ look: @escaping @Sendable () async -> Result) async -> Result {
        await Task { await look() }.value
    }

    /// Shows the pods that the step waits for.
    func show(_ pods: [PodProgress]) async {
        await recorder.note { .pods(step: step, pods: pods, at: $0) }
    }

    func say(_ text: String) async {
        await print(OutputLine(Redactor.of(plan.installation.pinned(text))))
    }
}

/// Folds a run's events and reports them in order, each with its time.
actor RunRecorder {
    private(set) var run: RunState
    private let dependencies: Dependencies
    private let report: @Sendable (RunEvent) async -> Void
    /// The event that is being reported: the next one waits for it.
    private var last: Task<Void, Never>?

    init(_ plan: Plan, dependencies: Dependencies, report: @escaping @Sendable (RunEvent) async -> Void) {
        run = RunState(plan)
        self.dependencies = dependencies
        self.report = report
    }

    /// Records an event with the current time.
    func note(_ event: @Sendable (Date) -> RunEvent) async {
        let event = event(dependencies.now())
        run.apply(event)
        let before = last
        let report = report
        let task = Task {
            await before?.value
            await report(event)
        }
        last = task
        await task.value
    }
}

/// The mark of the objects that a run creates, generated on first use.
private final class RunMark: Sendable {
    private let dependencies: Dependencies
    private let found = Mutex<String?>(nil)

    init(_ dependencies: Dependencies) { self.dependencies = dependencies }

    var word: String {
        found.withLock { found in
            let word = found ?? dependencies.nonce()
            found = word
            return word
        }
    }
}

/// Keeps, in memory only, the Secrets as they were before a run changed them.
final class SecretBackups: Sendable {
    private struct Key: Hashable {
        let step: Step.ID
        let secret: SecretName
    }

    private let manifests = Mutex<[Key: JSONValue]>([:])

    /// Stores the Secret as it was before a step. Only the first call counts: a second one would store the step's own
    /// change.
    func keep(_ manifest: JSONValue, of name: SecretName, before step: Step.ID) {
        let key = Key(step: step, secret: name)
        manifests.withLock { $0[key] = $0[key] ?? manifest }
    }

    func manifest(of name: SecretName, before step: Step.ID) -> JSONValue? {
        manifests.withLock { $0[Key(step: step, secret: name)] }
    }
}

/// Redacts the lines of a tool's two streams; each stream may be inside a secret of its own.
final class StreamRedactor: Sendable {
    private let streams = Mutex((output: Redactor(), errors: Redactor()))

    func line(_ line: OutputLine) -> OutputLine {
        let text = streams.withLock { streams in
            line.isError ? streams.errors.line(line.text) : streams.output.line(line.text)
        }
        return OutputLine(text, isError: line.isError)
    }
}
