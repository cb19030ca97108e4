import MutualTLS

/// Steps as data. The same value is previewed, run, recorded, resumed and rolled back.
///
/// It contains names and paths, never the bytes of a secret.
public struct Plan: Codable, Equatable, Sendable {
    /// The kind of the plan: outcomes and summaries depend on it, never on a title.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        case install, upgrade, rotate
        case rotateBackend = "rotate-backend"
        case uninstall
        /// Only what is on this machine, because the cluster does not answer.
        case uninstallLocal = "uninstall-local"
        case addClient = "client-add"
        case renewClient = "client-renew"
        case revokeClient = "client-revoke"
        case sleep, wake, issue
        case unpackChart = "unpack-chart"
        case other

        /// The command that makes such a plan.
        public var command: String {
            switch self {
            case .install, .upgrade, .other: "install"
            case .rotate, .rotateBackend: "rotate"
            case .addClient: "client add"
            case .renewClient: "client renew"
            case .revokeClient: "client revoke"
            case .unpackChart: "chart"
            case .uninstallLocal: "uninstall"
            case .uninstall, .sleep, .wake, .issue: rawValue
            }
        }
    }

    public var kind: Kind
    /// "Install BuildKit".
    public var title: String
    public var installation: InstallationID
    public var steps: [Step]
    /// What the user must know before confirming, as sentences.
    public var notes: [String]
    /// The differences to the current state; the steps implement them.
    public var differences: [PlannedChange]
    /// The answers of the installation after the plan has run, by the field's id; they are saved for later runs. Nil:
    /// the saved answers are kept.
    public var answers: [Field.ID: String]?
    /// The flags that its command needs to make it again, beside those of the installation; nil: unknown, as in the
    /// journals of older versions.
    public var flags: [String]?
    /// The certificate folder of the installation, by the answers; nil: unknown, as in a plan whose command does not have that
    /// setting, and in the journals of older versions.
    public var certificateFolder: String?

    public init(
        _ kind: Kind = .other, title: String, installation: InstallationID, steps: [Step],
        notes: [String] = [],
        differences: [PlannedChange] = [],
        answers: [Field.ID: String]? = nil, flags: [String]? = nil
    ) {
        self.kind = kind
        self.title = title
        self.installation = installation
        self.steps = steps
        self.notes = notes
        self.differences = differences
        self.answers = answers
        self.flags = flags
    }
}

extension Plan {
    /// The steps that change something; the others only check or wait.
    public var changes: [Step] { steps.filter { $0.action.isChange } }
}

/// One operation of a plan, and its rollback.
public struct Step: Codable, Equatable, Sendable, Identifiable {
    public typealias ID = String

    /// Stable across runs: the journal and the JSON output use it.
    public var id: ID
    /// The operation as a sentence without its full stop: "Create the namespace buildkit".
    public var title: String
    public var action: Action
    /// The rollback of the step, also after it failed partway, as far as it is known to have created something.
    /// Empty: the step leaves nothing, or its result is kept.
    public var undo: [Undo]
    /// Whether the result so far is kept once this step is done: a later failure only rolls back the steps after it.
    public var commits: Bool

    public init(id: ID, title: String, action: Action, undo: [Undo] = [], commits: Bool = false) {
        self.id = id
        self.title = title
        self.action = action
        self.undo = undo
        self.commits = commits
    }
}

/// A difference between the current state and the plan's result.
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

extension Plan {
    /// The command that resumes it after an interruption, without the flags of the installation. A rotation has none
    /// of its flags: with others it would discard the renewal that has begun.
    public var resumption: String {
        for step in steps {
            if case .prepareRenewal(let order, _, _) = step.action { return order.change.command }
        }
        switch kind {
        case .rotateBackend: return RenewalOrder.Change.inner.command
        case .rotate: return kind.command
        default: return ([kind.command] + (flags ?? [])).joined(separator: " ")
        }
    }

    /// The complete command line that makes and runs it again; nil: its flags are unknown, as in the journals of older versions.
    var commandLine: String? {
        flags.map { flags in
            let words =
                ["buildkit-installer \(kind.command)"] + installation.flags + flags.filter { $0 != "--yes" }
                + ["--yes"]
            return words.joined(separator: " ")
        }
    }
}

extension RenewalOrder.Change {
    /// The command that begins it, and that continues it after an interruption.
    var command: String {
        switch self {
        case .leaves: "rotate"
        case .introduce, .replace: "rotate --renew authority"
        case .retire: "rotate --finish"
        case .inner: "rotate --renew inner"
        }
    }
}
