extension Check {
    /// Asked before anything changes: what would be said after minutes otherwise, of pods that never come.
    static let admission = Check("admission", .namespace, "the namespace admits the chart's pods") {
        facts, answers in
        facts.verdictByHelm(on: facts.admission) { admission in
            guard let refusal = admission.refusals.first else {
                return admission.silence.map { .skipped($0) }
                    ?? .passed("\(admission.asked) objects, by a dry run")
            }
            let installation = answers.installation(facts)
            let cause = Cause(refusal: refusal)
            let evidence = "\(cause.headline): \(Redactor.of(refusal.words))"
            let hint = cause.fix(installation)
            return cause.code.isCertain(facts)
                ? .failed(evidence, hint: hint) : .warning(evidence, hint: hint)
        }
    }
}

extension Cause {
    /// What admission said beforehand is the same cause, by the same code, as what a ReplicaSet runs into later.
    init(refusal: Admission.Refusal) {
        let code = CauseCode(refusal: refusal.words)
        self.init(
            code: code, object: refusal.resource,
            component: refusal.words.contains("-proxy-") ? "proxy" : "builder",
            words: refusal.words, log: nil, patience: code.patience, key: refusal.words)
    }
}

extension CauseCode {
    /// Whether the real pods would meet the same.
    fileprivate func isCertain(_ facts: Facts) -> Bool {
        switch self {
        // The pods that run now may be what fills the quota, and they go first.
        case .quotaExceeded: facts.release.certainly { $0 == nil }
        // It depends on the service account, which may have been given more than the user of this program has.
        case .securityContextConstraints, .podRefused, .serviceAccountMissing: false
        default: true
        }
    }
}
