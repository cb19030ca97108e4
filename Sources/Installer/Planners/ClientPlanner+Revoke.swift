extension ClientPlanner {
    /// The serials to take back: those that are named, or all that the client has.
    private var serials: [String] {
        guard answers.serials.isEmpty else { return answers.serials }
        // One that was signed on another machine is known by having been shown.
        let seen = facts.sightings[name].map { [$0.serial] } ?? []
        let known = known.serials(of: name)
        return known + seen.filter { !known.contains($0) && !self.known.revoked.contains($0) }
    }

    /// Whoever is to be refused, in words.
    private var whom: String { answers.serials.isEmpty ? name : answers.serials.joined(separator: ", ") }

    /// A revocation is never taken back by a run that fails later: what is left is done by the next one.
    var revocation: Plan {
        let knock = canBeShown ? look(isRefused: true, isChange: true) : nudge("nudge")
        let refusal = listed + secret
        let list = listSteps
        // Helm takes its time, and where the proxy looks at revocations they are enough.
        let steps =
            known.proxyLooksAtRevocations
            ? (refusal.isEmpty ? [] : refusal + [knock]) + (list.isEmpty ? [] : list + [nudge("roles-nudge")])
            : list.isEmpty ? refusal : refusal + list + [knock]
        let all = steps + (answers.now ? replacement : [])
        return Plan(
            .revokeClient, title: all.isEmpty ? "Nothing to change" : "Revoke \(whom)",
            installation: installation,
            steps: all,
            notes: all.isEmpty ? ["\(whom) is revoked already."] : notes)
    }

    private var notes: [String] {
        var notes: [String] = []
        if !canBeShown, answers.verify {
            notes.append("The files of \(whom) are not here, so its refusal cannot be shown.")
        }
        notes.append(
            answers.now
                ? "Every build that runs now ends, those of others too: Envoy cannot end the connections of one client "
                    + "alone."
                : "A build of \(whom) that runs already goes on until it ends; --now ends all that run.")
        return notes
    }

    /// Whether its own files are here to knock with.
    private var canBeShown: Bool {
        guard answers.verify, answers.serials.isEmpty, let present = known.present(name) else { return false }
        return serials.contains(present.serial) || known.revoked.contains(present.serial)
    }

    private var listed: [Step] {
        let missing = serials.filter { !known.revocations.here.contains($0) }
        guard !missing.isEmpty else { return [] }
        return [
            Step(
                id: "revocations", title: "Put \(count(missing.count)) of \(whom) on the list of revocations",
                action: .revoke(serials: missing, client: name, folder: certificates.outer.path))
        ]
    }

    private func count(_ number: Int) -> String {
        number == 1 ? "the certificate" : "\(number) certificates"
    }

    /// Only the list changes; what else the Secret holds stays, whoever put it there.
    private var secret: [Step] {
        guard !listed.isEmpty || known.revocations.needsMerge else { return [] }
        return [
            Step(
                id: "envoy-secret", title: "Bring the list into the Secret \(certificates.outerSecret.name)",
                action: .applySecret(
                    recipe: SecretSpec(
                        secret: certificates.outerSecret, labels: [:], files: [:], replaces: true,
                        keepsOthers: true,
                        revocations: certificates.outer.path)))
        ]
    }

    /// Gives up on every connection: pods that drain already are among them.
    private var replacement: [Step] {
        let deployment = "deployment/\(answers.fullname)-proxy"
        return [
            Step(
                id: "end", title: "End every build that runs, by replacing the proxies",
                action: .run(
                    command: installation.kubectl(
                        "delete", "pods", "--selector", KubernetesLabels.pods(of: installation, "proxy"),
                        "--grace-period=1",
                        "--wait=false"))),
            Step(
                id: "proxies", title: "Wait until the new proxies serve",
                action: .run(
                    command: installation.kubectl(
                        "rollout", "status", deployment, "--timeout=\(answers.timeout)s",
                        timeout: answers.timeout + 30))),
        ]
    }
}
