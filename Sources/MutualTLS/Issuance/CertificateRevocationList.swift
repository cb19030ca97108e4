import FoundationEssentials

/// The certificates that a CA has revoked: a revocation list (RFC 5280, section 5).
public struct CertificateRevocationList: Sendable, Hashable {
    public private(set) var entries: [Revocation]
    /// The number of the list; each new list of a CA has a higher one.
    public private(set) var number: Int

    /// The list of a CA that has not revoked anything yet.
    public init() {
        entries = []
        number = 1
    }

    /// Parses a stored list, to be extended.
    public init(pem: String) throws(CredentialsError) {
        self.init(try CRLCoder.all(in: pem)[0])
    }

    private init(_ list: CRLCoder) {
        entries = list.entries
        number = list.number
    }

    /// The lists in a file, by the key identifier of their CA.
    public static func lists(in pem: String) throws(CredentialsError) -> [String: CertificateRevocationList] {
        var lists: [String: CertificateRevocationList] = [:]
        for list in try CRLCoder.all(in: pem) { lists[list.signer ?? ""] = CertificateRevocationList(list) }
        return lists
    }

    /// Revokes a certificate. Revoking it again changes nothing.
    public mutating func revoke(serial: String, at date: Date) {
        let serial = serial.lowercased()
        guard !entries.contains(where: { $0.serial == serial }) else { return }
        entries.append(Revocation(serial: serial, date: date))
        number += 1
    }

    public func contains(serial: String) -> Bool {
        entries.contains { $0.serial == serial.lowercased() }
    }

    /// The list in PEM, signed. It is valid as long as its CA: a new list is written for each revocation, and an
    /// expired list would lock every client out.
    public func signed(by authority: CertificateAuthority, now: Date) throws(CredentialsError) -> String {
        try CRLCoder(entries: entries, number: number).pem(signedBy: authority, now: now)
    }
}
