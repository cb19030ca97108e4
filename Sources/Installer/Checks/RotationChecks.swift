import FoundationEssentials
import MutualTLS

// Checks before a rotation.

extension Check {
    static let certificates = Check("certificates", .tools, "certificates") { facts, _ in
        guard facts.areCertificatesKnown else { return .pending }
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        guard let first = inventory.remarks.first else {
            return .passed("\(inventory.entries.count) certificates")
        }
        // Invalid certificates are the reason for a rotation, so they do not prevent it.
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
                    "Secret \(missing) not found in namespace \(answers.namespace)",
                    hint: "Install first: buildkit-installer install")
            }
            let outcome: CheckOutcome =
                switch facts.ownership(renewing: answers.renew) {
                case nil: .pending
                case .otherFolder(let folder):
                    .otherFolder(
                        folder, "rotate", Form.rotate.fields, answers,
                        cost: facts.costOfRotation(answers.renew))
                case .otherMachine(let evidence):
                    .otherMachine(
                        evidence, takesOver: answers.takeOver, cost: facts.costOfRotation(answers.renew))
                case .foreign(let name):
                    .createdManually(name, renewing: answers.renew, takesOver: answers.takeOver)
                case .absent, .ours: .passed(missing)
                }
            return facts.replacingServerAuthority(answers, outcome)
        }
    }

    static let rotationRights = Check("rights", .namespace, "permissions") { facts, answers in
        facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
            guard facts.areCertificatesKnown, !facts.builders.isPending,
                !facts.backends.isPending || !facts.renewsInnerSecret(answers)
            else { return .pending }
            let needed = facts.rights(toRotate: answers)
            return .permissions(lacking: missing.filter(needed.contains), answers)
        }
    }

    /// Without its key the CA cannot issue certificates. There are two alternatives.
    static let authorityKey = Check("authority", .tools, "CA key") { facts, answers in
        guard answers.renew == .certificates || answers.renew == .finish else {
            return .skipped("not required")
        }
        guard facts.areCertificatesKnown else { return .pending }
        if let renewal = facts.ownRenewal(answers), facts.isApplied(renewal) || !facts.isOutdated(renewal) {
            return .passed("already signed")
        }
        let makeNew = "or create a new CA: buildkit-installer rotate --renew authority"
        let copy =
            "Copy the authority/ directory of its certificates from the machine that has it, \(makeNew)"
        guard case .known(let kept) = facts.authorities else {
            return facts.authorities.verdict { _ in .pending }
        }
        guard let current = kept.current else {
            return .failed("No CA key on this machine, so no certificate can be signed", hint: copy)
        }
        if let trouble = current.trouble {
            return .failed("The CA on this machine cannot sign: \(trouble)", hint: copy)
        }
        guard facts.signer != nil else {
            let certificate = current.certificate
            guard certificate.notBefore <= facts.lookedAt else {
                return .failed(
                    "The CA is not valid before \(certificate.notBefore.day), by this machine's clock",
                    hint: "Check the clock: date, \(makeNew)")
            }
            return .failed(
                "The CA \(certificate.end(at: facts.lookedAt))",
                hint: "Create a new CA: buildkit-installer rotate --renew authority")
        }
        guard facts.signerIsTrusted else {
            let remedy = "\(copy) --take-over"
            let what = "The proxy does not trust the CA on this machine"
            guard facts.clientFolders.certainly({ !$0.sharers.isEmpty }) else {
                return .failed("\(what): another machine has rotated it", hint: remedy)
            }
            return .failed(
                "\(what): another installation with this certificate directory, or another machine, has rotated it",
                hint: facts.installKeepsTrust
                    ? "To use the certificates in the directory: buildkit-installer install. \(remedy)"
                    : remedy)
        }
        return facts.returnOfDroppedAuthority(answers) ?? .passed(current.certificate.shortSerial)
    }

    /// A new CA replaces the files in the folder, also for those who connect to another installation with them.
    static var sharedFolder: Check {
        var check = Check("shared-folder", .tools, "other installations with this certificate directory") {
            facts, answers in
            guard answers.renew == .authority || answers.renew == .finish else {
                return .skipped("not required")
            }
            guard facts.areCertificatesKnown else { return .pending }
            guard answers.renew == .authority || facts.trustsTwoAuthorities else {
                return facts.onlyTrustedAuthority
            }
            return facts.clientFolders.verdict { folders in
                let others = folders.sharers
                guard !others.isEmpty else { return .passed("none") }
                let what =
                    others.map { "\($0.use(of: "the same certificate directory")). " }.joined()
                    + "Clients with its files lose access there until the new certificates are installed there as well"
                let install = others.installers("install")
                guard answers.renew == .authority, let place = facts.replacedAuthority else {
                    let afterwards = "Afterwards install the new certificates there: \(install)"
                    return answers.takeOver
                        ? .warning(what, hint: afterwards)
                        : .failed(what, hint: "To change the CA anyway: --take-over. \(afterwards)")
                }
                return .replacingAuthority(in: place, what, install, takesOver: answers.takeOver)
            }
        }
        check.isQuiet = true
        return check
    }

    static let clientsOnFormerAuthority = Check("clients", .namespace, "clients on the old CA") {
        facts, answers in
        guard answers.renew == .finish else { return .skipped("not required") }
        guard facts.areCertificatesKnown, !facts.sightings.isPending || facts.server.failure != nil else {
            return .pending
        }
        guard facts.trustsTwoAuthorities else { return facts.onlyTrustedAuthority }
        if facts.formerAuthorityUnusable { return .passed("the old CA has expired") }
        let clientsOnFormerAuthority = facts.clientsOnFormerAuthority
        guard !clientsOnFormerAuthority.isEmpty else { return .passed("every client has new certificates") }
        let words = "The old CA may still be needed: \(clientsOnFormerAuthority.inWords)"
        return answers.force
            ? .warning("\(words). These clients will lose access", hint: nil)
            : .failed(
                words,
                hint:
                    "Distribute their new files, or drop the old CA anyway: buildkit-installer rotate --finish --force"
            )
    }
}

