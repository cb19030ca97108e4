// What is looked at in the namespace.

extension Check {
    static let namespace = Check("namespace", .namespace, "the namespace can be used") { facts, answers in
        facts.verdict(on: facts.namespace) { namespace in
            guard namespace.exists else { return .passed("\(answers.namespace) will be made") }
            guard namespace.isTerminating else { return .passed("\(answers.namespace) is there") }
            let kubectl = answers.installation.cluster
            return .failed(
                "The namespace \(answers.namespace) is being deleted",
                hint: "Wait until it is gone: "
                    + "\(kubectl("wait", "--for=delete", "namespace/\(answers.namespace)", "--timeout=120s"))"
            )
        }
    }

    static let rights = Check("rights", .namespace, "you may do all that the plan does") { facts, answers in
        // Without the review the cluster itself says what may not be done.
        facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
            guard !facts.namespace.isPending else { return .pending }
            // A namespace that is there need not be made.
            let exists = facts.namespace.certainly(\.exists)
            let missing = missing.filter { !exists || $0 != .createNamespace }
            guard !missing.isEmpty else { return .passed("all of it") }
            let inNamespace = missing.filter(\.inNamespace)
            let sentences = [
                inNamespace.isEmpty ? nil : "You may not \(inNamespace.inWords) in \(answers.namespace)",
                missing.contains(.createNamespace)
                    ? "You may not create the namespace \(answers.namespace)" : nil,
            ].compactMap { $0 }
            return .failed(sentences.joined(separator: ". "), hint: answers.hint(for: missing))
        }
    }

    static let podSecurity = Check("pod-security", .namespace, "Pod Security lets BuildKit run") {
        facts, answers in
        facts.verdict(
            on: facts.namespace, otherwise: { _ in .skipped("the namespace cannot be looked at") }
        ) { namespace in
            guard namespace.exists else { return .passed("the namespace will be labelled") }
            let level = namespace.labels[KubernetesLabels.podSecurity]
            // Every profile needs what the level baseline forbids: privileges, or no seccomp filter.
            guard let level, level != "privileged" else { return .passed(level ?? "no level is enforced") }
            let label = answers.installation.cluster(
                "label", "namespace", answers.namespace, "\(KubernetesLabels.podSecurity)=privileged",
                "--overwrite")
            return .failed(
                "\(answers.namespace) enforces the level \(level), which refuses BuildKit's pod",
                hint: "\(label)")
        }
    }

    static let release = Check("release", .namespace, "the release's name is free or BuildKit's") {
        facts, answers in
        facts.verdictByHelm(on: facts.release) { release in
            guard let release else { return .passed("\(answers.release) is free") }
            if case .foreign(let who) = release.ownership {
                return .failed(
                    "The release \(answers.release) is another chart's: \(who)",
                    hint: "Choose another name: --release \(answers.release)-buildkit")
            }
            let revision = "\(release.chart), revision \(release.revision)"
            switch release.status {
            case "deployed": return .passed(revision)
            case _ where release.isLocked && !answers.takeOver && !facts.explainsLock:
                // Whoever locked it was no run from here, and may be at work.
                return .failed(
                    "\(revision) is \(release.status): another Helm is at work on it, or was interrupted",
                    hint:
                        "Look who it is. If nobody is: \(release.remedy(at: answers.installation(facts))), or --take-over"
                )
            case _ where release.hasNoPriorRevision:
                return .warning(
                    "\(revision) is \(release.status): what is left of it will be removed first", hint: nil)
            case _ where release.isLocked:
                return .warning("\(revision) is \(release.status): it will be rolled back first", hint: nil)
            default: return .warning("\(revision) is \(release.status): it will be upgraded", hint: nil)
            }
        }
    }

    static let secrets = Check("secrets", .namespace, "the Secrets can be used") { facts, answers in
        facts.verdict(on: facts.secrets) { secrets in
            if answers.certificates == .secrets { return secrets.verdict(in: answers.namespace) }
            guard case .known(let folder) = facts.folder, let owner = facts.secretsOwnership else {
                return facts.folder.isPending || facts.files.isPending || facts.authorities.isPending
                    ? .pending : .skipped("the folder of the certificates cannot be read")
            }
            guard answers.adopting(secrets, folder: folder).certificates == .secrets else {
                return secrets.verdict(owner, takesOver: answers.takeOver)
            }
            guard secrets.containClientCertificate || facts.registeredBuilder(answers) != nil else {
                return .failed(
                    "The Secrets came from elsewhere, and hold no certificate for docker buildx here",
                    hint: "Register the builder \(answers.builder) with the one you have, or replace them: "
                        + "--take-over")
            }
            return secrets.adoption
        }
    }
}

