/// One thing that is looked at: a sentence that should be true, and how it is judged from what was found.
public struct Check: Identifiable, Sendable {
    public enum Category: String, Codable, CaseIterable, Sendable {
        case tools = "machine"
        case cluster, namespace, buildx

        /// As a page heads it.
        public var heading: String {
            switch self {
            case .tools: "This machine"
            case .cluster: "The cluster"
            case .namespace: "The namespace"
            case .buildx: "docker buildx"
            }
        }
    }

    public let id: String
    public let category: Category
    /// What is looked at, as a sentence that should be true: "Helm version".
    public let sentence: String
    /// Whether it is told only where it fails: what it looks at has checks of its own that are told in any case.
    public var isQuiet = false
    /// Pure: the same facts and answers always give the same verdict.
    public let verdict: @Sendable (Facts, Answers) -> CheckOutcome

    public init(
        _ id: String, _ category: Category, _ sentence: String,
        verdict: @escaping @Sendable (Facts, Answers) -> CheckOutcome
    ) {
        self.id = id
        self.category = category
        self.sentence = sentence
        self.verdict = verdict
    }
}

/// What a check came to.
public enum CheckOutcome: Equatable, Sendable {
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

extension CheckOutcome {
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
        case .passed(let text), .warning(let text, _), .failed(let text, _), .skipped(let text): text.visible
        }
    }

    /// What mends it; a command where there is one.
    public var hint: String? {
        switch self {
        case .warning(_, let hint), .failed(_, let hint): hint?.visible
        case .pending, .passed, .skipped: nil
        }
    }
}

extension CheckOutcome {
    /// The verdict with commands that name the installation.
    fileprivate func pinned(to installation: InstallationID, _ builder: String) -> CheckOutcome {
        switch self {
        case .warning(let sentence, let hint):
            .warning(sentence, hint: hint.map { installation.pinned($0, builder: builder) })
        case .failed(let sentence, let hint):
            .failed(sentence, hint: hint.map { installation.pinned($0, builder: builder) })
        case .pending, .passed, .skipped: self
        }
    }
}

/// A check and its verdict: what the page draws, the command line prints and the JSON says.
public struct CheckResult: Equatable, Sendable, Identifiable {
    public var id: String
    public var category: Check.Category
    public var sentence: String
    public var verdict: CheckOutcome
}

extension CheckResult {
    /// The kind of trouble, by the check that found it: `StorageClassCheck`; nil where there is none.
    public var code: ErrorCode? {
        switch verdict {
        case .warning, .failed: ErrorCode(check: id)
        case .pending, .passed, .skipped: nil
        }
    }
}

extension ErrorCode {
    /// What a check found that has no code of its own.
    init(check id: String) {
        let words = id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        self.init(rawValue: words.joined() + "Check")
    }
}

extension CheckResult: Encodable {
    private enum CodingKeys: String, CodingKey { case id, category, title, verdict, code, message, hint }

    /// One flat object, for programs.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(category, forKey: .category)
        try object.encode(sentence, forKey: .title)
        try object.encode(verdict.word, forKey: .verdict)
        try object.encodeIfPresent(code, forKey: .code)
        try object.encode(verdict.evidence, forKey: .message)
        try object.encodeIfPresent(verdict.hint, forKey: .hint)
    }
}

