/// The steps after which BuildKit and Envoy use new internal certificates, in each release that reads their Secret.
struct BackendRestart {
    private let own: Backend?
    private let others: [Backend]
    /// The names of the Deployments that are not restarted.
    private let unproven: [String]
    private let installation: InstallationID
    private let timeout: Int

    /// - Parameters:
    ///   - usual: the usual name of BuildKit's Deployment, for one that is not listed; nil: it does not run yet.
    ///   - listed: the Deployments that read the Secret. The chart's values determine their names.
    ///   - timeout: for the new pod, in seconds.
    init(
        _ installation: InstallationID, usual: String?, listed: [BackendDeployment], timeout: Int
    ) {
        let restarted = listed.filter(\.isRestarted)
        let own = restarted.first { $0.release == installation.release }
        self.own = usual.map { Backend(installation: installation, deployment: own?.name ?? $0) }
        others = restarted.filter { $0.release != installation.release }.map {
            Backend(installation: installation.sibling($0.release), deployment: $0.name, isOther: true)
        }
        unproven = listed.filter { !$0.isRestarted }.map { "deployment/\($0.name)" }
        (self.installation, self.timeout) = (installation, timeout)
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

    /// What the user must know before confirming about the Deployments of others.
    var notes: [String] {
        var notes: [String] = []
        let names = others.map(\.installation.release)
        if !names.isEmpty {
            let whose = names.count == 1 ? "its" : "their"
            notes.append("The \(names.releasesUse) the same Secrets, so \(whose) BuildKit restarts as well.")
        }
        if !unproven.isEmpty {
            let restart = installation.kubectl.command(["rollout", "restart"] + unproven)
            notes.append(
                "Not restarted, although the pods read the same Secret, because Helm has no record of a release with: "
                    + "\(unproven.inWords). Restart afterwards: \(restart)")
        }
        return notes
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