extension Facts.Release {
    /// What frees a release that Helm left locked.
    fileprivate func remedy(at installation: InstallationID) -> Command {
        hasNoPriorRevision
            ? installation.helm.uninstall() : installation.helm.rollback(to: revision - 1, waits: false)
    }
}

extension Facts.Secrets {
    /// For an install with these Secrets.
    fileprivate func verdict(in namespace: String) -> CheckOutcome {
        let names = CertificateLayout.secretNames
        let missing = [outer == nil ? names.outer : nil, inner == nil ? names.inner : nil].compactMap { $0 }
        guard missing.isEmpty else {
            return .failed(
                "There is \(missing.map { "no Secret \($0)" }.inWords) in \(namespace)",
                hint: "Have the certificates issued instead: --certificates issue")
        }
        return .certificates(findings)
    }

    /// For an install that takes Secrets of others as they are. Which names the answers ask for is no matter then.
    fileprivate var adoption: CheckOutcome {
        let names = CertificateLayout.secretNames
        let errors = findings.filter { $0.severity == .error && $0.kind != .nameNotCovered }
        guard errors.isEmpty else { return .certificates(errors) }
        return .passed("\(names.outer) and \(names.inner) came from elsewhere and are used as they are")
    }

    /// For an install that brings Secrets of its own.
    fileprivate func verdict(_ owner: Ownership, takesOver: Bool) -> CheckOutcome {
        switch owner {
        case .absent: return .passed("they will be made")
        case .ours: return .passed(outer == nil ? "they will be made" : "they are ours")
        case .otherMachine(let evidence): return .otherMachine(evidence, takesOver: takesOver)
        case .foreign(let who):
            guard takesOver else {
                return .failed(
                    "\(who) came from elsewhere",
                    hint: "Keep what is there: --certificates secrets. To have it replaced: --take-over")
            }
            return .warning("\(who) came from elsewhere and will be replaced", hint: nil)
        }
    }
}

extension CheckOutcome {
    /// For what replaces Secrets that another machine has made.
    static func otherMachine(_ evidence: String, takesOver: Bool) -> CheckOutcome {
        let what = "The Secrets were made by this program on another machine: \(evidence)"
        guard takesOver else {
            return .failed(
                what,
                hint:
                    "Copy the folder authority/ of the certificates here from the machine that installed it. "
                    + "To replace them all the same: --take-over, which locks out every client that has "
                    + "certificates of that authority, and loses its list of revocations")
        }
        return .warning(
            "\(what). They are replaced: every client with certificates of that authority is locked out",
            hint: nil)
    }
}

extension Answers {
    /// Who could give the rights, and how.
    func hint(for missing: [Facts.Right]) -> String {
        let create = installation.cluster("create", "namespace", namespace)
        let bind = installation.kubectl(
            "create", "rolebinding", "buildkit-installer", "--clusterrole", "admin", "--user", "YOU")
        let commands = [
            missing.contains(.createNamespace) ? create : nil,
            missing.contains { $0.inNamespace } ? bind : nil,
        ].compactMap { $0 }
        return "Ask an administrator to run: " + commands.map { "\($0)" }.joined(separator: " && ")
    }
}
