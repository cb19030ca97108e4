import MutualTLS

extension RotationPlanner {
    var steps: [Step] {
        let rounds = rounds
        guard !rounds.isEmpty else { return revocations + unusedAuthority }
        guard issued == nil else {
            let write = isInSecret ? [] : [secret(.leaves, 1, from: paths.outer)]
            return revocations + write + rollout(.leaves, 1, from: paths.outer)
        }
        let first = waiting.map { continued($0) } ?? begun(rounds[0])
        return revocations + takeUp + first + rounds.dropFirst().flatMap { steps(of: $0, as: 2) }
            + registration
    }

    /// A new installation, for example, trusts only the CA that signs.
    var unusedAuthority: [Step] {
        guard answers.renew == .finish, rounds.isEmpty, facts.formerAuthorityIsUnused else { return [] }
        return [
            Step(
                id: "former", title: "Delete the old CA in \(paths.outer.path)/authority/former",
                action: .removeFormerAuthority(folder: paths.outer.path))
        ]
    }

    /// First, this machine and the proxy exchange their revocations: a revoked client gets no new certificate. This
    /// is never rolled back.
    private var revocations: [Step] {
        guard revocationState.needsMerge else { return [] }
        return [
            Step(
                id: "revocations",
                title: "Merge the revocation lists on this machine and in \(paths.outerSecret.name)",
                action: .applySecret(
                    recipe: SecretSpec(
                        secret: paths.outerSecret, labels: [:], files: [:], replaces: true, keepsOthers: true,
                        revocations: paths.outer.path)), commits: true)
        ]
    }

    /// The Secret is authoritative. Where the files here differ or do not exist, they are written from it.
    private var takeUp: [Step] {
        guard waiting == nil, rounds.first != .inner, let state = facts.secrets.outer else {
            return []
        }
        // A rotation that drops a CA needs no former certificates. Those of the Secret would bring back a CA that another
        // installation has dropped from the directory.
        let drops = [.retire, .replace].contains(rounds.first)
        guard !drops || facts.authorities.droppedFromDirectory.isEmpty else { return [] }
        let digests = facts.files
        let files = CertificateLayout.pairFiles(in: paths.outer)
        guard files.contains(where: { digests[$1] == nil || digests[$1] != state.digests[$0] }) else {
            return []
        }
        return [
            Step(
                id: "server",
                title: "Read the server certificate from the Secret \(paths.outerSecret.name)",
                action: .saveServer(folder: paths.outer.path, from: paths.outerSecret))
        ]
    }

    private func begun(_ change: RenewalOrder.Change) -> [Step] { steps(of: change, as: 1) }

    /// The remaining steps of an interrupted rotation.
    private func continued(_ renewal: Facts.Renewal) -> [Step] {
        let change = renewal.order.change
        guard renewal.serverWaits else { return [putInPlace(change, 1)] }
        let apply = facts.isApplied(renewal) ? nil : secret(change, 1)
        return [apply].compactMap(\.self) + rollout(change, 1) + [putInPlace(change, 1)]
    }

    private func steps(of change: RenewalOrder.Change, as round: Int) -> [Step] {
        [prepare(change, round), secret(change, round)] + rollout(change, round) + [putInPlace(change, round)]
    }

    // MARK: One round

    /// The id of a step is unique across both rounds of a plan.
    private func id(_ name: String, _ round: Int) -> Step.ID { round == 1 ? name : "\(name)-\(round)" }

    private func folder(_ change: RenewalOrder.Change) -> CertificateFolder {
        change == .inner ? paths.inner : paths.outer
    }

