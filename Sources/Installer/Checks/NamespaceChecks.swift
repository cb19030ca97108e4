// Checks of the namespace.

extension Check {
    static let namespace = Check("namespace", .namespace, "namespace") { facts, answers in
        facts.verdict(on: facts.namespace) { namespace in
            guard namespace.exists else { return .passed("\(answers.namespace) will be created") }
            guard namespace.isTerminating else { return .passed("\(answers.namespace) exists") }
            let kubectl = answers.installation.cluster
            return .failed(
                "The namespace \(answers.namespace) is being deleted",
                hint: "Wait until it is deleted: "
                    + "\(kubectl("wait", "--for=delete", "namespace/\(answers.namespace)", "--timeout=120s"))"
            )
        }
    }

    static let rights = Check("rights", .namespace, "permissions") { facts, answers in
        // Without the access review, the cluster itself reports missing rights during the run.
        facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
            guard !facts.namespace.isPending else { return .pending }
            // An existing namespace does not have to be created.
            let exists = facts.namespace.certainly(\.exists)
            let needed = Facts.Right.needed(for: answers)
            let missing = missing.filter { needed.contains($0) && (!exists || $0 != .createNamespace) }
            guard !missing.isEmpty else { return .passed("all granted") }
            let inNamespace = missing.filter(\.inNamespace)
            let lacking = [
                inNamespace.isEmpty ? nil : "\(inNamespace.inWords) in namespace \(answers.namespace)",
                missing.contains(.createNamespace) ? "create the namespace \(answers.namespace)" : nil,
            ].compactMap { $0 }
            return .failed(
                "Missing permission: \(lacking.joined(separator: "; "))", hint: answers.hint(for: missing))
        }
    }

    static let podSecurity = Check("pod-security", .namespace, "Pod Security admission") {
        facts, answers in
        facts.verdict(
            on: facts.namespace, otherwise: { _ in .skipped("the namespace cannot be read") }
        ) { namespace in
            guard namespace.exists else { return .passed("the namespace will be labeled") }
            let level = namespace.labels[KubernetesLabels.podSecurity]
            // Every profile needs what the level `baseline` forbids: privileges, or no seccomp profile.
            guard let level, level != "privileged" else {
                return .passed(level ?? "the namespace sets no level")
            }
            let label = answers.installation.cluster(
                "label", "namespace", answers.namespace, "\(KubernetesLabels.podSecurity)=privileged",
                "--overwrite")
            return .failed(
                "\(answers.namespace) enforces Pod Security level \(level), which rejects the BuildKit pod",
                hint: "\(label)")
        }
    }

    static let release = Check("release", .namespace, "Helm release") {
        facts, answers in
        facts.verdictByHelm(on: facts.release) { release in
            guard let release else { return .passed("\(answers.release) is available") }
            if case .foreign(let who) = release.ownership {
                return .failed(
                    "The release \(answers.release) belongs to another chart: \(who)",
                    hint: "Choose another name: --release \(answers.release)-buildkit")
            }
            let revision = "\(release.chart), revision \(release.revision)"
            switch release.status {
            case "deployed": return .passed(revision)
            case _ where release.isLocked && !answers.takeOver && !facts.explainsLock:
                // The lock was not taken by a run of this machine, and its owner may still be running.
                return .failed(
                    "\(revision) has status \(release.status): another Helm operation is in "
                        + "progress, or was interrupted",
                    hint:
                        "If no operation is running: \(release.remedy(at: answers.installation(facts))), or --take-over"
                )
            case _ where release.hasNoPriorRevision:
                return .warning(
                    "\(revision) has status \(release.status): its remaining resources will be removed first",
                    hint: nil)
            case _ where release.isLocked:
                return .warning(
                    "\(revision) has status \(release.status): it will be rolled back first", hint: nil)
            default:
                return .warning("\(revision) has status \(release.status): it will be upgraded", hint: nil)
            }
        }
    }

    static let secrets = Check("secrets", .namespace, "Secrets") { facts, answers in
        facts.verdict(on: facts.secrets) { secrets in
            if answers.certificates == .secrets { return secrets.verdict(in: answers.namespace) }
            guard case .known(let folder) = facts.folder, let owner = facts.secretsOwnership else {
                return facts.folder.isPending || facts.files.isPending || facts.authorities.isPending
                    ? .pending : .skipped("the certificate directory cannot be read")
            }
            guard answers.adopting(secrets, folder: folder).certificates == .secrets else {
                return facts.changeOfTrust(owner, answers)
                    ?? secrets.verdict(owner, answers, settings: facts.settings)
            }
            guard secrets.containClientCertificate || facts.builderToAdopt(answers) != nil else {
                return .failed(
                    "The Secrets were not created by buildkit-installer and contain no client "
                        + "certificate for docker buildx",
                    hint:
                        "Register the builder \(answers.builder) with your client certificate, or replace the Secrets: "
                        + "--take-over")
            }
            return secrets.adoption
        }
    }
}

extension Facts.Release {
    /// The command that unlocks a release that Helm left locked.
    fileprivate func remedy(at installation: InstallationID) -> Command {
        hasNoPriorRevision
            ? installation.helm.uninstall() : installation.helm.rollback(to: revision - 1, waits: false)
    }
}

extension Facts.Secrets {
    /// For an install with existing Secrets.
    fileprivate func verdict(in namespace: String) -> CheckOutcome {
        let names = CertificateLayout.secretNames
        let missing = [outer == nil ? names.outer : nil, inner == nil ? names.inner : nil].compactMap { $0 }
        guard missing.isEmpty else {
            return .failed(
                "Secret \(missing.inWords) not found in namespace \(namespace)",
                hint: "Generate certificates instead: --certificates issue")
        }
        return .certificates(findings)
    }

