import FoundationEssentials
import MutualTLS

// The state of the certificates, on which a rotation is planned and judged.

extension Facts {
    /// The CAs that the proxy trusts for clients, from the Secret; empty where unknown.
    var trusted: [CertificateSummary] {
        secrets.value?.outer?.certificates.filter { $0.role == .authority } ?? []
    }

    /// Whether the proxy trusts a CA; nil where the Secret could not be read.
    func trusts(_ authority: CertificateSummary) -> Bool? {
        secrets.value.map { _ in trusted.contains(authority) }
    }

    /// The server certificate in use: in the Secret, otherwise here.
    var serverCertificate: CertificateSummary? {
        [secrets.value?.outer?.certificates, (folder.value ?? nil)?.certificates].lazy
            .compactMap { $0?.first { $0.role == .server } }.first
    }

    /// The server certificate in the folder, where it is newer than the one in the Secret and only has to be installed:
    /// another installation with this folder has renewed it. The names and the CAs are the same.
    var newerServerCertificate: CertificateSummary? {
        guard let here = folder.value ?? nil, here.isUsable,
            let server = here.certificates.first(where: { $0.role == .server }),
            let installed = secrets.value?.outer?.certificates.first(where: { $0.role == .server }),
            server.notBefore > installed.notBefore, server.names == installed.names,
            Set(here.certificates.filter { $0.role == .authority }) == Set(trusted)
        else { return nil }
        return server
    }

    /// The CA that can sign on this machine now; nil where none can.
    var signer: CertificateSummary? {
        guard let current = authorities.value?.current, current.canSign,
            (current.certificate.notBefore...current.certificate.notAfter).contains(lookedAt),
            current.certificate.daysLeft(lookedAt) > 0
        else { return nil }
        return current.certificate
    }

    /// Whether the proxy trusts the signing CA; without trusted CAs in a Secret, it is assumed to.
    var signerIsTrusted: Bool { signer.map { trusted.isEmpty || trusted.contains($0) } ?? false }

    /// Whether the proxy trusts another CA than the signing one; false where the Secret could not be read.
    ///
    /// A previous CA in the folder proves nothing: a new installation does not trust it, and it stays for others.
    var trustsTwoAuthorities: Bool {
        guard let current = authorities.value?.current?.certificate else { return false }
        return trusted.count > 1 && trusted.contains(current) || trustsFormerAuthorityOnly
    }

    /// Whether the proxy trusts the previous CA in the folder and not the signing one, which another installation with this
    /// folder has created.
    var trustsFormerAuthorityOnly: Bool {
        guard let kept = authorities.value, let current = kept.current?.certificate,
            let former = kept.former?.certificate
        else { return false }
        return trusted.contains(former) && !trusted.contains(current)
    }

    /// Whether certainly no proxy trusts the previous CA in the folder any more: this installation's does not, and no other
    /// installation of this machine uses the folder.
    var formerAuthorityIsUnused: Bool {
        guard let kept = authorities.value, let current = kept.current?.certificate,
            let former = kept.former?.certificate, case .known(.none) = renewal
        else { return false }
        return trusted == [current] && former != current && clientFolders.certainly { $0.sharers.isEmpty }
    }

    /// The place in the folder of a CA that a new one replaces, and that another installation may still trust: the previous one,
    /// for which there is one place, or the signing one, which does not become the previous one where this proxy does not trust
    /// it. Nil: there is none. The Secrets of an installation that trusts only this CA can then no longer be attributed to this
    /// machine.
    var replacedAuthority: String? {
        guard let kept = authorities.value, !trustsTwoAuthorities, !formerAuthorityUnusable else {
            return nil
        }
        if let current = kept.current, !trusted.isEmpty, !trusted.contains(current.certificate) {
            return "authority"
        }
        return kept.former.map { _ in "authority/former" }
    }

