import FoundationEssentials
import MutualTLS

/// Every certificate of an installation: which there are, where each is, how long it lasts, who signed it, and what
/// does not match what.
///
/// Pure: the same facts at the same time always give the same inventory. What could not be looked up is left out.
public struct CertificateInventory: Equatable, Sendable {
    /// Outer certificates first: authorities, servers, clients; then those between Envoy and BuildKit.
    public var entries: [Entry]
    /// What does not match what, what is wrong, and what is under way; the worst first.
    public var remarks: [Diagnostic]

    /// A certificate, and everywhere it is.
    public struct Entry: Equatable, Sendable {
        public var use: Use
        public var certificate: CertificateSummary
        public var places: Set<Location>
        /// Whole days until it ends; negative once it has ended.
        public var daysLeft: Int
        public var validity: Validity
        /// The authority in this inventory that signed it; nil: none of them, or it is an authority itself.
        public var signer: CertificateSummary?
        /// Whether it was revoked: nobody renews it, and nothing is wrong with that.
        public var isRevoked = false
    }

    /// What a certificate is for.
    public enum Use: Equatable, Sendable {
        /// It signs the server's and the clients' certificates now.
        case authority
        /// It signed them before, and is trusted until every client has new ones.
        case formerAuthority
        /// What Envoy shows.
        case server
        /// What a person or a machine shows.
        case client(name: String)
        /// Between Envoy and BuildKit.
        case innerAuthority, builder, proxy
    }

    /// Where a certificate is.
    public enum Location: String, Codable, CaseIterable, Comparable, Sendable {
        /// In the folder on this machine.
        case here
        /// In the folder on this machine, not in use yet.
        case renewal
        /// In the cluster's Secrets.
        case secret
        /// What the endpoint shows whoever connects.
        case served
    }

    public enum Validity: String, Codable, Sendable {
        case valid, ending, expired, early
    }

    /// Something that a person should know of the certificates together.
    public struct Diagnostic: Equatable, Sendable, Codable {
        public var severity: Finding.Severity
        /// What kind of thing it is, for programs.
        public var code: ErrorCode
        /// What it is about: `pod/buildkit-builder-0`, `certificate/server`.
        public var id: String
        public var sentence: String
        public var hint: String?

        private enum CodingKeys: String, CodingKey {
            case severity, code, id, hint
            case sentence = "message"
        }
    }

    /// - Parameter soon: with so many days left, or fewer, a certificate counts as ending.
    public init(_ facts: Facts, now: Date, soon: Int = 30) {
        let collected = InventoryCollector(facts)
        let revoked = facts.revocations.serials
        let authorities = collected.certificates.map(\.certificate).filter { $0.role == .authority }
        entries = collected.certificates.map { found in
            Entry(
                use: found.use, certificate: found.certificate, places: found.places,
                daysLeft: found.certificate.daysLeft(now),
                validity: Validity(of: found.certificate, now: now, soon: soon),
                signer: found.certificate.role == .authority
                    ? nil : authorities.first { found.certificate.isSigned(by: $0) },
                isRevoked: found.certificate.role == .client && revoked.contains(found.certificate.serial))
        }
        remarks = []
        remarks = CertificateDiagnostics(self, facts).all
    }
}

extension CertificateInventory {
    /// The certificates of a place.
    public func entries(in place: Location) -> [Entry] { entries.filter { $0.places.contains(place) } }

    public func entries(for use: Use) -> [Entry] { entries.filter { $0.use == use } }

    /// What ends within so many days, or has ended, and is in use.
    public func due(within days: Int) -> [Entry] {
        entries.filter { $0.daysLeft <= days && $0.places != [.renewal] && !$0.isRevoked }
    }
}

extension CertificateInventory.Location {
    public static func < (left: Self, right: Self) -> Bool {
        let order = Self.allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
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

/// Gathers the certificates of an installation from all that was looked at, each once with all its places.
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
            let sets: [([CertificateSummary], CertificateInventory.Location)] = [
                ((facts.folder.value ?? nil)?.certificates ?? [], .here),
                ((facts.renewal.value ?? nil)?.inspection.certificates ?? [], .renewal),
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
        in place: CertificateInventory.Location
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
