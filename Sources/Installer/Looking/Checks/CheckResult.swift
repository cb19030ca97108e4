/// A check and its verdict: what the page draws, the command line prints and the JSON says.
public struct CheckResult: Equatable, Sendable, Identifiable {
    public var id: String
    public var category: Check.Category
    public var sentence: String
    public var verdict: Verdict
}

extension CheckResult: Encodable {
    private enum CodingKeys: String, CodingKey { case id, category, sentence, verdict, evidence, hint }

    /// One flat object, for programs.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(category, forKey: .category)
        try object.encode(sentence, forKey: .sentence)
        try object.encode(verdict.word, forKey: .verdict)
        try object.encode(verdict.evidence, forKey: .evidence)
        try object.encodeIfPresent(verdict.hint, forKey: .hint)
    }
}

extension [Check] {
    /// Every check's verdict on what has been found so far.
    public func results(_ facts: Facts, _ answers: Answers) -> [CheckResult] {
        map {
            CheckResult(
                id: $0.id, category: $0.category, sentence: $0.sentence, verdict: $0.verdict(facts, answers))
        }
    }
}

extension [CheckResult] {
    /// Whether nothing stands in the way of the plan.
    public var allowPlan: Bool {
        !contains { if case .failed = $0.verdict { true } else { false } }
    }

    /// Whether everything has been looked up.
    public var areComplete: Bool { !contains { $0.verdict == .pending } }
}
