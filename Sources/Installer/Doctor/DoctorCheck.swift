/// One condition of a working build: a statement that should be true, and how it is judged.
public struct DoctorCheck: Identifiable, Sendable {
    public let id: String
    /// The subject of the check: "server certificate".
    public let title: String
    /// The checks that it depends on; it is skipped where one of them fails.
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

/// The result of a check.
public enum DoctorOutcome: Equatable, Sendable {
    /// Passed, with the evidence.
    case holds(String)
    /// Passed, with a warning.
    case doubtful(InstallerError)
    /// Failed: the cause, the evidence, the command that fixes it.
    case broken(InstallerError)
    /// Not checked, with the reason.
    case skipped(String)

    static let notChecked = DoctorOutcome.skipped("not checked")

    public var word: String {
        switch self {
        case .holds: "ok"
        case .doubtful: "warning"
        case .broken: "broken"
        case .skipped: "skipped"
        }
    }

    /// The outcome with commands that name the installation.
    func pinned(to installation: InstallationID, builder: String, settings: String?) -> DoctorOutcome {
        switch self {
        case .doubtful(let failure):
            .doubtful(failure.pinned(to: installation, builder: builder, settings: settings))
        case .broken(let failure):
            .broken(failure.pinned(to: installation, builder: builder, settings: settings))
        case .holds, .skipped: self
        }
    }

    var isBroken: Bool { if case .broken = self { true } else { false } }
}

extension DoctorOutcome {
    /// The outcome of a check that an install also runs.
    init(_ check: Check, _ symptoms: DoctorFacts) {
        self =
            switch check.verdict(symptoms.facts, symptoms.answers) {
            case .passed(let evidence): .holds(evidence)
            case .warning(let sentence, let hint): .doubtful(InstallerError(sentence, hint: hint))
            case .failed(let sentence, let hint): .broken(InstallerError(sentence, hint: hint))
            case .skipped(let reason): .skipped(reason)
            case .pending: .notChecked
            }
    }

    /// The first diagnostic that is an error, otherwise the first warning.
    /// - Parameter evidence: the evidence where there is no diagnostic.
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
    /// In the order of a build's path; the cluster's side last.
    static let all: [DoctorCheck] = [
        .files, .plugin, .contextClash, .builder, .defaultConfiguration, .current, .dns, .tcp, .server,
        .client,
        .http2, .buildkit, .platforms, .build, .cluster, .release, .pods, .secrets, .policy,
    ]
}
