// The check of objects that are being deleted. They still exist, so the other checks take them for present, and they
// vanish later.

extension Check {
    /// For an install.
    static let deletions = check(of: { facts, answers in
        var objects = facts.certificateSecrets
        if case .known(let claim?) = facts.cacheClaim, answers.cache != .none {
            objects.append(UsedObject("PersistentVolumeClaim", answers.cacheClaim, claim.deletion))
        }
        if case .known(let service?) = facts.service {
            objects.append(UsedObject("Service", answers.fullname, service.deletion))
        }
        return objects
    })

    /// For a rotation.
    static let secretDeletions = check(of: { facts, _ in facts.certificateSecrets })

    /// For a change of a client, which is written to the proxy's Secret.
    static let proxySecretDeletion = check(of: { facts, _ in
        facts.certificateSecrets.filter { $0.name == CertificateLayout.secretNames.outer }
    })

    /// Only reported where one is being deleted. What could not be read is reported by the other checks.
    private static func check(of objects: @escaping @Sendable (Facts, Answers) -> [UsedObject]) -> Check {
        var check = Check("deletions", .namespace, "objects that are being deleted") { facts, answers in
            for object in objects(facts, answers) {
                guard let deletion = object.deletion else { continue }
                return object.failure(deletion, answers)
            }
            return .passed("none")
        }
        check.isQuiet = true
        return check
    }
}

/// An object that a plan keeps or changes.
private struct UsedObject {
    let kind: String
    let name: String
    /// Nil: it is not being deleted.
    let deletion: PendingDeletion?

    init(_ kind: String, _ name: String, _ deletion: PendingDeletion?) {
        (self.kind, self.name, self.deletion) = (kind, name, deletion)
    }

    func failure(_ deletion: PendingDeletion, _ answers: Answers) -> CheckOutcome {
        let kubectl = answers.installation.kubectl
        let wait = kubectl("wait", "--for=delete", "\(kind.lowercased())/\(name)", "--timeout=120s")
        let release = kubectl(
            "patch", kind.lowercased(), name, "--type", "merge", "--patch",
            #"{"metadata":{"finalizers":null}}"#)
        let hints = [
            "Wait until it is deleted: \(wait)",
            deletion.isHeldByOthers
                ? "If the controller that set the finalizers no longer exists, remove them: \(release)" : nil,
        ]
        return .failed(
            deletion.sentence(about: "The \(kind) \(name)"),
            hint: hints.compactMap(\.self).joined(separator: "\n"))
    }
}

extension Facts {
    /// The Secrets with the certificates, as far as they are known.
    fileprivate var certificateSecrets: [UsedObject] {
        guard case .known(let secrets) = self.secrets else { return [] }
        let names = CertificateLayout.secretNames
        return [(names.outer, secrets.outer), (names.inner, secrets.inner)].map {
            UsedObject("Secret", $0, $1?.deletion)
        }
    }
}
