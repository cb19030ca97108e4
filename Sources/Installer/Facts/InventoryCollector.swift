import FoundationEssentials
import MutualTLS

extension CertificateInventory {
    /// - Parameter soon: the number of remaining days, or fewer, at which a certificate counts as expiring.
    public init(_ facts: Facts, now: Date, soon: Int = CertificateSummary.usualLimit) {
        let collected = InventoryCollector(facts)
        let revocations = facts.revocations
        let authorities = collected.certificates.map(\.certificate).filter { $0.role == .authority }
        entries = collected.certificates.map { found in
            Entry(
                use: found.use, certificate: found.certificate, places: found.places,
                daysLeft: found.certificate.daysLeft(now),
                validity: Validity(of: found.certificate, now: now, soon: soon),
                signer: found.certificate.role == .authority
                    ? nil : authorities.first { found.certificate.isSigned(by: $0) },
                revocation: found.certificate.role == .client
                    ? revocations.status(of: found.certificate.serial) : .notRevoked)
        }
        remarks = []
        remarks = CertificateDiagnostics(self, facts).all
    }
}

extension CertificateInventory.Validity {
    fileprivate init(of certificate: CertificateSummary, now: Date, soon: Int) {
        self =
            if now > certificate.notAfter { .expired } else if now < certificate.notBefore {
                .early
            } else if certificate.daysLeft(now) <= soon { .ending } else { .valid }
    }
}

/// Collects the certificates of an installation from all facts, each once with all its locations.
struct InventoryCollector {
    struct Found {
        var use: CertificateInventory.Use
        var certificate: CertificateSummary
        var places: Set<CertificateInventory.Location>
    }

    private(set) var certificates: [Found] = []

    init(_ facts: Facts) {
        let kept = facts.authorities.value
        note(kept?.current?.certificate, as: .authority, in: .here)
        // One that the proxy does not trust is none of this installation's.
        let formerAuthority = kept?.former?.certificate
        if let formerAuthority, facts.trusts(formerAuthority) != false {
            note(formerAuthority, as: .formerAuthority, in: .here)
        }
        let secrets = facts.secrets.value
        func use(_ certificate: CertificateSummary) -> CertificateInventory.Use {
            switch certificate.role {
            case .authority:
                certificate.fingerprint == formerAuthority?.fingerprint ? .formerAuthority : .authority
            case .server: .server
            case .client: .client(name: certificate.clientName)
            }
        }
        for role in [CertificateRole.authority, .server, .client] {
            let sets: [([CertificateSummary], CertificateInventory.Location)] = [
                ((facts.folder.value ?? nil)?.certificates ?? [], .here),
                ((facts.renewal.value ?? nil)?.inspection.certificates ?? [], .renewal),
                (secrets?.outer?.certificates ?? [], .secret),
                // Only the first certificate that the server sends is its own.
                (facts.served.value?.certificate.map { [$0] } ?? [], .served),
            ]
            for (certificates, place) in sets {
                for certificate in certificates where certificate.role == role {
                    note(certificate, as: use(certificate), in: place)
                }
            }
        }
        for (name, inspection) in (facts.clients.value ?? [:]).sorted(by: { $0.key < $1.key }) {
            for certificate in inspection.certificates where certificate.role == .client {
                note(certificate, as: .client(name: name), in: .here)
            }
        }
        for certificate in secrets?.inner?.certificates ?? [] {
            note(certificate, as: certificate.innerUse, in: .secret)
        }
    }

    private mutating func note(
        _ certificate: CertificateSummary?, as use: CertificateInventory.Use,
        in place: CertificateInventory.Location
    ) {
        guard let certificate else { return }
        // With one CA for both hops, the outer entry counts.
        let known = certificates.firstIndex { $0.certificate.fingerprint == certificate.fingerprint }
        guard let known else {
            return certificates.append(Found(use: use, certificate: certificate, places: [place]))
        }
        certificates[known].places.insert(place)
    }
}

extension CertificateSummary {
    fileprivate var innerUse: CertificateInventory.Use {
        switch role {
        case .authority: .innerAuthority
        case .server: .builder
        case .client: .proxy
        }
    }
}
