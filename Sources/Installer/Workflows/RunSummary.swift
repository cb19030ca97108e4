import FoundationEssentials
import MutualTLS

/// What came of a run: the last page, the last lines and the result object are views of it.
public struct RunSummary: Codable, Equatable, Sendable {
    public enum Outcome: String, Codable, Sendable {
        case installed, changed, unchanged, removed, rehearsed, failed, interrupted
    }

    public var outcome: Outcome
    /// The outcome as a sentence.
    public var headline: String
    public var installation: InstallationID
    public var builder: String
    /// Whether a real build went through it.
    public var proven: Bool
    /// The folder of the certificates.
    public var certificates: String
    /// When the first of the certificates here ends; nil where none could be read.
    public var certificatesEnd: Date?
    /// Whether what a failed or interrupted run did was taken back.
    public var undone: Bool
    public var failure: InstallerError?
    /// The step at which it failed or was stopped.
    public var stoppedAt: Step.ID?
    /// What could not be taken back.
    public var undoFailures: [InstallerError]
    /// What there is to say in place of what is installed.
    public var account: [String]?
    /// What the user should know besides; sentences.
    public var remarks: [String]
    /// What to type next, each with what it is for.
    public var next: [NextCommand]
}

/// A command that the user may want next.
public struct NextCommand: Codable, Equatable, Sendable {
    public var purpose: String
    public var command: String

    public init(_ purpose: String, _ command: String) {
        self.purpose = purpose
        self.command = command
    }
}

extension RunSummary {
    /// - Parameter isRehearsal: whether nothing was performed.
    public init(
        _ run: RunState, of verb: Workflow, _ answers: Answers, isRehearsal: Bool = false,
        dependencies: Dependencies
    ) {
        let plan = run.plan
        let paths = CertificateLayout(
            answers, installation: plan.installation, places: dependencies.places, home: dependencies.home)
        let proven = !isRehearsal && run.hasVerifiedBuild
        let (outcome, headline) = Self.outcome(of: run, isRehearsal: isRehearsal, verb.report)
        self.outcome = outcome
        self.headline =
            ((outcome == .changed ? verb.report.headline?(answers, run) : nil) ?? headline)
            + (proven ? ", and a real build went through it." : ".")
        installation = plan.installation
        builder = answers.builder
        self.proven = proven
        certificates = paths.outer.path
        certificatesEnd = isRehearsal ? nil : paths.outer.firstEnd
        undone = plan.steps.contains { run[$0.id].status == .undone }
        let installation = plan.installation
        func pinned(_ text: String) -> String { installation.pinned(text, builder: answers.builder) }
        failure = run.failure?.pinned(to: installation, builder: answers.builder)
        stoppedAt = run.stoppedAt
        undoFailures = run.undoFailures.map { $0.pinned(to: installation, builder: answers.builder) }
        next =
            switch outcome {
            case .rehearsed: [NextCommand("Run for real", verb.commandLine(answers, at: plan.installation))]
            case .failed, .interrupted:
                [
                    Retry(run.failure, undone ? "Try again" : "Resume").command(
                        verb, answers, at: installation)
                ]
            // Nothing was done, so nothing follows from it.
            case .unchanged where plan.steps.isEmpty: []
            case .installed, .changed, .unchanged, .removed:
                verb.report.next(answers, installation).map { NextCommand($0.purpose, pinned($0.command)) }
            }
        account = verb.report.account.map { $0(run) }
        remarks = outcome == .changed || outcome == .unchanged ? verb.report.remarks(run).map(pinned) : []
    }

    private static func outcome(
        of run: RunState, isRehearsal: Bool, _ words: WorkflowMessages
    ) -> (Outcome, headline: String) {
        if isRehearsal { return (.rehearsed, "Dry run: no changes were made") }
        if run.wasInterrupted { return (.interrupted, "The \(words.subject) was stopped") }
        return run.succeeded ? words.outcome(run) : (.failed, "The \(words.subject) failed")
    }
}

extension RunState {
    /// Whether a real build went through the builder.
    fileprivate var hasVerifiedBuild: Bool {
        plan.steps.contains { step in
            if case .verifyBuild = step.action { self[step.id].status == .done } else { false }
        }
    }
}

extension CertificateFolder {
    /// When the first of the two certificates that people meet ends.
    fileprivate var firstEnd: Date? {
        [CertificateFile.serverCertificate, .clientCertificate].compactMap { file in
            // A folder may hold the client's part only; what is not there does not end.
            guard let bytes = try? bytes(of: file) else { return nil }
            return try? CertificateSummary(pem: String(decoding: bytes, as: UTF8.self)).notAfter
        }.min()
    }
}

extension RunSummary {
    /// The summary as a person reads it, a line each.
    public var lines: [String] { [headline] + body + commands }

    private var body: [String] {
        switch outcome {
        case .unchanged where next.isEmpty: (account ?? []).map { "  \($0)" } + remarks
        case .installed, .changed, .unchanged, .removed: (account?.map { "  \($0)" } ?? what) + remarks
        case .rehearsed: []
        case .failed, .interrupted: reasons + [leftover]
        }
    }

    private var reasons: [String] {
        ([failure].compactMap { $0 } + undoFailures).flatMap { failure in
            [failure.message] + (failure.detail ?? "").split(separator: "\n").map { "  \($0)" }
                + [failure.hint].compactMap { $0 }
        }
    }

    private var leftover: String {
        if !undoFailures.isEmpty { return "Not everything could be taken back; what is left is named above." }
        return undone ? "What it had done was taken back." : "What it had done is still there."
    }

    private var what: [String] {
        [
            "  Builder       \(builder)",
            "  Release       \(installation.release) in namespace \(installation.namespace)",
            "  Certificates  \(certificates)",
        ]
            + [certificatesEnd.map { "  They end on   \($0.day)" }]
            .compactMap { $0 }
    }

    private var commands: [String] {
        next.flatMap { ["\($0.purpose):", "  \($0.command)"] }
    }
}