    private func prepare(_ change: RenewalOrder.Change, _ round: Int) -> Step {
        let folder = folder(change)
        let order = CertificateOrder(
            names: answers.names, client: answers.client, algorithm: answers.keyAlgorithm,
            authorityDays: answers.authorityDays, days: answers.days, keepAuthority: !asked.discardAuthority)
        let what =
            switch change {
            case .leaves: "Sign new certificates"
            case .introduce: "Create a new CA and sign the client certificates with it"
            case .retire: "Sign the server certificate with the new CA only"
            case .replace: "Create a new CA and sign all certificates with it"
            case .inner: "Issue new internal certificates (Envoy to BuildKit)"
            }
        return Step(
            id: id("renewal", round), title: "\(what) in \(folder.renewal.path)",
            action: .prepareRenewal(
                order: RenewalOrder(
                    change, order, owner: installation.record,
                    keepsFormer: [.retire, .replace].contains(change) && !facts.sharers.isEmpty ? true : nil),
                folder: folder.path, registry: change == .inner ? nil : paths.outerSecret),
            undo: [.takeBack])
    }

    /// - Parameter source: the folder with the new files; nil: that of the renewal.
    private func secret(
        _ change: RenewalOrder.Change, _ round: Int, from source: CertificateFolder? = nil
    ) -> Step {
        let isInner = change == .inner
        let name = isInner ? paths.innerSecret : paths.outerSecret
        let state = isInner ? facts.secrets.inner : facts.secrets.outer
        // The content that the first round writes is unknown before it has run.
        let recipe = SecretSpec(
            secret: name, labels: KubernetesLabels.ours,
            files: CertificateLayout.files(of: change, in: source ?? folder(change).renewal), replaces: true,
            expected: round == 1 ? state?.digests : nil,
            revocations: isInner || !hasRevocations(change) ? nil : paths.outer.path)
        return Step(
            id: id("secret", round), title: "Replace the Secret \(name.name)",
            action: .applySecret(recipe: recipe),
            undo: [.takeBack]
                + (isInner ? backend.undo : [.refreshProxies(installation: installation)]))
    }

    private func hasRevocations(_ change: RenewalOrder.Change) -> Bool {
        change != .leaves || facts.files[paths.outer.path(of: .revocations)] != nil
            || facts.secrets.outer?.digests["crl.pem"] != nil
    }

    private func rollout(
        _ change: RenewalOrder.Change, _ round: Int, from source: CertificateFolder? = nil
    ) -> [Step] {
        if change == .inner { return backend.steps + innerProof }
        guard answers.verify, !ownIsRevoked else {
            return [
                Step(
                    id: id("nudge", round), title: "Reload certificates in Envoy",
                    action: .refreshProxies(installation: installation))
            ]
        }
        let source = source ?? paths.outer.renewal
        var registration = connection.wanted
        registration.folder = "\(source.path)/client"
        let isForwarded = answers.exposure == .portForward && answers.endpoint == nil
        let rollout = CertificateRollout(
            installation: installation, registration: registration,
            tunnel: isForwarded ? connection.service : nil,
            certificate: source.path(of: .serverCertificate), timeout: answers.timeout)
        return [
            Step(
                id: id("uptake", round), title: "Wait until the endpoint serves the new certificates",
                action: .awaitRollout(rollout: rollout))
        ]
    }

    /// A request reaches BuildKit only where both sides have the new pair.
    private var innerProof: [Step] {
        guard answers.verify, !ownIsRevoked, isRegistered else { return [] }
        return [connection.verification(.build)]
    }

    private func putInPlace(_ change: RenewalOrder.Change, _ round: Int) -> Step {
        Step(
            id: id("files", round), title: "Install the new files in \(folder(change).path)",
            action: .installRenewal(folder: folder(change).path), commits: true)
    }

    var backend: BackendRestart {
        BackendRestart(
            installation, usual: answers.builderDeployment, listed: facts.backends, timeout: answers.timeout)
    }

    private var isRegistered: Bool {
        facts.builders.contains(answers.builder)
    }

    var changesNames: Bool { !asked.sans.isEmpty && facts.serverCertificate?.names != asked.sans }

    /// buildx expects a server name; with other names, it may change.
    private var registration: [Step] {
        guard let builder, builder.existing != nil, changesNames else { return [] }
        return [builder.registration].compactMap(\.self)
    }
}
