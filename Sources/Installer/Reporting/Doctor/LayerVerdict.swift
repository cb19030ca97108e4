/// What a look at a layer came to.
public enum LayerVerdict: Equatable, Sendable {
    /// It holds; what was seen.
    case holds(String)
    /// It holds, and is not as it should be.
    case doubtful(Failure)
    /// It is broken: the cause, the evidence, the command that helps.
    case broken(Failure)
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

    var isBroken: Bool { if case .broken = self { true } else { false } }
}

extension LayerVerdict {
    /// What a check of an install says as well.
    init(_ check: Check, _ symptoms: Symptoms) {
        self =
            switch check.verdict(symptoms.facts, symptoms.answers) {
            case .passed(let evidence): .holds(evidence)
            case .warning(let sentence, let hint): .doubtful(Failure(sentence, hint: hint))
            case .failed(let sentence, let hint): .broken(Failure(sentence, hint: hint))
            case .skipped(let reason): .skipped(reason)
            case .pending: .skipped("it was not looked at")
            }
    }

    /// The first of the remarks that says that something is wrong, else the first that warns.
    /// - Parameter evidence: what there is to say where none is made.
    init(_ remarks: [CertificateInventory.Remark], detail: String? = nil, else evidence: String) {
        let worst = remarks.first { $0.severity == .error } ?? remarks.first
        guard let worst else {
            self = .holds(evidence)
            return
        }
        let others = remarks.filter { $0 != worst }.map(\.sentence)
        let more = (others + [detail].compactMap { $0 }).joined(separator: "\n")
        let failure = Failure(
            worst.sentence.withoutFullStop, detail: more.isEmpty ? nil : Redaction.of(more), hint: worst.hint)
        self = worst.severity == .error ? .broken(failure) : .doubtful(failure)
    }
}

extension String {
    /// A sentence as the message of a ``Failure``, which ends without one.
    var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
