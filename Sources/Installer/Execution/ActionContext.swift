import FoundationEssentials
import Synchronization

/// Where an action is performed: the world, the plan it belongs to, and somewhere to print.
struct ActionContext: Sendable {
    let dependencies: Dependencies
    let plan: Plan
    /// What keeps runs on other machines away; nil: nothing has to.
    let lease: ClusterLease?
    /// Whether what was done stays when a step fails, so that it can be looked at.
    var keepsOnFailure = false
    /// What the Secrets were before this run changed them.
    let memory = SecretBackups()
    /// Marks what this run makes, so that it knows it again.
    private let runMark: RunMark
    private let recorder: RunRecorder
    /// Whose work it is.
    private(set) var step: Step.ID = ""

    init(dependencies: Dependencies, plan: Plan, lease: ClusterLease? = nil, recorder: RunRecorder) {
        self.dependencies = dependencies
        self.lease = lease
        self.plan = plan
        self.recorder = recorder
        runMark = RunMark(dependencies)
    }

    /// A word that no other run knows.
    var mark: String { runMark.word }

    /// The workshop as one step uses it: what is printed there is that step's.
    func at(_ step: Step) -> Self {
        var copy = self
        copy.step = step.id
        return copy
    }

    /// Runs a tool that must succeed, and shows what it prints.
    @discardableResult
    func run(_ command: Command) async throws -> String {
        let redactions = StreamRedactor()
        return try await dependencies.runner(command) { line in await print(redactions.line(line)) }
    }

    /// Runs a tool whose output is for us alone: it may hold what nobody is to see.
    func ask(_ command: Command) async throws -> String { try await dependencies.runner(command) }

    /// Shows a line as the step's.
    func print(_ line: OutputLine) async {
        await recorder.note { _ in .printed(step: step, line: line) }
    }

    /// Writes down that the step has made something.
    func made(_ receipt: Receipt) async {
        await recorder.note { .made(step: step, receipt: receipt, at: $0) }
    }

    /// Writes down, before it is so, that Helm works on a release.
    func reaching(_ work: HelmWork) async {
        await recorder.note { .reaching(step: step, work: work, at: $0) }
    }

    /// Looks for what a step has made that has failed or was interrupted: the look itself is not cut short.
    func uninterrupted<Result: Sendable>(_ look: @escaping @Sendable () async -> Result) async -> Result {
        await Task { await look() }.value
    }

    func say(_ text: String) async { await print(OutputLine(Redactor.of(text))) }
}

/// Folds a run's events and hands them on, one after the other, each with the time it happened.
actor RunRecorder {
    private(set) var run: RunState
    private let dependencies: Dependencies
    private let report: @Sendable (RunEvent) async -> Void
    /// The event that is being handed on: the next one waits for it.
    private var last: Task<Void, Never>?

    init(_ plan: Plan, dependencies: Dependencies, report: @escaping @Sendable (RunEvent) async -> Void) {
        run = RunState(plan)
        self.dependencies = dependencies
        self.report = report
    }

    /// Records what happened just now.
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

/// The word that marks what a run makes: found when it is first needed.
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

/// Remembers, in memory only, what Secrets were before a run changed them.
final class SecretBackups: Sendable {
    private struct Key: Hashable {
        let step: Step.ID
        let secret: SecretName
    }

    private let manifests = Mutex<[Key: JSONValue]>([:])

    /// Keeps what the Secret was before a step. Only the first time counts: the second one would see its own change.
    func keep(_ manifest: JSONValue, of name: SecretName, before step: Step.ID) {
        let key = Key(step: step, secret: name)
        manifests.withLock { $0[key] = $0[key] ?? manifest }
    }

    func manifest(of name: SecretName, before step: Step.ID) -> JSONValue? {
        manifests.withLock { $0[Key(step: step, secret: name)] }
    }
}

/// Redacts the lines of a tool's two streams, each of which may be inside a secret of its own.
final class StreamRedactor: Sendable {
    private let streams = Mutex((output: Redactor(), errors: Redactor()))

    func line(_ line: OutputLine) -> OutputLine {
        let text = streams.withLock { streams in
            line.isError ? streams.errors.line(line.text) : streams.output.line(line.text)
        }
        return OutputLine(text, isError: line.isError)
    }
}
