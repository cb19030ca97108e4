import FoundationEssentials
import SwiftASN1
import X509

/// The revocation lists that a proxy is given.
///
/// Only ``RevocationMerge`` makes them: whoever writes a list has brought together everything that is known of, so that no
/// writer can drop a revocation that it did not know.
public struct MergedRevocations: Sendable, Hashable {
    /// One list for each authority, in PEM; empty where there is none.
    public let pem: String
    /// The authorities (the names in their certificates) whose revocations could not all be put on their list, because
    /// their key is not at hand.
    public let unsigned: [String]

    fileprivate init(pem: String, unsigned: [String]) {
        self.pem = pem
        self.unsigned = unsigned
    }
}

extension MergedRevocations {
    /// The lists in force of these authorities, where no key of theirs is at hand: each stays as it is.
    /// - Parameter trusted: the authorities, in PEM.
    public init(inForce: String, trusting trusted: String, now: Date) throws(CredentialsError) {
        var merge = RevocationMerge()
        try merge.add(inForce, called: "crl.pem in the Secret", isInForce: true)
        self = try merge.merged(for: PEM(trusted).certificates(called: "ca.pem"), keys: [], now: now)
    }
}

/// Brings revocation lists together: for each authority the union of all entries, in a list with a number above every
/// one that was seen.
///
/// A list that says all of it already stays as it is, byte for byte. One whose authority's key is not at hand cannot be
/// signed anew: then the list in force stays, unless another one holds all of its entries and more.
struct RevocationMerge {
    struct Known {
        let list: CRLCoder
        let pem: String
        let isInForce: Bool

        var serials: Set<String> { Set(list.entries.map(\.serial)) }
    }

    private(set) var known: [Known] = []
    private(set) var records: [ClientRevocation] = []

    /// - Parameters:
    ///   - name: what the text is called in an error.
    ///   - isInForce: whether the proxy goes by it now.
    mutating func add(_ pem: String, called name: String, isInForce: Bool = false) throws(CredentialsError) {
        known += try CRLCoder.texts(in: pem, called: name).map {
            Known(list: $0.list, pem: $0.pem, isInForce: isInForce)
        }
    }

    mutating func add(_ records: [ClientRevocation]) { self.records += records }

    /// The lists of these authorities.
    /// - Parameter keys: the authorities that can sign here.
    func merged(
        for authorities: [Certificate], keys: [CertificateAuthority], now: Date
    ) throws(CredentialsError) -> MergedRevocations {
        var (text, unsigned, done): (String, [String], Set<[UInt8]>) = ("", [], [])
        for authority in authorities where done.insert(Array(authority.keyIdentifier)).inserted {
            let key = keys.first { $0.x509.publicKey == authority.publicKey }
            let (list, isWhole) = try list(of: authority, key, now)
            text += list ?? ""
            if !isWhole { unsigned.append(CertificateSummary(authority, role: .authority).subject) }
        }
        return MergedRevocations(pem: text, unsigned: unsigned)
    }

    /// The same for a folder: lists of other authorities, which nobody trusts yet or any more, stay beside them.
    func mergedKeepingOthers(
        for authorities: [Certificate], keys: [CertificateAuthority], now: Date
    ) throws(CredentialsError) -> MergedRevocations {
        let merged = try merged(for: authorities, keys: keys, now: now)
        var others: [[UInt8]: String] = [:]
        var numbers: [[UInt8]: Int] = [:]
        for one in known where !authorities.contains(where: one.list.isOf) {
            let issuer = one.list.issuer + Array((one.list.signer ?? "").utf8)
            guard numbers[issuer].map({ $0 < one.list.number }) ?? true else { continue }
            (others[issuer], numbers[issuer]) = (one.pem, one.list.number)
        }
        let rest = others.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value).joined()
        return MergedRevocations(pem: merged.pem + rest, unsigned: merged.unsigned)
    }

    /// - Returns: the list, nil where there is none and none can be made; and whether all that is known is on it.
    private func list(
        of authority: Certificate, _ key: CertificateAuthority?, _ now: Date
    ) throws(CredentialsError) -> (String?, isWhole: Bool) {
        let lists = known.filter { $0.list.isOf(authority) }
        let recorded = records.flatMap { $0.entries(of: authority) }
        // The highest number first; of several with the same one, the longest.
        let base = lists.max {
            ($0.list.number, $0.list.entries.count) < ($1.list.number, $1.list.entries.count)
        }
        var entries = base?.list.entries ?? []
        var serials = Set(entries.map(\.serial))
        for entry in lists.flatMap(\.list.entries) + recorded where serials.insert(entry.serial).inserted {
            entries.append(entry)
        }
        guard let key else {
            let inForce = lists.filter(\.isInForce).reduce(into: Set<String>()) { $0.formUnion($1.serials) }
            let kept = lists.filter { $0.serials.isSuperset(of: inForce) }.max {
                ($0.serials.count, $0.isInForce ? 1 : 0) < ($1.serials.count, $1.isInForce ? 1 : 0)
            }
            let list = kept ?? lists.first(where: \.isInForce) ?? base
            return (list?.pem, list?.serials == serials || serials.isEmpty)
        }
        if let base, base.serials == serials, base.list.isSigned(by: key), base.list.isLasting(as: key) {
            return (base.pem, true)
        }
        let number = (lists.map(\.list.number).max() ?? 0) + 1
        return (try CRLCoder(entries: entries, number: number).pem(signedBy: key, now: now), true)
    }
}

extension CRLCoder {
    /// Whether it is the list of that authority: by its key, or where the list does not say, by its name.
    func isOf(_ authority: Certificate) -> Bool {
        if let signer { return signer == authority.keyIdentifier.hex }
        var name = DER.Serializer()
        // A certificate that was parsed can always be written again.
        guard (try? name.serialize(authority.subject)) != nil else { return false }
        return issuer == name.serializedBytes
    }

    /// Whether it holds as long as its authority. A list that ran out would lock every client out.
    fileprivate func isLasting(as authority: CertificateAuthority) -> Bool {
        nextUpdate.map { $0.addingTimeInterval(86400) > authority.x509.notValidAfter } ?? true
    }
}

extension ClientRevocation {
    /// What belongs on that authority's list: what it has signed, and what nobody knows who has signed.
    fileprivate func entries(of authority: Certificate) -> [Revocation] {
        let signer = authority.keyIdentifier.hex
        return certificates.filter { $0.signer == nil || $0.signer == signer }.map {
            Revocation(serial: $0.serial, date: $0.date)
        }
    }
}