extension [Check] {
    /// Every check's verdict on what has been found so far.
    public func results(_ facts: Facts, _ answers: Answers) -> [CheckResult] {
        let installation = answers.installation(facts)
        return compactMap { check in
            let verdict = check.verdict(facts, answers).pinned(to: installation, answers.builder)
            if check.isQuiet, verdict.word != "failed" { return nil }
            return CheckResult(
                id: check.id, category: check.category, sentence: check.sentence, verdict: verdict)
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

/// The lists of checks that pages and verbs show.
public enum Checks {
    /// What is looked at before an install, by category.
    public static let install: [Check] = [
        .kubectl, .helm, .docker, .certificateFolder, .interruptedRun,
        .context, .server,
        .readable { facts, answers throws(PlanRefusal) in _ = try InstallFacts(facts, answers) },
        .storageClass, .security, .sleep,
        .namespace, .rights, .podSecurity, .admission, .secrets, .release,
        .buildxPlugin, .defaultConfiguration, .builderName, .builderSettings,
    ]
}

extension CheckOutcome {
    /// A failure as a verdict, in its own words.
    static func failed(_ failure: InstallerError) -> CheckOutcome {
        .failed(failure.sentence, hint: failure.hint)
    }
    static func warning(_ failure: InstallerError) -> CheckOutcome {
        .warning(failure.sentence, hint: failure.hint)
    }
}

extension Check {
    /// What could not be read is not absent: nothing is planned on it.
    /// - Parameter read: takes what the plan is made of out of the facts.
    static func readable(_ read: @escaping @Sendable (Facts, Answers) throws(PlanRefusal) -> Void) -> Check {
        var check = Check("readable", .cluster, "required lookups") { facts, answers in
            // What is missing or silent has a check of its own.
            if facts.server.failure != nil { return .skipped("the cluster does not answer") }
            if facts.kubectl.failure != nil { return .skipped("kubectl cannot be asked") }
            if facts.helm.failure != nil { return .skipped("helm cannot be asked") }
            do throws(PlanRefusal) {
                try read(facts, answers)
                return .passed("all of it")
            } catch {
                return error.unread.contains(where: \.isPending)
                    ? .pending
                    : .failed(
                        "\(error.failure.message). \(error.reasons.joined(separator: ". "))",
                        hint: error.failure.hint)
            }
        }
        check.isQuiet = true
        return check
    }
}

extension Fact {
    /// The verdict on what is known; pending until then.
    /// - Parameter otherwise: the verdict where it is not to be had.
    func verdict(
        otherwise: (InstallerError) -> CheckOutcome = { .failed($0) }, _ judge: (Value) -> CheckOutcome
    ) -> CheckOutcome {
        switch self {
        case .pending: .pending
        case .known(let value): judge(value)
        case .unavailable(let failure): otherwise(failure)
        }
    }
}

extension Facts {
    /// The verdict on a part of the cluster. Where the server does not answer, one check says so and the
    /// others are left out.
    func verdict<Value>(
        on part: Fact<Value>, otherwise: (InstallerError) -> CheckOutcome = { .failed($0) },
        _ judge: (Value) -> CheckOutcome
    ) -> CheckOutcome {
        switch (part, server) {
        case (.known(let value), _): judge(value)
        case (_, .unavailable): .skipped("the cluster does not answer")
        case (.pending, _), (_, .pending): .pending
        case (.unavailable(let failure), _): otherwise(failure)
        }
    }

    /// The verdict on what kubectl says first of all. Where it is missing, its own check says so.
    func verdictByKubectl<Value>(on part: Fact<Value>, _ judge: (Value) -> CheckOutcome) -> CheckOutcome {
        switch (part, kubectl) {
        case (.unavailable, .unavailable): .skipped("kubectl cannot be asked")
        case (.unavailable, .pending): .pending
        default: part.verdict(judge)
        }
    }

    /// The verdict on what helm says of the cluster; it needs helm as well.
    func verdictByHelm<Value>(
        on part: Fact<Value>, otherwise: (InstallerError) -> CheckOutcome = { .failed($0) },
        _ judge: (Value) -> CheckOutcome
    ) -> CheckOutcome {
        switch (part, helm) {
        case (.unavailable, .unavailable): .skipped("helm cannot be asked")
        case (.unavailable, .pending): .pending
        default: verdict(on: part, otherwise: otherwise, judge)
        }
    }
}

extension [CheckResult] {
    /// Why nothing can be begun, with the checks that failed; nil where it can.
    public var refusal: InstallerError? {
        let failed = filter { if case .failed = $0.verdict { true } else { false } }
        guard !failed.isEmpty else { return nil }
        let count = failed.count == 1 ? "1 check failed" : "\(failed.count) checks failed"
        return InstallerError(
            "\(count): \(failed.map(\.sentence).joined(separator: "; "))", code: .checksFailed)
    }
}
