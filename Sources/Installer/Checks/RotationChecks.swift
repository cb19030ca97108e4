import FoundationEssentials
import MutualTLS

// What is looked at before a rotation.

extension Check {
    static let certificates = Check("certificates", .tools, "certificates") { facts, _ in
        guard facts.areCertificatesKnown else { return .pending }
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        guard let first = inventory.remarks.first else {
            return .passed("\(inventory.entries.count) of them")
        }
        // What is wrong with them is why somebody rotates; it stands in nobody's way.
        return .warning(inventory.remarks.map(\.sentence).joined(separator: " "), hint: first.hint)
    }

    static let rotationSecrets = Check("secrets", .namespace, "Secrets to renew") {
        facts, answers in
        facts.verdict(on: facts.secrets) { secrets in
            let name = CertificateLayout.secretNames
            let (state, missing) =
                answers.renew == .inner ? (secrets.inner, name.inner) : (secrets.outer, name.outer)
            guard state != nil else {
                return .failed(
                    "There is no Secret \(missing) in \(answers.namespace)",
                    hint: "Install first: buildkit-installer install")
            }
            guard let owner = facts.secretsOwnership else { return .pending }
            if case .otherMachine(let evidence) = owner {
                return .otherMachine(evidence, takesOver: answers.takeOver)
            }
            return .passed(missing)
        }
    }

    static let rotationRights = Check("rights", .namespace, "permission to change the Secrets") {
        facts, answers in
        facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
            let lacking = missing.filter { $0.plural == "secrets" && ["get", "patch"].contains($0.verb) }
            guard !lacking.isEmpty else { return .passed("get and patch") }
            return .failed(
                "You may not \(lacking.inWords) in \(answers.namespace)", hint: answers.hint(for: lacking))
        }
    }

    /// Without its key nothing of the authority's can be renewed. There are two ways out.
    static let authorityKey = Check("authority", .tools, "CA key") { facts, answers in
        guard answers.renew == .certificates || answers.renew == .finish else {
            return .skipped("it is not asked to")
        }
        guard facts.areCertificatesKnown else { return .pending }
        if facts.renewal.certainly({ $0?.serverWaits == true }) { return .passed("it has signed what waits") }
        let makeNew = "or make a new authority: buildkit-installer rotate --renew authority"
        let copy = "Copy the folder authority/ of its certificates from the machine that has it, \(makeNew)"
        guard case .known(let kept) = facts.authorities else {
            return facts.authorities.verdict { _ in .pending }
        }
        guard let current = kept.current else {
            return .failed("No authority is kept on this machine, so nothing can be signed", hint: copy)
        }
        if let trouble = current.trouble {
            return .failed("Nothing can be signed with the authority here: \(trouble)", hint: copy)
        }
        guard facts.signer != nil else {
            let day = current.certificate.notAfter.day
            return current.certificate.notAfter < facts.lookedAt
                ? .failed(
                    "The authority expired on \(day)",
                    hint: "Make a new one: buildkit-installer rotate --renew authority")
                : .failed(
                    "The authority ends on \(day), or is not valid yet by this machine's clock",
                    hint: "Check the clock: date, \(makeNew)")
        }
        guard facts.signerIsTrusted else {
            return .failed(
                "The proxy does not trust the authority that is kept here: another machine has rotated it",
                hint: copy)
        }
        return .passed(current.certificate.shortSerial)
    }

    static let clientsOnFormerAuthority = Check("clients", .namespace, "clients on the old CA") {
        facts, answers in
        guard answers.renew == .finish else { return .skipped("no authority is dropped") }
        guard facts.areCertificatesKnown, !facts.sightings.isPending || facts.server.failure != nil else {
            return .pending
        }
        guard facts.trustsTwoAuthorities else { return .passed("there is no former authority") }
        if facts.formerAuthorityUnusable { return .passed("the former authority has expired") }
        let clientsOnFormerAuthority = facts.clientsOnFormerAuthority
        guard !clientsOnFormerAuthority.isEmpty else { return .passed("every client has new certificates") }
        let words = "The former authority is needed still: \(clientsOnFormerAuthority.inWords)"
        return answers.force
            ? .warning("\(words). They are locked out", hint: nil)
            : .failed(
                words,
                hint:
                    "Hand them their new files, or lock them out: buildkit-installer rotate --finish --force")
    }
}

extension Facts {
    /// Whether all is known that a rotation is judged by, or will not be.
    fileprivate var areCertificatesKnown: Bool {
        !(folder.isPending || authorities.isPending || clients.isPending || issued.isPending
            || renewal.isPending)
            && (!secrets.isPending || server.failure != nil)
    }
}

extension Checks {
    /// What is looked at before a rotation.
    public static let rotate: [Check] = [
        .kubectl, .certificates, .authorityKey, .interruptedRun, .context, .server,
        .readable { facts, answers throws(PlanRefusal) in _ = try RotationFacts(facts, answers) },
        .rotationSecrets,
        .rotationRights,
        .clientsOnFormerAuthority,
    ]
}
