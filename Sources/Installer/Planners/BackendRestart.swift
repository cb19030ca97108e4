/// The steps after which BuildKit and Envoy use new internal certificates, in each release that reads their Secret.
struct BackendRestart {
    private let own: Backend?
    private let others: [Backend]
    private let timeout: Int

    /// - Parameters:
    ///   - deployment: the name of BuildKit's Deployment; nil: it does not run yet.
    ///   - others: the other releases of the namespace.
    ///   - timeout: for the new pod, in seconds.
    init(
        _ installation: InstallationID, deployment: String?, others: [OtherRelease], timeout: Int
    ) {
        own = deployment.map { Backend(installation: installation, deployment: $0) }
        self.others = others.compactMap { other in
            other.backend.map {
                Backend(installation: installation.sibling(other.name), deployment: $0, isOther: true)
            }
        }
        self.timeout = timeout
    }

    /// BuildKit reads its certificates only when it starts. It drains before the restart, so no build is lost.
    ///
    /// Those of other releases are not awaited: what keeps them from starting is no reason to restore the former
    /// certificates.
    var steps: [Step] { backends.map(\.restart) + backends.map(\.nudge) + ready }

    /// The restarts of a rollback, with the former certificates.
    var undo: [Undo] {
        backends.map { .restart(installation: $0.installation, deployment: $0.deployment) }
    }

    /// What the user must know before confirming; empty where no other release restarts.
    var notes: [String] {
        let names = others.map(\.installation.release)
        guard !names.isEmpty else { return [] }
        return [
            names.count == 1
                ? "The release \(names.inShort) uses the same Secrets, so its BuildKit restarts as well."
                : "The releases \(names.inShort) use the same Secrets, so their BuildKit restarts as well."
        ]
    }

    private var backends: [Backend] { [own].compactMap(\.self) + others }

    /// A verification before that could still reach the former pod.
    private var ready: [Step] {
        guard let own else { return [] }
        return [
            Step(
                id: "ready", title: "Wait until BuildKit is ready",
                action: .awaitPods(
                    component: "builder", deployment: own.deployment, installation: own.installation,
                    timeout: timeout))
        ]
    }
}

/// BuildKit of one release, with the proxies in front of it.
private struct Backend {
    let installation: InstallationID
    /// The name of BuildKit's Deployment.
    let deployment: String
    /// Whether it is that of another release, which the steps name.
    var isOther = false

    private var place: String { isOther ? " of the release \(installation.release)" : "" }

    private func id(_ step: String) -> Step.ID { isOther ? "\(step)-\(installation.release)" : step }

    var restart: Step {
        Step(
            id: id("restart"), title: "Restart BuildKit\(place) with its new certificates when idle",
            action: .restart(installation: installation, deployment: deployment))
    }

    /// Envoy has the former pair until the kubelet updates the Secret, which would take minutes.
    var nudge: Step {
        Step(
            id: id("nudge"), title: "Reload certificates in Envoy\(place)",
            action: .refreshProxies(installation: installation))
    }
}
