import FoundationEssentials

/// The progress of a plan: the fold of its events, so that events from a journal and live events give the same state.
public struct RunState: Equatable, Sendable {
    public enum Status: String, Codable, Equatable, Sendable {
        case waiting, running, done, failed, interrupted, undoing, undone, undoFailed
    }

    /// The state of one step.
    public struct Progress: Equatable, Sendable {
        public var status = Status.waiting
        public var startedAt: Date?
        public var endedAt: Date?
        /// The last lines that the step's tools printed.
        public var lines: [OutputLine] = []
        /// The pods that it waits for.
        public var pods: [PodProgress] = []
        /// The receipts of what it created.
        public var receipts: [Receipt] = []
    }

    /// The maximum number of lines that are kept per step.
    static let keptLines = 1000

    public private(set) var plan: Plan
    public private(set) var startedAt: Date?
    public private(set) var endedAt: Date?
    /// Why the run stopped; nil while no step has failed.
    public private(set) var failure: InstallerError?
    /// Whether the user interrupted it.
    public private(set) var wasInterrupted = false
    /// The step at which it failed or was interrupted; it may have been rolled back since.
    public private(set) var stoppedAt: Step.ID?
    /// What could not be rolled back.
    public private(set) var undoFailures: [UndoFailure] = []
    /// The Helm operations that were announced, in order; not all of them need have started.
    public private(set) var helmWork: [HelmWork] = []
    private var progress: [Step.ID: Progress] = [:]

    public init(_ plan: Plan) { self.plan = plan }

    public subscript(step: Step.ID) -> Progress { progress[step] ?? Progress() }

    public mutating func apply(_ event: RunEvent) {
        switch event {
        case .began(let plan, let time): (self.plan, startedAt) = (plan, time)
        case .started(let step, let time): progress[step, default: Progress()].begin(at: time)
        case .printed(let step, let line): progress[step, default: Progress()].keep(line)
        case .pods(let step, let pods, _): progress[step, default: Progress()].pods = pods
        case .reaching(_, let work, _): helmWork.append(work)
        case .made(let step, let receipt, _): progress[step, default: Progress()].receipts.append(receipt)
        case .finished(let step, let time): end(step, as: .done, at: time)
        case .failed(let step, let failure, let time):
            (self.failure, stoppedAt) = (failure, step)
            end(step, as: .failed, at: time)
        case .interrupted(let step, let time):
            (wasInterrupted, stoppedAt) = (true, step)
            end(step, as: .interrupted, at: time)
        case .undoing(let step, _):
            progress[step, default: Progress()].status = .undoing
            progress[step]?.pods = []
        case .undone(let step, let time): end(step, as: .undone, at: time)
        case .undoFailed(let step, let failure, let time):
            undoFailures.append(UndoFailure(step: step, failure: failure))
            end(step, as: .undoFailed, at: time)
        case .ended(let time): endedAt = time
        }
    }

    private mutating func end(_ step: Step.ID, as status: Status, at time: Date) {
        progress[step, default: Progress()].status = status
        progress[step, default: Progress()].endedAt = time
    }

    /// The step that is in progress.
    public var current: Step? { plan.steps.first { [.running, .undoing].contains(self[$0.id].status) } }
    /// Whether it stopped before its end and its changes were kept, at least in part.
    public var wasKept: Bool {
        let states = plan.steps.map { self[$0.id].status }
        return stoppedAt != nil && (!states.contains(.undone) || states.contains(.undoFailed))
    }
    /// Whether a rollback would take something back.
    public var canRollBack: Bool {
        let last = plan.steps.lastIndex { $0.commits && self[$0.id].status == .done }
        return plan.steps[(last.map { $0 + 1 } ?? 0)...].contains(where: canRollBack)
    }
    /// Whether a step has created something, and can take it back.
    func canRollBack(_ step: Step) -> Bool { !step.undo.isEmpty && !self[step.id].receipts.isEmpty }
    /// Whether it stopped and has left parts of an installation that did not exist before.
    public var leavesInstallation: Bool { plan.kind == .install && wasKept && canRollBack }
    /// Whether it was an install that has ended without an installation: it is rolled back, or nothing was changed. An upgrade
    /// or a rotation that was rolled back leaves the installation that it found.
    var leftNoInstallation: Bool {
        plan.kind == .install && endedAt != nil && !succeeded && (!wasKept || changes == .nothing)
    }
    /// Whether every step is done.
    public var succeeded: Bool { plan.steps.allSatisfy { self[$0.id].status == .done } }
    /// What it has changed so far.
    public var changes: ChangeExtent {
        let started = plan.changes.filter { self[$0.id].startedAt != nil }
        guard !started.isEmpty else { return .nothing }
        // What a step with a rollback has created is known by its receipts; of other steps only their end is known.
        let isUnproven = started.allSatisfy { step in
            let progress = self[step.id]
            return progress.status != .done && progress.receipts.isEmpty && !step.undo.isEmpty
        }
        return isUnproven ? .unproven : .something
    }
}

/// How much a run has changed.
public enum ChangeExtent: String, Codable, Sendable {
    /// No step that changes something has started.
    case nothing
    /// The step that started is not known to have changed anything.
    case unproven
    case something
}

extension RunState.Progress {
    fileprivate mutating func begin(at time: Date) { (status, startedAt, endedAt) = (.running, time, nil) }

    fileprivate mutating func keep(_ line: OutputLine) {
        lines.append(line)
        if lines.count > RunState.keptLines { lines.removeFirst(lines.count - RunState.keptLines) }
    }
}

/// A failure of a rollback, and the step that it concerns.
public struct UndoFailure: Codable, Equatable, Sendable {
    public var step: Step.ID
    public var failure: InstallerError
}

/// A run that its journal shows as not completed.
public struct InterruptedRun: Equatable, Sendable {
    public var run: RunState
    public var journal: String

    public init(run: RunState, journal: String) {
        self.run = run
        self.journal = journal
    }
}
