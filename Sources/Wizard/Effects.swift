import FoundationEssentials
import Installer

/// All that a wizard can bring about, given by whoever starts it. Pages only ask for it; tests give scripted ones.
public struct Effects: Sendable {
    /// Looks around, and reports the facts each time that there are more of them. Cancelled when the answers that
    /// they depend on change.
    public var look:
        @Sendable (_ answers: Answers, _ report: @escaping @Sendable (Facts) -> Void) async -> Void
    /// Runs a plan to its end, and reports what happens. Cancelling it stops the step under way; it then awaits
    /// the decision whether to undo or to keep what was done. Returns after ``RunEvent/ended(at:)``.
    public var run:
        @Sendable (
            _ plan: Plan, _ report: @escaping @Sendable (RunEvent) -> Void,
            _ decision: @escaping @Sendable () async -> Decision
        ) async -> Void
    /// Saves the answers to a file.
    public var save: @Sendable (_ answers: Answers, _ path: String) throws(Failure) -> Void
    public var now: @Sendable () -> Date

    public init(
        look: @escaping @Sendable (Answers, @escaping @Sendable (Facts) -> Void) async -> Void,
        run:
            @escaping @Sendable (
                Plan, @escaping @Sendable (RunEvent) -> Void, @escaping @Sendable () async -> Decision
            ) async -> Void,
        save: @escaping @Sendable (Answers, String) throws(Failure) -> Void,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.look = look
        self.run = run
        self.save = save
        self.now = now
    }
}

/// What becomes of the steps that a stopped run had done.
public enum Decision: Equatable, Sendable {
    case undo, keep
}
