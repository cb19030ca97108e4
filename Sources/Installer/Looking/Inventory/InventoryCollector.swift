import MutualTLS

/// Gathers the certificates of an installation from all that was looked at, each once with all its places.
struct InventoryCollector {
    struct Found {
        var use: CertificateInventory.Use
        var certificate: CertificateSummary
        var places: Set<CertificateInventory.Place>
    }

    private(set) var certificates: [Found] = []

    init(_ facts: Facts) {
        let kept = facts.authorities.value
        note(kept?.current?.certificate, as: .authority, in: .here)
        note(kept?.former?.certificate, as: .formerAuthority, in: .here)
        let secrets = facts.secrets.value
        let former = kept?.former?.certificate.fingerprint
        func use(_ certificate: CertificateSummary) -> CertificateInventory.Use {
            switch certificate.role {
            case .authority: certificate.fingerprint == former ? .formerAuthority : .authority
            case .server: .server
            case .client: .client(name: certificate.clientName)
            }
        }
        for role in [CertificateRole.authority, .server, .client] {
            let sets: [([CertificateSummary], CertificateInventory.Place)] = [
                ((facts.folder.value ?? nil)?.certificates ?? [], .here),
                ((facts.renewal.value ?? nil)?.certificates ?? [], .renewal),
                (secrets?.outer?.certificates ?? [], .secret),
                // What else the server sends along is not its own.
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
        in place: CertificateInventory.Place
    ) {
        guard let certificate else { return }
        // With one authority for both hops, what is told of the outer one counts.
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
