/// One check: a statement that should be true, and how it is judged from the facts.
public struct Check: Identifiable, Sendable {
    public enum Category: String, Codable, CaseIterable, Sendable {
        case tools = "machine"
        case cluster, namespace, buildx

        /// The heading on a page.
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
    /// The subject of the check: "helm".
    public let sentence: String
    /// Whether it is reported only where it has found a problem, because its subject has checks of its own that are
    /// always reported, or hardly ever arises.
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

/// The result of a check.
public enum CheckOutcome: Equatable, Sendable {
    /// Not checked yet.
    case pending
    /// Passed, with short evidence: a version, a name.
    case passed(String)
    /// A problem that does not prevent the plan.
    case warning(String, hint: String?)
    /// The plan would fail.
    case failed(String, hint: String?)
    /// Does not apply, or cannot be judged, with the reason.
    case skipped(String)
}

extension CheckOutcome {
    /// The verdict as one word; a colour or a symbol never replaces it.
    public var word: String {
        switch self {
        case .pending: "pending"
        case .passed: "ok"
        case .warning: "warning"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }

    /// The finding: short for a pass, a sentence for a problem.
    public var evidence: String {
        switch self {
        case .pending: ""
        case .passed(let text), .warning(let text, _), .failed(let text, _), .skipped(let text): text.visible
        }
    }

    /// The fix; a command where one exists.
    public var hint: String? {
        switch self {
        case .warning(_, let hint), .failed(_, let hint): hint?.visible
        case .pending, .passed, .skipped: nil
        }
    }
}

extension CheckOutcome {
    /// The verdict with commands that name the installation.
    fileprivate func pinned(
        to installation: InstallationID, builder: String, settings: String?
    ) -> CheckOutcome {
        func pinned(_ hint: String) -> String {
            installation.pinned(hint, builder: builder, settings: settings)
        }
        return switch self {
        case .warning(let sentence, let hint): .warning(sentence, hint: hint.map(pinned))
        case .failed(let sentence, let hint): .failed(sentence, hint: hint.map(pinned))
        case .pending, .passed, .skipped: self
        }
    }
}

/// A check and its verdict: drawn by the page, printed by the command line, encoded as JSON.
public struct CheckResult: Equatable, Sendable, Identifiable {
    public var id: String
    public var category: Check.Category
    public var sentence: String
    public var verdict: CheckOutcome
}

extension CheckResult {
    /// The code of the problem, derived from the check: `StorageClassCheck`; nil where there is no problem.
    public var code: ErrorCode? {
        switch verdict {
        case .warning, .failed: ErrorCode(check: id)
        case .pending, .passed, .skipped: nil
        }
    }
}

extension ErrorCode {
    /// The code of a check whose problem has no code of its own.
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
    /// The verdict of every check on the facts collected so far.
    public func results(_ facts: Facts, _ answers: Answers) -> [CheckResult] {
        let installation = answers.installation(facts)
        var answers = answers.named(by: facts)
        // The commands of every check name it.
        answers.context = installation.context
        return compactMap { [answers] check in
            let verdict = check.verdict(facts, answers).pinned(
                to: installation, builder: answers.builder, settings: facts.settings)
            if check.isQuiet, !["failed", "warning"].contains(verdict.word) { return nil }
            return CheckResult(
                id: check.id, category: check.category, sentence: check.sentence, verdict: verdict)
        }
    }
}

extension [CheckResult] {
    /// Whether no check prevents the plan.
    public var allowPlan: Bool {
        !contains { if case .failed = $0.verdict { true } else { false } }
    }

    /// Whether no check is pending.
    public var areComplete: Bool { !contains { $0.verdict == .pending } }
}

/// The lists of checks that pages and commands show.
public enum Checks {
    /// The checks before an install, by category.
    public static let install: [Check] = [
        .kubectl, .helm, .docker, .certificateFolder, .interruptedRun,
        .context, .server,
        .readable { facts, answers throws(PlanRefusal) in _ = try InstallFacts(facts, answers) },
        .storageClass, .security, .values,
        .namespace, .rights, .podSecurity, .admission, .secrets, .deletions,
        .pausedReleasesForInstall, .release,
        .buildxPlugin, .defaultConfiguration, .builderName, .builderSettings,
    ]
}

extension CheckOutcome {
    /// A failure as a verdict, with its own sentence and hint.
    static func failed(_ failure: InstallerError) -> CheckOutcome {
        .failed(failure.sentence, hint: failure.hint)
    }
    static func warning(_ failure: InstallerError) -> CheckOutcome {
        .warning(failure.sentence, hint: failure.hint)
    }
}

extension Check {
    /// A part that could not be read is not absent, so no plan is based on it.
    /// - Parameter read: reads the facts that the plan needs.
    static func readable(_ read: @escaping @Sendable (Facts, Answers) throws(PlanRefusal) -> Void) -> Check {
        var check = Check("readable", .cluster, "state of the cluster") { facts, answers in
            // What is missing or does not answer has a check of its own.
            if facts.server.failure != nil { return .skipped("the cluster does not respond") }
            if facts.kubectl.failure != nil { return .skipped("kubectl is not usable") }
            if facts.helm.failure != nil { return .skipped("helm is not usable") }
            do throws(PlanRefusal) {
                try read(facts, answers)
                return .passed("readable")
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
    /// The verdict on a known value; pending until it is known.
    /// - Parameter otherwise: the verdict where the value is unavailable.
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
    /// The verdict on a part of the cluster. Where the server does not answer, one check reports it and the others
    /// are skipped.
    func verdict<Value>(
        on part: Fact<Value>, otherwise: (InstallerError) -> CheckOutcome = { .failed($0) },
        _ judge: (Value) -> CheckOutcome
    ) -> CheckOutcome {
        switch (part, server) {
        case (.known(let value), _): judge(value)
        case (_, .unavailable): .skipped("the cluster does not respond")
        case (.pending, _), (_, .pending): .pending
        case (.unavailable(let failure), _): otherwise(failure)
        }
    }

    /// The verdict on a fact that only needs kubectl. Where kubectl is missing, its own check reports it.
    func verdictByKubectl<Value>(on part: Fact<Value>, _ judge: (Value) -> CheckOutcome) -> CheckOutcome {
        switch (part, kubectl) {
        case (.unavailable, .unavailable): .skipped("kubectl is not usable")
        case (.unavailable, .pending): .pending
        default: part.verdict(judge)
        }
    }

    /// The verdict on a fact of the cluster that also needs helm.
    func verdictByHelm<Value>(
        on part: Fact<Value>, otherwise: (InstallerError) -> CheckOutcome = { .failed($0) },
        _ judge: (Value) -> CheckOutcome
    ) -> CheckOutcome {
        switch (part, helm) {
        case (.unavailable, .unavailable): .skipped("helm is not usable")
        case (.unavailable, .pending): .pending
        default: verdict(on: part, otherwise: otherwise, judge)
        }
    }
}

extension [CheckResult] {
    /// The error that lists the failed checks; nil where none failed.
    public var refusal: InstallerError? {
        let failed = filter { if case .failed = $0.verdict { true } else { false } }
        guard !failed.isEmpty else { return nil }
        let count = failed.count == 1 ? "1 check failed" : "\(failed.count) checks failed"
        return InstallerError(
            "\(count): \(failed.map(\.sentence).joined(separator: "; "))", code: .checksFailed)
    }
}
