/// Steps as data. The same value is previewed, run, recorded, resumed and undone.
///
/// It holds names and paths, never the bytes of a secret.
public struct Plan: Codable, Equatable, Sendable {
    /// What it is for: outcomes and summaries go by it, never by a title.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        case install, upgrade, rotate
        case rotateBackend = "rotate-backend"
        case uninstall
        case addClient = "client-add"
        case renewClient = "client-renew"
        case revokeClient = "client-revoke"
        case sleep, wake, issue
        case unpackChart = "unpack-chart"
        case other
    }

    public var kind: Kind
    /// "Install BuildKit".
    public var title: String
    /// Which installation it is about.
    public var installation: InstallationID
    public var steps: [Step]
    /// What the user should know before agreeing; sentences.
    public var notes: [String]
    /// What becomes different of what is there; the steps say how.
    public var differences: [PlannedChange]
    /// The answers that the installation has when the plan has been run, by the field's id: they are kept, for
    /// whoever comes back to it. Nil: those that are kept stay.
    public var answers: [Field.ID: String]?

    public init(
        _ kind: Kind = .other, title: String, installation: InstallationID, steps: [Step],
        notes: [String] = [],
        differences: [PlannedChange] = [],
        answers: [Field.ID: String]? = nil
    ) {
        self.kind = kind
        self.title = title
        self.installation = installation
        self.steps = steps
        self.notes = notes
        self.differences = differences
        self.answers = answers
    }
}

extension Plan {
    /// The steps that change something; the others only look.
    public var changes: [Step] { steps.filter { $0.action.isChange } }
}

/// One thing that a plan does, and what takes it back.
public struct Step: Codable, Equatable, Sendable, Identifiable {
    public typealias ID = String

    /// Stable across runs: the journal and the JSON output name the step by it.
    public var id: ID
    /// What is done, as a sentence without its end: "Create the namespace buildkit".
    public var title: String
    public var action: Action
    /// What takes the step back, also after it failed half-way, as far as it is seen to have made something. Empty: what
    /// the step does leaves nothing, or stays.
    public var undo: [Undo]
    /// Whether what has been done is good as it is once this step is done: what fails later takes back no more than
    /// what came after it.
    public var commits: Bool

    public init(id: ID, title: String, action: Action, undo: [Undo] = [], commits: Bool = false) {
        self.id = id
        self.title = title
        self.action = action
        self.undo = undo
        self.commits = commits
    }
}

/// Something that a plan changes of what is there: how it is, and how it will be.
public struct PlannedChange: Codable, Equatable, Sendable {
    /// "chart", "builder.cache.size", "server certificate".
    public var what: String
    public var before: String
    public var after: String

    public init(_ what: String, _ before: String, _ after: String) {
        self.what = what
        self.before = before
        self.after = after
    }
}

extension PlannedChange: CustomStringConvertible {
    public var description: String { "\(what): \(before) → \(after)" }
}
