import FoundationEssentials

/// What is kept of a client's revocation, beside the authority.
///
/// A revocation belongs to the client, not to an authority: lists come and go with the authorities that sign them, this
/// record stays. It only grows.
public struct ClientRevocation: Codable, Sendable, Hashable {
    /// The client; empty for certificates that nobody is known to have.
    public let name: String
    public internal(set) var certificates: [RevokedCertificate]

    /// When it was revoked first.
    public var date: Date? { certificates.map(\.date).min() }

    public init(name: String, certificates: [RevokedCertificate]) {
        self.name = name
        self.certificates = certificates
    }

    /// Adds what it does not hold yet.
    mutating func merge(_ more: [RevokedCertificate]) {
        for one in more
        where !certificates.contains(where: { $0.serial == one.serial && $0.signer == one.signer }) {
            certificates.append(one)
        }
    }
}

/// One certificate that was revoked, by who signed it and its serial.
public struct RevokedCertificate: Codable, Sendable, Hashable {
    /// As in `CertificateSummary.serial`.
    public let serial: String
    /// The key identifier of the authority that signed it; nil where that is not known: it counts for every authority.
    public let signer: String?
    public let date: Date

    public init(serial: String, signer: String?, date: Date) {
        self.serial = serial.lowercased()
        self.signer = signer
        self.date = date
    }
}

/// Who is revoked, judged by all certificates that are known of each client.
public struct RevokedClients: Sendable, Hashable {
    private let serials: Set<String>
    /// The certificates of each client.
    private let issued: [String: [CertificateSummary]]

    /// - Parameter serials: what was revoked, on any list or in any record.
    public init(issued: [CertificateSummary], serials: Set<String>) {
        self.serials = serials
        self.issued = Dictionary(grouping: issued, by: \.clientName)
    }

    /// Whether all certificates that this client ever had are revoked. Another one, which it got since, lets it in again.
    public func contains(_ name: String) -> Bool {
        guard let all = issued[name], !all.isEmpty else { return false }
        return all.allSatisfy { serials.contains($0.serial) }
    }

    /// Whether a rotation signs nothing for this client, whose files hold that certificate.
    func getsNothing(_ name: String, holding present: CertificateSummary?) -> Bool {
        contains(name) || present.map { serials.contains($0.serial) } ?? false
    }
}

// MARK: - Records

extension CertificateFolder {
    /// Beside the authority, like the records of what was issued: whoever takes it to another machine takes both along.
    var revocationRecordsFolder: String { "\(path)/authority/revoked" }

    /// What was revoked here, or was found to be revoked elsewhere.
    public func revocationRecords() throws(CredentialsError) -> [ClientRevocation] {
        var records: [ClientRevocation] = []
        for name in try revocationRecordNames() {
            let file = "\(revocationRecordsFolder)/\(name)"
            let bytes = try SecureFile.contents(of: file).bytes
            guard let record = try? JSONDecoder.dated.decode(ClientRevocation.self, from: Data(bytes)) else {
                // Passed over, it would let somebody in again.
                throw CredentialsError(
                    .file, "The record of a revocation cannot be read: \(file).", path: file,
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

    /// Adds certificates to the record of each client that has them.
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
            throw CredentialsError(.file, "The revocation of \(record.name) could not be written down.")
        }
        let file = "\(revocationRecordsFolder)/\(record.fileName)"
        try SecureFile.makeFolder(revocationRecordsFolder)
        try SecureFile.remove("\(file).new")
        try SecureFile.create("\(file).new", bytes: Array(bytes) + [UInt8(ascii: "\n")], mode: 0o644)
        try SecureFile.move("\(file).new", to: file)
    }
}

extension ClientRevocation {
    /// Names of clients that were made elsewhere may hold anything; `+` is in no client's name.
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
