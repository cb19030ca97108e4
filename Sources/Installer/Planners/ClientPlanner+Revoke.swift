extension ClientPlanner {
    /// The serials to revoke: the given ones, or all of the client.
    private var serials: [String] {
        guard answers.serials.isEmpty else { return answers.serials }
        // A certificate of another machine is known after it has been used.
        let seen = facts.sightings[name].map { [$0.serial] } ?? []
        let known = known.serials(of: name)
        return known + seen.filter { !known.contains($0) && !self.known.revoked.contains($0) }
    }

    /// The rejected client or serials, in words.
    private var whom: String { answers.serials.isEmpty ? name : answers.serials.joined(separator: ", ") }

    /// A revocation is never rolled back by a run that fails later: the next run completes it.
    var revocation: Plan {
        let knock = canBeShown ? look(isRefused: true, isChange: true) : nudge("nudge")
        let refusal = listed + secret
        let list = listSteps
        // Helm takes time, and where the proxy checks revocations the list is enough.
        let steps =
            known.proxyLooksAtRevocations
            ? (refusal.isEmpty ? [] : refusal + [knock]) + (list.isEmpty ? [] : list + [nudge("roles-nudge")])
            : list.isEmpty ? refusal : refusal + list + [knock]
        let all = steps + (answers.now ? replacement : [])
        return Plan(
            .revokeClient, title: all.isEmpty ? "Nothing to change" : "Revoke \(whom)",
            installation: installation,
            steps: all,
            notes: (all.isEmpty ? ["\(whom) is already revoked."] : notes) + elsewhere)
    }

    /// Each installation has a list of its own, also where several have one CA: its proxy accepts the client until
    /// that list has the revocation, too.
    private var elsewhere: [String] {
        let target =
            answers.serials.isEmpty ? name : "--\(Field.serial.id) \(answers.serials.joined(separator: ","))"
        return facts.sharers.filter { !isRevoked(at: $0) }.map { other in
            "\(other.use(of: "the same CA")). To revoke \(whom) there, too: "
                + other.installer("client revoke \(target)")
        }
    }

    /// Whether the list of another installation contains all that is revoked here; false where it is unknown.
    private func isRevoked(at other: KnownInstallation) -> Bool {
        let all = answers.serials.isEmpty ? serials + known.revocations.serials(of: name) : answers.serials
        guard !all.isEmpty, let listed = facts.revokedElsewhere[other.id] else { return false }
        return listed.certainly { $0.isSuperset(of: all) }
    }

    private var notes: [String] {
        var notes: [String] = []
        if !canBeShown, answers.verify {
            notes.append(
                "The certificate files of \(whom) are not on this machine, so rejection cannot be verified.")
        }
        notes.append(
            answers.now
                ? "All running builds are terminated, including those of other clients: Envoy cannot close the "
                    + "connections of a single client."
                : "Running builds of \(whom) continue until they finish; --now terminates all running builds."
        )
        return notes
    }

    /// Whether the client's own files are on this machine to connect with.
    private var canBeShown: Bool {
        guard answers.verify, answers.serials.isEmpty, let present = known.present(name) else { return false }
        return serials.contains(present.serial) || known.revoked.contains(present.serial)
    }

    private var listed: [Step] {
        let missing = serials.filter { !known.revocations.here.contains($0) }
        guard !missing.isEmpty else { return [] }
        return [
            Step(
                id: "revocations",
                title: "Add \(count(missing.count)) of \(whom) to the certificate revocation list",
                action: .revoke(serials: missing, client: name, folder: certificates.outer.path))
        ]
    }

    private func count(_ number: Int) -> String {
        number == 1 ? "the certificate" : "\(number) certificates"
    }

    /// Only the list changes; the other keys of the Secret are kept, regardless of their origin.
    private var secret: [Step] {
        guard !listed.isEmpty || known.revocations.needsMerge else { return [] }
        return [
            Step(
                id: "envoy-secret",
                title: "Update the revocation list in the Secret \(certificates.outerSecret.name)",
                action: .applySecret(
                    recipe: SecretSpec(
                        secret: certificates.outerSecret, labels: [:], files: [:], replaces: true,
                        keepsOthers: true,
                        revocations: certificates.outer.path)))
        ]
    }

    /// Closes every connection, including those of pods that are already draining.
    private var replacement: [Step] {
        [
            Step(
                id: "end", title: "Terminate all running builds by replacing the proxy pods",
                action: .deletePods(
                    removal: PodRemoval(
                        installation: installation,
                        owners: .deployment(component: "proxy", name: answers.proxyDeployment),
                        gracePeriod: 1))),
            Step(
                id: "proxies", title: "Wait until the new proxy pods are ready",
                action: .awaitPods(
                    component: "proxy", deployment: answers.proxyDeployment, installation: installation,
                    timeout: answers.timeout)),
        ]
    }
}
