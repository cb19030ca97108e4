import FoundationEssentials

/// How far a plan has got: the fold of its events, so that a journal read back and events arriving live end in
/// the same state.
public struct RunState: Equatable, Sendable {
    public enum Status: String, Codable, Equatable, Sendable {
        case waiting, running, done, failed, interrupted, undoing, undone, undoFailed
    }

    /// One step's part of a run.
    public struct Progress: Equatable, Sendable {
        public var status = Status.waiting
        public var startedAt: Date?
        public var endedAt: Date?
        /// The last lines that the step's tools printed.
        public var lines: [OutputLine] = []
        /// What it is seen to have made.
        public var receipts: [Receipt] = []
    }

    /// As many lines of a step as anybody would scroll through.
    static let keptLines = 1000

    public private(set) var plan: Plan
    public private(set) var startedAt: Date?
    public private(set) var endedAt: Date?
    /// Why the run stopped; nil while it goes well.
    public private(set) var failure: InstallerError?
    /// Whether the user stopped it.
    public private(set) var wasInterrupted = false
    /// The step at which it failed or was stopped, which may be taken back by now.
    public private(set) var stoppedAt: Step.ID?
    /// What could not be taken back.
    public private(set) var undoFailures: [InstallerError] = []
    /// What Helm was to do, in order; it need not have got there.
    public private(set) var helmWork: [HelmWork] = []
    private var progress: [Step.ID: Progress] = [:]

    public init(_ plan: Plan) { self.plan = plan }

    public subscript(step: Step.ID) -> Progress { progress[step] ?? Progress() }

    public mutating func apply(_ event: RunEvent) {
        switch event {
        case .began(let plan, let time): (self.plan, startedAt) = (plan, time)
        case .started(let step, let time): progress[step, default: Progress()].begin(at: time)
        case .printed(let step, let line): progress[step, default: Progress()].keep(line)
        case .reaching(_, let work, _): helmWork.append(work)
        case .made(let step, let receipt, _): progress[step, default: Progress()].receipts.append(receipt)
        case .finished(let step, let time): end(step, as: .done, at: time)
        case .failed(let step, let failure, let time):
            (self.failure, stoppedAt) = (failure, step)
            end(step, as: .failed, at: time)
        case .interrupted(let step, let time):
            (wasInterrupted, stoppedAt) = (true, step)
            end(step, as: .interrupted, at: time)
        case .undoing(let step, _): progress[step, default: Progress()].status = .undoing
        case .undone(let step, let time): end(step, as: .undone, at: time)
        case .undoFailed(let step, let failure, let time):
            undoFailures.append(failure)
            end(step, as: .undoFailed, at: time)
        case .ended(let time): endedAt = time
        }
    }

    private mutating func end(_ step: Step.ID, as status: Status, at time: Date) {
        progress[step, default: Progress()].status = status
        progress[step, default: Progress()].endedAt = time
    }

    /// The step that is under way.
    public var current: Step? { plan.steps.first { [.running, .undoing].contains(self[$0.id].status) } }
    /// Whether it stopped on its way and what it had done was left, at least in part.
    public var wasKept: Bool {
        let states = plan.steps.map { self[$0.id].status }
        return stoppedAt != nil && (!states.contains(.undone) || states.contains(.undoFailed))
    }
    /// Whether every step is done.
    public var succeeded: Bool { plan.steps.allSatisfy { self[$0.id].status == .done } }
}

extension RunState.Progress {
    fileprivate mutating func begin(at time: Date) { (status, startedAt, endedAt) = (.running, time, nil) }

    fileprivate mutating func keep(_ line: OutputLine) {
        lines.append(line)
        if lines.count > RunState.keptLines { lines.removeFirst(lines.count - RunState.keptLines) }
    }
}

/// A run whose journal has no end.
public struct InterruptedRun: Equatable, Sendable {
    public var run: RunState
    public var journal: String

    public init(run: RunState, journal: String) {
        self.run = run
        self.journal = journal
    }
}
