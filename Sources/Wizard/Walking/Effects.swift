import FoundationEssentials
import Installer

/// All that a wizard can bring about, given by whoever starts it. Pages only ask for it; tests give scripted
/// ones.
public struct Effects: Sendable {
    /// Looks around, and reports the facts each time that there are more of them. Cancelled when the answers
    /// that they depend on change.
    public var look:
        @Sendable (_ verb: Verb, _ answers: Answers, _ report: @escaping @Sendable (Facts) -> Void) async
            -> Void
    /// The answers that are kept of an earlier run there, by the field's id.
    public var recall: @Sendable (_ answers: Answers) async -> [Field.ID: String]
    /// How the installation fares. Cancelled when nobody waits for it any more.
    public var status: @Sendable (_ answers: Answers, _ given: Set<Field.ID>) async -> StatusReport
    /// Runs a plan to its end, and reports what happens. Cancelling it stops the step under way; it then asks
    /// for the aftermath. It returns after ``RunEvent/ended(at:)`` was reported.
    public var run:
        @Sendable (_ plan: Plan, _ aftermath: @escaping Ask, _ report: @escaping Report) async -> Void
    /// What came of a run; true where it was a rehearsal.
    public var summarize: @Sendable (Run, Verb, Answers, _ isRehearsal: Bool) async -> Summary
    /// Saves the answers to a file.
    public var save: @Sendable (_ texts: [Field.ID: String], _ path: String) throws(Failure) -> Void
    public var now: @Sendable () -> Date

    /// Asks the user what becomes of a stopped run's work.
    public typealias Ask = @Sendable () async -> Aftermath
    public typealias Report = @Sendable (RunEvent) -> Void

    public init(
        look: @escaping @Sendable (Verb, Answers, @escaping @Sendable (Facts) -> Void) async -> Void,
        recall: @escaping @Sendable (Answers) async -> [Field.ID: String],
        status: @escaping @Sendable (Answers, Set<Field.ID>) async -> StatusReport,
        run: @escaping @Sendable (Plan, @escaping Ask, @escaping Report) async -> Void,
        summarize: @escaping @Sendable (Run, Verb, Answers, Bool) async -> Summary,
        save: @escaping @Sendable ([Field.ID: String], String) throws(Failure) -> Void,
        now: @escaping @Sendable () -> Date
    ) {
        self.look = look
        self.recall = recall
        self.status = status
        self.run = run
        self.summarize = summarize
        self.save = save
        self.now = now
    }
}