extension CheckOutcome {
    /// For a new CA in a folder whose old CA may be the only one that another installation trusts.
    /// - Parameters:
    ///   - place: that of the CA in the folder.
    ///   - what: what any change of the CA does to the other installations.
    ///   - install: the commands that install the certificates of the folder there.
    fileprivate static func replacingAuthority(
        in place: String, _ what: String, _ install: String, takesOver: Bool
    ) -> CheckOutcome {
        let cost =
            "\(what). The old CA in \(place) is replaced: if it is the only one that is trusted there, "
            + "the Secrets then count as those of another machine"
        return takesOver
            ? .warning(
                cost,
                hint:
                    "Afterwards install the new certificates there, with --take-over in this case: \(install)"
            )
            : .failed(
                cost,
                hint:
                    "First install the present certificates there: \(install). Then change the CA: --take-over. "
                    + "Afterwards install the new certificates there with the same command")
    }

    /// For the replacement of a Secret that was created manually or by another tool.
    fileprivate static func createdManually(
        _ name: String, renewing scope: RotationScope, takesOver: Bool
    ) -> CheckOutcome {
        let what =
            "The Secret \(name) was not created by buildkit-installer, and the key of its CA is not on this machine"
        let cost =
            switch scope {
            case .certificates: "its server certificate is replaced"
            case .authority: "clients with certificates of its CA lose access with rotate --finish"
            case .finish: "clients with certificates of its other CAs lose access"
            case .inner: "its certificates are replaced, including the client certificate in it"
            }
        guard !takesOver else { return .warning("\(what). It will be replaced: \(cost)", hint: nil) }
        // The CA of the internal certificates signs nothing here.
        let handing =
            scope == .inner
            ? ""
            : "To hand it over, copy its CA (ca.pem and key.pem) to the authority/ directory of the certificates. "
        return .failed(
            what,
            hint:
                "\(handing)To replace it anyway: --take-over; \(cost), and the tool that created it may write it again"
        )
    }
}

extension Facts {
    /// For a renewal that would bring a CA back to the directory from which another installation has dropped it; nil where it
    /// would not, or nothing is due.
    fileprivate func returnOfDroppedAuthority(_ answers: Answers) -> CheckOutcome? {
        let dropped = authoritiesDroppedByOthers
        guard answers.renew == .certificates, !dropped.isEmpty, isDue(answers) else { return nil }
        // An install drops without consent only what a rotation of the directory has dropped.
        let isLost = !trustedAuthorities.lost.isEmpty
        let what =
            "The proxy trusts \(dropped.asAuthorities), which "
            + "\(isLost ? "the certificate directory lacks" : "another installation has dropped from the certificate directory")"
        return answers.takeOver
            ? .warning("\(what). It is written there again", hint: nil)
            : .failed(
                what,
                hint:
                    "To drop it here, too, with the certificates in the directory: buildkit-installer install"
                    + "\(isLost ? " --take-over" : ""). To keep it: --take-over")
    }

    /// What it costs to rotate Secrets whose CA is not in the certificate directory; nil: as much as to replace them.
    fileprivate func costOfRotation(_ scope: RotationScope) -> String? {
        switch scope {
        case .authority where formerAuthorityUnusable: "no client can connect with its present certificates"
        case .authority: "the CAs in them stay trusted until rotate --finish"
        case .inner: "the internal certificates are issued again, and no client loses access"
        case .certificates, .finish: nil
        }
    }

    /// The verdict where the Secret has no old CA. Where it could not be read, another check reports it.
    fileprivate var onlyTrustedAuthority: CheckOutcome {
        verdict(on: secrets, otherwise: { _ in .skipped("the Secrets could not be read") }) { _ in
            .passed("no old CA is trusted")
        }
    }

    /// Whether all facts that a rotation depends on are known or unavailable.
    var areCertificatesKnown: Bool {
        !(folder.isPending || authorities.isPending || clients.isPending || issued.isPending
            || renewal.isPending || clientFolders.isPending)
            && (!secrets.isPending || server.failure != nil)
    }

    /// The permissions that the plan needs.
    fileprivate func rights(toRotate answers: Answers) -> Set<Right> {
        let restarts = renewsInnerSecret(answers)
        let hasAccess =
            restarts
            ? builders.certainly { $0.builders.contains { $0.name == answers.builder } }
            : !(ownClient.map(revocations.isRevoked) ?? false)
        // Without the right to read their records, the others are unknown.
        let hasSiblings = !backends.certainly { $0.allSatisfy { $0.release == answers.release } }
        return Right.needed(
            toRotate: answers, restarts: restarts, hasSiblings: hasSiblings,
            connects: answers.verify && hasAccess)
    }
}

extension Checks {
    public static let rotate: [Check] = [
        .kubectl, .certificates, .authorityKey, .interruptedRun, .context, .server,
        .readable { facts, answers throws(PlanRefusal) in _ = try RotationFacts(facts, answers) },
        .sharedFolder, .renewalOwner, .rotationSecrets, .secretDeletions,
        .pausedReleases, .rotationRights,
        .clientsOnFormerAuthority,
    ]
}
