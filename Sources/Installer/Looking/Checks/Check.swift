/// One thing that is looked at: a sentence that should be true, and how it is judged from what was found.
public struct Check: Identifiable, Sendable {
    public enum Category: String, Codable, CaseIterable, Sendable {
        case tools = "This machine"
        case cluster = "The cluster"
        case namespace = "The namespace"
        case buildx = "docker buildx"
    }

    public let id: String
    public let category: Category
    /// What is looked at, as a sentence that should be true: "helm is 3.14 or later".
    public let sentence: String
    /// Pure: the same facts and answers always give the same verdict.
    public let verdict: @Sendable (Facts, Answers) -> Verdict

    public init(
        _ id: String, _ category: Category, _ sentence: String,
        verdict: @escaping @Sendable (Facts, Answers) -> Verdict
    ) {
        self.id = id
        self.category = category
        self.sentence = sentence
        self.verdict = verdict
    }
}

/// What a check came to.
public enum Verdict: Equatable, Sendable {
    /// Not looked up yet.
    case pending
    /// True; the evidence is short: a version, a name.
    case passed(String)
    /// Not as it should be, and the plan can still be run.
    case warning(String, hint: String?)
    /// The plan would fail.
    case failed(String, hint: String?)
    /// Does not arise, or cannot be judged; why.
    case skipped(String)
}

extension Verdict {
    /// The verdict as one word; it is never told by a colour or a symbol alone.
    public var word: String {
        switch self {
        case .pending: "looking"
        case .passed: "ok"
        case .warning: "warning"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }

    /// What was found: short for a pass, a sentence where something is wrong.
    public var evidence: String {
        switch self {
        case .pending: ""
        case .passed(let text), .warning(let text, _), .failed(let text, _), .skipped(let text): text
        }
    }

    /// What mends it; a command where there is one.
    public var hint: String? {
        switch self {
        case .warning(_, let hint), .failed(_, let hint): hint
        case .pending, .passed, .skipped: nil
        }
    }
}
