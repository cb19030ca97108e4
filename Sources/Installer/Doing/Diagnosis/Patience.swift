import MutualTLS

/// Whether a builder that does not answer is worth waiting for, by what was seen of it.
enum Patience: Equatable {
    /// It will not mend itself.
    case none
    /// Until the proxy has the certificates that this run has changed; without such a change, not at all.
    case untilCertificatesArrive
    /// As long as the user allows: something may be about to start.
    case full
}

extension Cause {
    var patience: Patience {
        switch self {
        case .filesMissing, .filesUnusable, .notTLS: .none
        case .filesUnused: .untilCertificatesArrive
        case _ where isAboutCertificates: .untilCertificatesArrive
        default: .full
        }
    }
}

extension Patience {
    /// The kubelet brings a changed Secret to a pod within its sync period and the age of its cache, a minute each
    /// by default; the rest is margin.
    private static let arrival = 150

    /// How long to wait in all, in seconds.
    /// - Parameters:
    ///   - plan: of which the proof is the last step.
    ///   - timeout: what the user allows.
    func limit(in plan: Plan, timeout: Int) -> Int {
        switch self {
        case .none: 0
        case .untilCertificatesArrive: plan.replacesSecrets ? min(timeout, Self.arrival) : 0
        case .full: timeout
        }
    }
}

extension Plan {
    /// Whether it changes Secrets that pods may have mounted already.
    fileprivate var replacesSecrets: Bool {
        steps.contains { step in
            guard case .applySecret(let recipe) = step.action else { return false }
            return recipe.replaces
        }
    }
}
