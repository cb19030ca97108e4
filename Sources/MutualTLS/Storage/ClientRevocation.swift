import FoundationEssentials

/// The record of a client's revocation, in the folder of the CA.
///
/// A revocation belongs to the client, not to a CA: lists are replaced with the CAs that sign them, this record is
/// kept. It only grows.
public struct ClientRevocation: Codable, Sendable, Hashable {
    /// The client; empty for certificates whose client is unknown.
    public let name: String
    public internal(set) var certificates: [RevokedCertificate]

    /// The date of the first revocation.
    public var date: Date? { certificates.map(\.date).min() }

    public init(name: String, certificates: [RevokedCertificate]) {
        self.name = name
        self.certificates = certificates
    }

    /// Adds the certificates that it does not contain yet.
    mutating func merge(_ more: [RevokedCertificate]) {
        for one in more
        where !certificates.contains(where: { $0.serial == one.serial && $0.signer == one.signer }) {
            certificates.append(one)
        }
    }
}

/// A revoked certificate, by its signer and its serial.
public struct RevokedCertificate: Codable, Sendable, Hashable {
    /// In the notation of `CertificateSummary.serial`.
    public let serial: String
    /// The key identifier of the CA that signed it; nil where unknown: it then counts for every CA.
    public let signer: String?
    public let date: Date

    public init(serial: String, signer: String?, date: Date) {
        self.serial = serial.lowercased()
        self.signer = signer
        self.date = date
    }
}

/// The revoked clients, judged by all known certificates of each client.
struct RevokedClients: Sendable, Hashable {
    private let serials: Set<String>
    /// The certificates of each client.
    private let issued: [String: [CertificateSummary]]

    /// - Parameter serials: the revoked serials, on any list or in any record.
    init(issued: [CertificateSummary], serials: Set<String>) {
        self.serials = serials
        self.issued = Dictionary(grouping: issued, by: \.clientName)
    }

    /// Whether all certificates that this client ever had are revoked. A newer certificate readmits it.
    func contains(_ name: String) -> Bool {
        guard let all = issued[name], !all.isEmpty else { return false }
        return all.allSatisfy { serials.contains($0.serial) }
    }

    /// Whether a rotation signs nothing for this client, whose files contain that certificate.
    func getsNothing(_ name: String, holding present: CertificateSummary?) -> Bool {
        contains(name) || present.map { serials.contains($0.serial) } ?? false
    }
}

// MARK: - Records

extension CertificateFolder {
    /// In the folder of the CA, like the records of issued certificates: a copy of that folder includes both.
    var revocationRecordsFolder: String { "\(path)/authority/revoked" }

    /// The revocations of this machine, and those that it has learned from others.
    public func revocationRecords() throws(CredentialsError) -> [ClientRevocation] {
        var records: [ClientRevocation] = []
        for name in try revocationRecordNames() {
            let file = "\(revocationRecordsFolder)/\(name)"
            let bytes = try SecureFile.contents(of: file).bytes
            guard let record = try? JSONDecoder.dated.decode(ClientRevocation.self, from: Data(bytes)) else {
                // Ignoring it would readmit a revoked client.
                throw CredentialsError(
                    .record, "The record of a revocation cannot be read: \(file).", path: file,
                    hint: "Restore it from another machine's copy of authority/.")
            }
            records.append(record)
        }
        return records
    }

    func revocationRecordNames() throws(CredentialsError) -> [String] {
        guard SecureFile.exists(revocationRecordsFolder) else { return [] }
        return try SecureFile.names(in: revocationRecordsFolder).filter { $0.hasSuffix(".json") }
    }

    /// Adds certificates to the record of their clients.
    func recordRevocations(_ certificates: [String: [RevokedCertificate]]) throws(CredentialsError) {
        let known = try revocationRecords()
        for (name, more) in certificates.sorted(by: { $0.key < $1.key }) {
            let before = known.first { $0.name == name }
            var record = before ?? ClientRevocation(name: name, certificates: [])
            record.merge(more)
            guard record != before, !record.certificates.isEmpty else { continue }
            try write(record)
        }
    }

    private func write(_ record: ClientRevocation) throws(CredentialsError) {
        guard let bytes = try? JSONEncoder.dated.encode(record) else {
            throw CredentialsError(.record, "The revocation of \(record.name) could not be written.")
        }
        let file = "\(revocationRecordsFolder)/\(record.fileName)"
        try SecureFile.makeFolder(revocationRecordsFolder)
        try SecureFile.remove("\(file).new")
        try SecureFile.create("\(file).new", bytes: Array(bytes) + [UInt8(ascii: "\n")], mode: 0o644)
        try SecureFile.move("\(file).new", to: file)
    }
}

extension ClientRevocation {
    /// Names of clients that were created elsewhere may contain any character; `+` is not part of a valid client
    /// name.
    fileprivate var fileName: String {
        if name.isEmpty { return "+serials.json" }
        let isPlain = (try? ClientName.check(name)) != nil
        return isPlain ? "\(name).json" : "+\(Digest.sha256(Array(name.utf8)).prefix(32)).json"
    }
}

extension JSONEncoder {
    static var dated: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return encoder
    }
}

extension JSONDecoder {
    static var dated: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }
}
