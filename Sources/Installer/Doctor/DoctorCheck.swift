/// One thing that has to hold so that a build goes through: a sentence that should be true, and how it is judged.
public struct DoctorCheck: Identifiable, Sendable {
    public let id: String
    /// What is looked at: "the server's certificate".
    public let title: String
    /// Without these it cannot hold, so that it is passed over where one of them does not.
    let needs: [String]
    /// Pure: the same symptoms always give the same verdict.
    let judge: @Sendable (DoctorFacts) -> DoctorOutcome

    init(
        _ id: String, _ title: String, needs: [String] = [],
        judge: @escaping @Sendable (DoctorFacts) -> DoctorOutcome
    ) {
        self.id = id
        self.title = title
        self.needs = needs
        self.judge = judge
    }
}

/// What a look at a layer came to.
public enum DoctorOutcome: Equatable, Sendable {
    /// It holds; what was seen.
    case holds(String)
    /// It holds, and is not as it should be.
    case doubtful(InstallerError)
    /// It is broken: the cause, the evidence, the command that helps.
    case broken(InstallerError)
    /// It was not looked at; why.
    case skipped(String)

    /// As one word.
    public var word: String {
        switch self {
        case .holds: "ok"
        case .doubtful: "warning"
        case .broken: "broken"
        case .skipped: "skipped"
        }
    }

    /// The outcome with commands that name the installation.
    func pinned(to installation: InstallationID, _ builder: String) -> DoctorOutcome {
        switch self {
        case .doubtful(let failure): .doubtful(failure.pinned(to: installation, builder: builder))
        case .broken(let failure): .broken(failure.pinned(to: installation, builder: builder))
        case .holds, .skipped: self
        }
    }

    var isBroken: Bool { if case .broken = self { true } else { false } }
}

extension DoctorOutcome {
    /// What a check of an install says as well.
    init(_ check: Check, _ symptoms: DoctorFacts) {
        self =
            switch check.verdict(symptoms.facts, symptoms.answers) {
            case .passed(let evidence): .holds(evidence)
            case .warning(let sentence, let hint): .doubtful(InstallerError(sentence, hint: hint))
            case .failed(let sentence, let hint): .broken(InstallerError(sentence, hint: hint))
            case .skipped(let reason): .skipped(reason)
            case .pending: .skipped("it was not looked at")
            }
    }

    /// The first of the remarks that says that something is wrong, else the first that warns.
    /// - Parameter evidence: what there is to say where none is made.
    init(_ remarks: [CertificateInventory.Diagnostic], detail: String? = nil, else evidence: String) {
        let worst = remarks.first { $0.severity == .error } ?? remarks.first
        guard let worst else {
            self = .holds(evidence)
            return
        }
        let others = remarks.filter { $0 != worst }.map(\.sentence)
        let more = (others + [detail].compactMap { $0 }).joined(separator: "\n")
        let failure = InstallerError(
            worst.sentence.withoutFullStop, detail: more.isEmpty ? nil : Redactor.of(more), hint: worst.hint,
            code: worst.code)
        self = worst.severity == .error ? .broken(failure) : .doubtful(failure)
    }
}

extension DoctorCheck {
    /// In the order in which a build goes through them; the cluster's side last.
    static let all: [DoctorCheck] = [
        .files, .plugin, .contextClash, .builder, .defaultConfiguration, .current, .dns, .tcp, .server,
        .client,
        .http2, .buildkit, .platforms, .build, .cluster, .release, .pods, .secrets, .policy,
    ]
}
