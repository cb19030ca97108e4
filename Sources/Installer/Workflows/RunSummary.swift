import FoundationEssentials

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
