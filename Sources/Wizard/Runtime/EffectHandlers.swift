import FoundationEssentials
import Installer

/// The effects of a wizard, provided by its caller. Pages only request them; tests provide scripted ones.
public struct EffectHandlers: Sendable {
    /// Collects facts, and reports them whenever more are known. Cancelled when the settings that they depend on
    /// change.
    public var look:
        @Sendable (_ verb: Workflow, _ answers: Answers, _ report: @escaping @Sendable (Facts) -> Void) async
            -> Void
    /// The saved settings of an earlier run, by field ID.
    public var recall: @Sendable (_ answers: Answers) async -> [Field.ID: String]
    public var reports: Reports
    /// Executes a plan, and reports its events. The facts are re-read first: if the same settings now give another
    /// plan, nothing is executed. Cancellation stops the current step; it then asks whether to roll back. It returns
    /// after ``RunEvent/ended(at:)`` was reported.
    public var run:
        @Sendable (
            _ plan: Plan, _ verb: Workflow, _ answers: Answers, _ interruptionPolicy: @escaping Ask,
            _ report: @escaping Report
        ) async -> Void
    /// The result of a run; true for a dry run.
    public var summarize: @Sendable (RunState, Workflow, Answers, _ isRehearsal: Bool) async -> RunSummary
    /// Saves the settings to a file.
    public var save: @Sendable (_ texts: [Field.ID: String], _ path: String) throws(InstallerError) -> Void
    /// Completes a typed path.
    public var complete: @Sendable (_ path: String) -> PathCompletion
    public var now: @Sendable () -> Date

    /// What is shown without a plan. Each is cancelled when it is no longer needed.
    public struct Reports: Sendable {
        public var status: @Sendable (_ answers: Answers, _ given: Set<Field.ID>) async -> StatusReport
        /// Reports the status whenever it changes.
        public var watch: Watch
        public var clients: @Sendable (_ answers: Answers) async -> ClientReport
        /// Reports the findings of the doctor whenever more are known, without a test build.
        public var examine: Examine
        /// The installations that this machine has records of.
        public var installations: @Sendable () -> [KnownInstallation]

        public typealias Watch =
            @Sendable (
                _ answers: Answers, _ given: Set<Field.ID>,
                _ report: @escaping @Sendable (StatusReport) -> Void
            ) async -> Void
        public typealias Examine =
            @Sendable (
                _ answers: Answers, _ given: Set<Field.ID>,
                _ report: @escaping @Sendable (DoctorReport) -> Void
            ) async -> Void

        public init(
            status: @escaping @Sendable (Answers, Set<Field.ID>) async -> StatusReport,
            watch: @escaping Watch,
            clients: @escaping @Sendable (Answers) async -> ClientReport,
            examine: @escaping Examine,
            installations: @escaping @Sendable () -> [KnownInstallation]
        ) {
            (self.status, self.watch, self.clients) = (status, watch, clients)
            (self.examine, self.installations) = (examine, installations)
        }
    }

    /// Asks the user whether to roll back or keep the changes of a stopped run.
    public typealias Ask = @Sendable () async -> InterruptionPolicy
    public typealias Report = @Sendable (RunEvent) -> Void

    public init(
        look: @escaping @Sendable (Workflow, Answers, @escaping @Sendable (Facts) -> Void) async -> Void,
        recall: @escaping @Sendable (Answers) async -> [Field.ID: String],
        reports: Reports,
        run: @escaping @Sendable (Plan, Workflow, Answers, @escaping Ask, @escaping Report) async -> Void,
        summarize: @escaping @Sendable (RunState, Workflow, Answers, Bool) async -> RunSummary,
        save: @escaping @Sendable ([Field.ID: String], String) throws(InstallerError) -> Void,
        complete: @escaping @Sendable (String) -> PathCompletion,
        now: @escaping @Sendable () -> Date
    ) {
        self.look = look
        self.recall = recall
        self.reports = reports
        self.run = run
        self.summarize = summarize
        self.save = save
        self.complete = complete
        self.now = now
    }
}
