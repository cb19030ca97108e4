extension Check {
    /// A dry run before any change: it reports at once what a rollout would otherwise report after minutes without
    /// pods.
    static let admission = Check("admission", .namespace, "admission of the chart's pods") {
        facts, answers in
        facts.verdictByHelm(on: facts.admission) { admission in
            guard let refusal = admission.refusals.first else { return admission.verdict }
            let installation = answers.installation(facts)
            let cause = Cause(refusal: refusal)
            let evidence = "\(cause.headline)\(admission.place): \(Redactor.of(refusal.words))"
            let hint = cause.fix(installation, names: answers.chartNames)
            return refusal.isCertain && cause.code.isCertain(facts)
                ? .failed(evidence, hint: hint) : .warning(evidence, hint: hint)
        }
    }
}

extension Admission {
    /// The verdict where nothing is rejected.
    fileprivate var verdict: CheckOutcome {
        if let silence { return .skipped(silence) }
        guard preview != .noRules else {
            return .passed(
                "no admission policy or webhook applies to the chart's pods, Services, volumes and network policies "
                    + "in the new namespace")
        }
        let rest = unjudged == 0 ? "" : "; \(unjudged) could not be checked"
        return .passed("\(asked) objects admitted in a server-side dry run\(place)\(rest)")
    }

    /// The namespace of the dry run, where it is not that of the installation.
    fileprivate var place: String {
        guard case .tried(let namespace)? = preview else { return "" }
        return " in namespace \(namespace)"
    }
}

extension Cause {
    /// A refusal of the dry run has the same cause and code as the later failure of a ReplicaSet.
    init(refusal: Admission.Refusal) {
        let code = CauseCode(refusal: refusal.words)
        self.init(
            code: code, object: refusal.resource,
            component: refusal.words.contains("-proxy-") ? "proxy" : "builder",
            words: refusal.words, log: nil, patience: code.patience, key: refusal.words)
    }
}

extension CauseCode {
    /// Whether the real pods would be refused for the same reason.
    fileprivate func isCertain(_ facts: Facts) -> Bool {
        switch self {
        // The running pods may be what fills the quota, and they are removed first.
        case .quotaExceeded: facts.release.certainly { $0 == nil }
        // It depends on the service account, which may have more rights than the user of this program.
        case .securityContextConstraints, .podRefused, .serviceAccountMissing: false
        default: true
        }
    }
}
