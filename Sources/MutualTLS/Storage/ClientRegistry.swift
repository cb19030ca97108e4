import FoundationEssentials

/// Whom an installation's authorities have signed for, and who was revoked, as the cluster keeps it beside the lists:
/// each machine that has the authority knows by it what the others have signed. It names serials, and holds no key.
public struct ClientRegistry: Codable, Hashable, Sendable {
    /// A client's certificate.
    public struct Entry: Codable, Hashable, Sendable {
        public let name: String
        public let serial: String
        /// The key identifier of who signed it, where that is known.
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

    /// Reads what the cluster keeps.
    public init(json: String) throws(CredentialsError) {
        guard let registry = try? JSONDecoder.dated.decode(Self.self, from: Data(json.utf8)) else {
            // Passed over, certificates of other machines would be forgotten.
            throw CredentialsError(.file, "The register of clients in the Secret cannot be read.")
        }
        self = registry
    }

    /// As the cluster keeps it, the same for the same content.
    public var json: String {
        get throws(CredentialsError) {
            guard let bytes = try? JSONEncoder.dated.encode(self) else {
                throw CredentialsError(.file, "The register of clients could not be written down.")
            }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }

    /// The serials that are known of a client.
    public func serials(of name: String) -> [String] { issued.filter { $0.name == name }.map(\.serial) }

    public func contains(serial: String) -> Bool { issued.contains { $0.serial == serial } }

    /// The union of both, without what has expired by itself.
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
    /// Brings together whom this folder and the cluster know: what was revoked elsewhere is recorded here, and what was
    /// signed here is in what comes back. To be done before the lists are merged.
    /// - Parameters:
    ///   - known: what the cluster keeps; nil where it keeps nothing yet.
    ///   - signed: what is signed and lies nowhere yet.
    public func mergeRegistry(
        _ known: ClientRegistry?, adding signed: [CertificateSummary] = [], now: Date
    ) throws(CredentialsError) -> ClientRegistry {
        try recover()
        try recordClients()
        if let known { try learn(known) }
        var registry = known ?? ClientRegistry()
        let certificates = try issuedCertificates() + waitingClients().map(\.certificate) + signed
        registry.merge(
            ClientRegistry(
                issued: certificates.map(ClientRegistry.Entry.init), revoked: try revocationRecords()),
            now: now)
        return registry
    }

    /// A certificate that was signed here before its client was revoked elsewhere, and that nobody there could know of,
    /// is revoked with the others.
    private func learn(_ known: ClientRegistry) throws(CredentialsError) {
        var revoked = Dictionary(known.revoked.map { ($0.name, $0.certificates) }) { $0 + $1 }
        for certificate in try issuedCertificates() + waitingClients().map(\.certificate) {
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
