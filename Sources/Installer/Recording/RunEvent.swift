import FoundationEssentials

/// What happened while a plan was run. Screen, plain lines, JSON lines and journal are views of these.
public enum RunEvent: Equatable, Sendable {
    case began(plan: Plan, at: Date)
    case started(step: Step.ID, at: Date)
    case printed(step: Step.ID, line: OutputLine)
    case finished(step: Step.ID, at: Date)
    case failed(step: Step.ID, failure: Failure, at: Date)
    /// The user stopped the run during a step.
    case interrupted(step: Step.ID, at: Date)
    case undoing(step: Step.ID, at: Date)
    case undone(step: Step.ID, at: Date)
    case undoFailed(step: Step.ID, failure: Failure, at: Date)
    /// The run is over; nothing is left under way.
    case ended(at: Date)
}
