import FoundationEssentials
import MutualTLS

// Where the certificates stand: what a rotation is planned and judged by.

extension Facts {
    /// The authorities by which the proxy judges its clients, as far as the Secret says.
    var trusted: [CertificateSummary] {
        secrets.value?.outer?.certificates.filter { $0.role == .authority } ?? []
    }

    /// The server's certificate in use: in the Secret, or else here.
    var serverCertificate: CertificateSummary? {
        [secrets.value?.outer?.certificates, (folder.value ?? nil)?.certificates].lazy
            .compactMap { $0?.first { $0.role == .server } }.first
    }

    /// The authority that can sign here and now; nil where none can.
    var signer: CertificateSummary? {
        guard let current = authorities.value?.current, current.canSign,
            (current.certificate.notBefore...current.certificate.notAfter).contains(lookedAt),
            current.certificate.daysLeft(lookedAt) > 0
        else { return nil }
        return current.certificate
    }

    /// Whether the signer is one that the proxy trusts; where there is no Secret, nobody says otherwise.
    var signerIsTrusted: Bool { signer.map { trusted.isEmpty || trusted.contains($0) } ?? false }

    /// Whether an authority before the one that signs is trusted still.
    var trustsTwoAuthorities: Bool {
        guard let current = authorities.value?.current?.certificate else { return false }
        return authorities.value?.former != nil || trusted.count > 1 && trusted.contains(current)
    }

    /// Whether nobody can connect with what the authorities before have signed, so that nobody is locked out.
    var formerAuthorityUnusable: Bool {
        let former = trusted.filter { $0 != signer }
        let areOver = !former.isEmpty && former.allSatisfy { $0.notAfter < lookedAt }
        // No client would take the server's certificate, and nobody here can sign another one of its authority.
        let isStuck = serverCertificate.map { $0.notAfter < lookedAt } ?? false
        return areOver || isStuck && !signerIsTrusted
    }

    /// The name of the client whose files buildx here reads.
    var ownClient: String? {
        (folder.value ?? nil)?.certificates.first { $0.role == .client }?.clientName
    }

    /// Clients other than this machine's own that may have certificates, whoever signed them.
    var otherClients: [String] {
        let revocations = revocations
        let issued = (issued.value ?? []).filter {
            $0.notAfter > lookedAt && !revocations.serials.contains($0.serial)
        }
        // Whoever came with a certificate that is revoked by now is not let in any more: it needs no authority.
        let seen = (sightings.value ?? [:]).filter {
            !revocations.isRevoked($0.key) && !revocations.serials.contains($0.value.serial)
        }
        return Set(issued.map(\.clientName) + seen.keys).filter { $0 != ownClient }.sorted()
    }

    /// Clients that would be locked out once only the authority that signs now is trusted, each with what is known.
    var clientsOnFormerAuthority: [OutdatedClient] {
        guard let current = authorities.value?.current?.certificate else { return [] }
        let issued = issued.value ?? []
        let new = Set(issued.filter { $0.isSigned(by: current) }.map(\.serial))
        let own = issued.filter { $0.clientName == ownClient && new.contains($0.serial) }.map(\.notBefore)
            .max()
        // This machine's own files have changed; whoever still shows the former ones has a copy of them.
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

    /// A client that is not known to have a certificate of the authority that signs now.
    struct OutdatedClient: Equatable {
        var name: String
        /// When it last came with a certificate of the authority before; nil: it was not seen of late.
        var lastSeen: Date?
    }
}

extension [Facts.OutdatedClient] {
    /// "ci came with the former authority on 2026-11-22; alice was not seen of late"
    var inWords: String {
        map { straggler in
            straggler.lastSeen.map {
                "\(straggler.name) came with a certificate of the former authority on \($0.formatted(.iso8601))"
            } ?? "\(straggler.name) was not seen of late"
        }.joined(separator: "; ")
    }
}
