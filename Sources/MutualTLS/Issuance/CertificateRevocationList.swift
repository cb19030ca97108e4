import FoundationEssentials

/// The certificates that an authority has taken back: a revocation list (RFC 5280, section 5).
public struct CertificateRevocationList: Sendable, Hashable {
    public private(set) var entries: [Revocation]
    /// Counts the lists of one authority; each new list has a higher one.
    public private(set) var number: Int

    /// The list of an authority that has taken nothing back yet.
    public init() {
        entries = []
        number = 1
    }

    /// Reads a list that was kept, to be continued.
    public init(pem: String) throws(CredentialsError) {
        self.init(try CRLCoder.all(in: pem)[0])
    }

    private init(_ list: CRLCoder) {
        entries = list.entries
        number = list.number
    }

    /// The lists in a file, by the key identifier of the authority that each is of.
    public static func lists(in pem: String) throws(CredentialsError) -> [String: CertificateRevocationList] {
        var lists: [String: CertificateRevocationList] = [:]
        for list in try CRLCoder.all(in: pem) { lists[list.signer ?? ""] = CertificateRevocationList(list) }
        return lists
    }

    /// Takes a certificate back. A second time changes nothing.
    public mutating func revoke(serial: String, at date: Date) {
        let serial = serial.lowercased()
        guard !entries.contains(where: { $0.serial == serial }) else { return }
        entries.append(Revocation(serial: serial, date: date))
        number += 1
    }

    public func contains(serial: String) -> Bool {
        entries.contains { $0.serial == serial.lowercased() }
    }

    /// The list in PEM, signed. It is valid as long as its authority: a new list is written whenever
    /// something is taken back, and a list that ran out would lock every client out.
    public func signed(by authority: CertificateAuthority, now: Date) throws(CredentialsError) -> String {
        try CRLCoder(entries: entries, number: number).pem(signedBy: authority, now: now)
    }
}