    /// Whether no certificate of a former CA can be used to connect, so that dropping it locks no client out.
    var formerAuthorityUnusable: Bool {
        let former = trusted.filter { $0 != signer }
        let areOver = !former.isEmpty && former.allSatisfy { $0.notAfter < lookedAt }
        // No client would accept the server certificate, and this machine cannot sign a new one with its CA.
        let isStuck = serverCertificate.map { $0.notAfter < lookedAt } ?? false
        return areOver || isStuck && !signerIsTrusted
    }

    /// The name of the client whose files buildx on this machine reads.
    var ownClient: String? {
        (folder.value ?? nil)?.certificates.first { $0.role == .client }?.clientName
    }

    /// What other machines have registered in the Secret, without what has expired or is revoked.
    private var registered: [ClientRegistry.Entry] {
        let revoked = revocations.serials
        return (secrets.value?.outer?.clients?.issued ?? []).filter {
            Double($0.notAfter) > lookedAt.timeIntervalSince1970 && !revoked.contains($0.serial)
        }
    }

    /// Clients other than this machine's own that may have certificates, regardless of the issuer.
    var otherClients: [String] {
        let revoked = revocations.serials
        let issued = (issued.value ?? []).filter {
            $0.notAfter > lookedAt && !revoked.contains($0.serial)
        }
        // A client whose certificate has been revoked has no access any more: it needs no CA. One that came with an
        // unknown certificate has access, whatever is known of its others.
        let seen = (sightings.value ?? [:]).filter { !revoked.contains($0.value.serial) }
        return Set(issued.map(\.clientName) + registered.map(\.name) + seen.keys)
            .filter { $0 != ownClient }.sorted()
    }

    /// Clients that lose access when only the signing CA is trusted.
    var clientsOnFormerAuthority: [OutdatedClient] {
        guard let current = authorities.value?.current?.certificate else { return [] }
        let issued = issued.value ?? []
        let new = Set(
            issued.filter { $0.isSigned(by: current) }.map(\.serial)
                + registered.filter { $0.signer == current.keyIdentifier }.map(\.serial))
        let own = issued.filter { $0.clientName == ownClient && new.contains($0.serial) }.map(\.notBefore)
            .max()
        // This machine's own files have changed; a client that still uses the former ones has a copy of them.
        if let own, let seen = ownClient.flatMap({ sightings.value?[$0] }), !new.contains(seen.serial),
            seen.time > own.addingTimeInterval(600)
        {
            return others(new) + [OutdatedClient(name: ownClient ?? "", lastSeen: seen.time)]
        }
        return others(new)
    }

    private func others(_ new: Set<String>) -> [OutdatedClient] {
        otherClients.compactMap { name in
            let seen = sightings.value?[name]
            guard let seen, new.contains(seen.serial) else {
                return OutdatedClient(name: name, lastSeen: seen?.time)
            }
            return nil
        }
    }

    /// A client that is not known to have a certificate of the signing CA.
    struct OutdatedClient: Equatable {
        var name: String
        /// When it last connected with a certificate of the former CA; nil: not recently.
        var lastSeen: Date?
    }
}

extension Facts {
    /// Whether a rotation has certificates to renew: one expires soon enough, or lacks the requested names.
    func isDue(_ answers: Answers) -> Bool {
        guard let days = answers.ifDue else { return true }
        let hasOtherNames = serverCertificate.map { $0.names != answers.sans } ?? false
        return !answers.sans.isEmpty && hasOtherNames
            || CertificateInventory(self, now: lookedAt).due(within: days).contains {
                switch $0.use {
                case .server, .client: true
                case .authority, .formerAuthority, .innerAuthority, .builder, .proxy: false
                }
            }
    }
}

extension [Facts.OutdatedClient] {
    /// "ci connected with a certificate of the old CA on 2026-11-22; alice (not seen recently)"
    var inWords: String {
        map { straggler in
            straggler.lastSeen.map {
                "\(straggler.name) connected with a certificate of the old CA on \($0.formatted(.iso8601))"
            } ?? "\(straggler.name) (not seen recently)"
        }.joined(separator: "; ")
    }
}
