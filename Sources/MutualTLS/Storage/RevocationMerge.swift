import FoundationEssentials
import SwiftASN1
import X509

/// The revocation lists for a proxy.
///
/// Only ``RevocationMerge`` creates them, so that every writer has merged all known lists and cannot drop a
/// revocation that it did not know.
public struct MergedRevocations: Sendable, Hashable {
    /// One list for each CA, in PEM; empty where there is none.
    public let pem: String
    /// The CAs (the names in their certificates) whose revocations could not all be put on their list, because their
    /// key is not available.
    public let unsigned: [String]

    fileprivate init(pem: String, unsigned: [String]) {
        self.pem = pem
        self.unsigned = unsigned
    }
}

extension MergedRevocations {
    /// The lists in force of these CAs, where none of their keys is available: each is kept unchanged.
    /// - Parameter trusted: the CAs, in PEM.
    public init(inForce: String, trusting trusted: String, now: Date) throws(CredentialsError) {
        var merge = RevocationMerge()
        try merge.add(inForce, called: "crl.pem in the Secret", isInForce: true)
        self = try merge.merged(for: PEM(trusted).certificates(called: "ca.pem"), keys: [], now: now)
    }
}

/// Merges revocation lists: for each CA the union of all entries, in a list with a number above all that were read.
///
/// A list that already contains everything is kept, byte for byte. A list whose CA key is not available cannot be
/// signed again: then the list in force is kept, unless another one contains all of its entries and more.
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
    ///   - name: the name of the text in an error.
    ///   - isInForce: whether the proxy uses it now.
    mutating func add(_ pem: String, called name: String, isInForce: Bool = false) throws(CredentialsError) {
        known += try CRLCoder.texts(in: pem, called: name).map {
            Known(list: $0.list, pem: $0.pem, isInForce: isInForce)
        }
    }

    mutating func add(_ records: [ClientRevocation]) { self.records += records }

    /// The lists of these CAs.
    /// - Parameter keys: the CAs that can sign here.
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

    /// The lists for a folder: lists of other CAs, which are not or no longer trusted, are kept with them.
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

    /// - Returns: the list, nil where there is none and none can be created; and whether it contains all known
    ///   revocations.
    private func list(
        of authority: Certificate, _ key: CertificateAuthority?, _ now: Date
    ) throws(CredentialsError) -> (String?, isWhole: Bool) {
        let lists = known.filter { $0.list.isOf(authority) }
        let recorded = records.flatMap { $0.entries(of: authority) }
        // The highest number first; among equal numbers, the longest list.
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
    /// Whether it is the list of that CA: by its key, or where the list does not contain it, by its name.
    func isOf(_ authority: Certificate) -> Bool {
        if let signer { return signer == authority.keyIdentifier.hex }
        var name = DER.Serializer()
        // A certificate that was parsed can always be serialized.
        guard (try? name.serialize(authority.subject)) != nil else { return false }
        return issuer == name.serializedBytes
    }

    /// Whether it is valid as long as its CA. An expired list would lock every client out.
    fileprivate func isLasting(as authority: CertificateAuthority) -> Bool {
        nextUpdate.map { $0.addingTimeInterval(86400) > authority.x509.notValidAfter } ?? true
    }
}

extension ClientRevocation {
    /// The entries of that CA's list: the certificates that it has signed, and those whose signer is unknown.
    fileprivate func entries(of authority: Certificate) -> [Revocation] {
        let signer = authority.keyIdentifier.hex
        return certificates.filter { $0.signer == nil || $0.signer == signer }.map {
            Revocation(serial: $0.serial, date: $0.date)
        }
    }
}
