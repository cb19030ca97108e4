import FoundationEssentials

/// The certificates that an installation's CAs have issued, and the revocations, as stored in the cluster next to the
/// lists: from it each machine with the CA knows what the others have signed. It contains serials, and no key.
public struct ClientRegistry: Codable, Hashable, Sendable {
    /// A client's certificate.
    public struct Entry: Codable, Hashable, Sendable {
        public let name: String
        public let serial: String
        /// The key identifier of its signer, where known.
        public let signer: String?
        /// In seconds since 1970.
        public let notAfter: Int

        init(_ certificate: CertificateSummary) {
            name = certificate.clientName
            serial = certificate.serial
            signer = certificate.signer
            notAfter = Int(certificate.notAfter.timeIntervalSince1970)
        }
    }

    public private(set) var issued: [Entry]
    public private(set) var revoked: [ClientRevocation]

    init(issued: [Entry] = [], revoked: [ClientRevocation] = []) {
        self.issued = issued
        self.revoked = revoked
    }

    /// Parses the register of the cluster.
    public init(json: String) throws(CredentialsError) {
        guard let registry = try? JSONDecoder.dated.decode(Self.self, from: Data(json.utf8)) else {
            // Ignoring it would lose the certificates of other machines.
            throw CredentialsError(.record, "The client register in the Secret cannot be read.")
        }
        self = registry
    }

    /// The register in the form of the cluster; equal content gives equal text.
    public var json: String {
        get throws(CredentialsError) {
            guard let bytes = try? JSONEncoder.dated.encode(self) else {
                throw CredentialsError(.record, "The client register could not be written.")
            }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }

    /// The known serials of a client.
    public func serials(of name: String) -> [String] { issued.filter { $0.name == name }.map(\.serial) }

    public func contains(serial: String) -> Bool { issued.contains { $0.serial == serial } }

    /// The union of both, without expired entries.
    mutating func merge(_ other: Self, now: Date) {
        let known = Set(issued.map(\.serial))
        issued = (issued + other.issued.filter { !known.contains($0.serial) })
            .filter { Double($0.notAfter) > now.timeIntervalSince1970 }
            .sorted { ($0.name, $0.notAfter, $0.serial) < ($1.name, $1.notAfter, $1.serial) }
        for record in other.revoked {
            if let index = revoked.firstIndex(where: { $0.name == record.name }) {
                revoked[index].merge(record.certificates)
            } else {
                revoked.append(record)
            }
        }
        revoked.sort { $0.name < $1.name }
    }
}

extension CertificateFolder {
    /// Merges the register of this folder and the cluster: revocations of other machines are recorded here, and
    /// certificates that were signed here are in the result. To be called before the lists are merged.
    /// - Parameter issued: ``issuedCertificates()``, all with their records.
    func mergeRegistry(
        _ known: ClientRegistry?, adding signed: [CertificateSummary], among issued: [CertificateSummary],
        now: Date
    ) throws(CredentialsError) -> ClientRegistry {
        let certificates = try issued + waitingClients().map(\.certificate)
        if let known { try learn(known, certificates) }
        var registry = known ?? ClientRegistry()
        registry.merge(
            ClientRegistry(
                issued: (certificates + signed).map(ClientRegistry.Entry.init),
                revoked: try revocationRecords()),
            now: now)
        return registry
    }

    /// A certificate that was signed here before its client was revoked elsewhere, and that was unknown there, is
    /// revoked with the others.
    private func learn(
        _ known: ClientRegistry, _ certificates: [CertificateSummary]
    ) throws(CredentialsError) {
        var revoked = Dictionary(known.revoked.map { ($0.name, $0.certificates) }) { $0 + $1 }
        for certificate in certificates {
            guard let date = revoked[certificate.clientName]?.map(\.date).max(),
                !known.contains(serial: certificate.serial),
                certificate.notBefore.addingTimeInterval(ValidityPeriod.clockSkew) <= date
            else { continue }
            revoked[certificate.clientName]?.append(
                RevokedCertificate(serial: certificate.serial, signer: certificate.signer, date: date))
        }
        try recordRevocations(revoked)
    }
}
