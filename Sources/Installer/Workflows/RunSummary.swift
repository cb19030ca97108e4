import FoundationEssentials

/// The result of a run: the last page, the last lines and the result object are views of it.
public struct RunSummary: Codable, Equatable, Sendable {
    public enum Outcome: String, Codable, Sendable {
        case installed, changed, unchanged, removed, rehearsed, failed, interrupted
        /// What is in the cluster remains, because the cluster did not answer.
        case partlyRemoved
    }

    public var outcome: Outcome
    /// The result as a sentence.
    public var headline: String
    public var installation: InstallationID
    public var builder: String
    /// The address that clients dial; nil where it is assigned later.
    public var endpoint: String?
    /// Whether a test build succeeded.
    public var buildVerified: Bool
    /// The folder of the certificates.
    public var certificates: String
    /// The earliest expiry of the certificates here; nil where none could be read.
    public var certificatesEnd: Date?
    /// Whether the changes of a failed or interrupted run were rolled back.
    public var undone: Bool
    /// What the run has changed, before any rollback.
    public var changes: ChangeExtent
    public var failure: InstallerError?
    /// The step at which it failed or was interrupted.
    public var stoppedAt: Step.ID?
    /// What could not be rolled back.
    public var undoFailures: [UndoFailure]
    /// The lines that replace the description of the installation.
    public var account: [String]?
    /// Further remarks for the user, as sentences.
    public var remarks: [String]
    /// The commands that the user may want next, with their purpose.
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
    /// The summary as text, one line each.
    public var lines: [String] { [headline] + body + commands }

    private var body: [String] {
        switch outcome {
        case .unchanged where next.isEmpty: (account ?? []).map { "  \($0)" } + remarks
        case .installed, .changed, .unchanged, .removed, .partlyRemoved:
            (account?.map { "  \($0)" } ?? what) + remarks
        case .rehearsed: remarks
        case .failed, .interrupted: reasons + [leftover] + remarks
        }
    }

    private var reasons: [String] {
        ([failure].compactMap(\.self) + undoFailures.map(\.failure)).flatMap(\.lines)
    }

    /// What became of the changes of a run that failed or was interrupted.
    public var leftover: String {
        if !undoFailures.isEmpty { return "Rollback incomplete; see above." }
        if undone { return "Changes rolled back." }
        return switch changes {
        case .nothing: "No changes were made."
        case .unproven: "No changes to roll back."
        case .something: "Changes kept."
        }
    }

    private var what: [String] {
        ["  Builder       \(builder)"] + (endpoint.map { ["  Endpoint      \($0)"] } ?? []) + [
            "  Release       \(installation.release) in namespace \(installation.namespace)",
            "  Certificates  \(certificates)",
        ]
            + [certificatesEnd.map { "  Expires on    \($0.day)" }]
            .compactMap { $0 }
    }

    private var commands: [String] {
        next.flatMap { ["\($0.purpose):", "  \($0.command)"] }
    }
}