    /// For an install that uses foreign Secrets unchanged. The names in the answers do not matter then.
    fileprivate var adoption: CheckOutcome {
        let names = CertificateLayout.secretNames
        let errors = findings.filter { $0.severity == .error && $0.kind != .nameNotCovered }
        guard errors.isEmpty else { return .certificates(errors) }
        return .passed(
            "\(names.outer) and \(names.inner) exist (not created by buildkit-installer) and will be used")
    }

    /// The answers with the names of the server certificate where it lacks theirs: all releases of the namespace have
    /// the same certificate.
    private func withTheirNames(_ answers: Answers) -> Answers {
        guard findings.contains(where: { $0.kind == .nameNotCovered }),
            let names = outer?.certificates.first(where: { $0.role == .server })?.names, !names.isEmpty
        else { return answers }
        var answers = answers
        answers.sans = names
        if let name = answers.servername, !answers.coverage.covers("\(name)") { answers.servername = nil }
        return answers
    }

    /// For an install that creates the Secrets.
    /// - Parameter settings: the file with the settings of the last install; nil: there is none.
    fileprivate func verdict(_ owner: Ownership, _ answers: Answers, settings: String?) -> CheckOutcome {
        switch owner {
        case .absent: return .passed("will be created")
        case .ours: return .passed(outer == nil ? "will be created" : "created by buildkit-installer")
        case .otherFolder(let folder):
            return .otherFolder(
                folder, "install", Form.install.fields, withTheirNames(answers), settings: settings)
        case .otherMachine(let evidence): return .otherMachine(evidence, takesOver: answers.takeOver)
        case .foreign(let who):
            let cost = "clients with certificates of another CA lose access"
            guard answers.takeOver else {
                return .failed(
                    "Secrets not created by buildkit-installer: \(who)",
                    hint:
                        "Use the existing Secrets: --certificates secrets. To replace them: --take-over; \(cost)"
                )
            }
            return .warning(
                "Secrets not created by buildkit-installer will be replaced: \(who); \(cost)", hint: nil)
        }
    }
}

extension CheckOutcome {
    /// For a change of Secrets that this machine created from another certificate folder.
    /// - Parameters:
    ///   - verb: the command that makes the change.
    ///   - fields: its settings.
    ///   - settings: the file with all other settings, which the command would reset; nil: there is none, or the
    ///     command starts from it.
    ///   - cost: that of the change; nil: its CA is dropped.
    static func otherFolder(
        _ folder: Facts.SecretsFolder, _ verb: String, _ fields: [Field], _ answers: Answers,
        settings: String? = nil, cost: String? = nil
    ) -> CheckOutcome {
        let what = "The Secrets belong to \(folder.inWords)"
        let loss = "all clients with certificates of its CA lose access"
        guard !answers.takeOver else {
            return .warning("\(what). They will be replaced: \(cost ?? loss)", hint: nil)
        }
        var answers = answers
        answers.certs = folder.path
        let command = answers.commandLine(
            of: verb, fields, at: answers.installation, settings: settings)
        return .failed(
            what,
            hint: "To use it: \(command). To replace the Secrets anyway: --take-over; "
                + (cost ?? "\(loss), and its revocation list is lost"))
    }

    /// For a change of Secrets that another machine created.
    /// - Parameter cost: that of the change; nil: their CA is dropped.
    static func otherMachine(_ evidence: String, takesOver: Bool, cost: String? = nil) -> CheckOutcome {
        let what = "The Secrets were created by buildkit-installer on another machine: \(evidence)"
        let loss = "all clients with certificates of that CA lose access"
        guard takesOver else {
            return .failed(
                what,
                hint:
                    "Copy the authority/ directory of the certificates from the machine that installed it. "
                    + "To replace them anyway: --take-over; "
                    + (cost ?? "\(loss), and its revocation list is lost"))
        }
        return .warning("\(what). They will be replaced: \(cost ?? loss)", hint: nil)
    }
}

extension CheckOutcome {
    /// The outcome for rights that a plan needs in its namespace.
    /// - Parameter lacking: those that the user lacks.
    static func permissions(lacking: [Facts.Right], _ answers: Answers) -> CheckOutcome {
        guard !lacking.isEmpty else { return .passed("all granted") }
        return .failed(
            "Missing permission: \(lacking.inWords) in namespace \(answers.namespace)",
            hint: answers.hint(for: lacking))
    }
}

extension Answers {
    /// Commands by which an administrator grants the missing rights.
    func hint(for missing: [Facts.Right]) -> String {
        let create = installation.cluster("create", "namespace", namespace)
        let bind = installation.kubectl(
            "create", "rolebinding", "buildkit-installer-admin", "--clusterrole", "admin", "--user", "YOU")
        // The ClusterRole admin does not include it.
        let deletion = Facts.Right("delete", "namespaces")
        let others = remove.filter { $0 != .namespace }.map(\.rawValue)
        let commands = [
            missing.contains(.createNamespace) ? create : nil,
            missing.contains { $0.inNamespace && $0 != deletion } ? bind : nil,
            missing.contains(deletion) && others.isEmpty
                ? installation.cluster("delete", "namespace", namespace) : nil,
        ].compactMap { $0 }
        let request = "Ask an administrator to run: " + commands.map { "\($0)" }.joined(separator: " && ")
        let keep = "To keep the namespace: --remove \(others.joined(separator: ","))"
        return [commands.isEmpty ? nil : request, missing.contains(deletion) && !others.isEmpty ? keep : nil]
            .compactMap { $0 }.joined(separator: "\n")
    }
}
