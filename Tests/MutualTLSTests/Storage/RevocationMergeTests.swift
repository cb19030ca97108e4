import Foundation
@testable import MutualTLS
import Testing

struct RevocationMergeTests {
    private let scratch: Scratch
    private let authority: CertificateAuthority
    private let other: CertificateAuthority
    private let now = Date()

    init() async throws {
        scratch = try Scratch()
        authority = try await .make(commonName: "one", days: 30, now: .now)
        other = try await .make(commonName: "two", days: 30, now: .now)
    }

    private func list(of serials: String..., lists: Int = 0, by signer: CertificateAuthority? = nil) throws
        -> String
    {
        var list = CertificateRevocationList()
        for _ in 0..<lists { list.revoke(serial: "\(UInt32.random(in: 1 << 28 ... .max))", at: now) }
        for serial in serials { list.revoke(serial: serial, at: now) }
        return try list.signed(by: signer ?? authority, now: now)
    }

    private func merged(
        _ pems: String..., inForce: String? = nil, records: [ClientRevocation] = [],
        keys: [CertificateAuthority]? = nil
    ) throws -> MergedRevocations {
        var merge = RevocationMerge()
        if let inForce { try merge.add(inForce, called: "Secret", isInForce: true) }
        for pem in pems { try merge.add(pem, called: "file") }
        merge.add(records)
        return try merge.merged(
            for: [authority.x509, other.x509], keys: keys ?? [authority, other], now: now)
    }

    private func serials(_ merged: MergedRevocations, of signer: CertificateAuthority? = nil) throws -> Set<
        String
    > {
        let lists = try CRLCoder.all(in: merged.pem).filter { $0.isOf((signer ?? authority).x509) }
        #expect(lists.count == 1)
        return Set(lists.flatMap(\.entries).map(\.serial))
    }

    @Test func aMergeIsTheUnionWithANumberAboveEachList() throws {
        let merged = try merged(list(of: "aa", lists: 3), inForce: list(of: "bb", lists: 1))
        #expect(try serials(merged).isSuperset(of: ["aa", "bb"]))
        #expect(try CRLCoder.all(in: merged.pem)[0].number == 6)
        try scratch.write(merged.pem, to: "crl.pem")
        try scratch.write(authority.certificate, to: "ca.pem")
        #expect(try scratch.openssl("crl -in crl.pem -CAfile ca.pem -noout").contains("verify OK"))
    }

    @Test func twoListsWithOneNumberAreBroughtTogether() throws {
        let merged = try merged(list(of: "aa"), list(of: "bb"))
        #expect(try serials(merged) == ["aa", "bb"])
        #expect(try CRLCoder.all(in: merged.pem)[0].number == 3)
    }

    @Test func everyTrustedAuthorityHasAList() throws {
        let merged = try merged()
        #expect(try serials(merged).isEmpty && serials(merged, of: other).isEmpty)
    }

    @Test func aListThatSaysAllOfItStaysByteForByte() throws {
        let known = try list(of: "aa", "bb")
        let merged = try merged(list(of: "aa"), inForce: known)
        #expect(merged.pem.contains(known))
        #expect(try self.merged(merged.pem, inForce: merged.pem) == merged)
    }

    @Test func aListThatCannotBeSignedStaysAndNeverShrinks() throws {
        let inForce = try list(of: "aa", "bb")
        let smaller = try merged(list(of: "aa", lists: 5), inForce: inForce, keys: [other])
        #expect(smaller.pem.contains(inForce))
        #expect(smaller.unsigned == ["CN=one"])
        let larger = try list(of: "aa", "bb", "cc")
        #expect(try merged(larger, inForce: inForce, keys: [other]).pem.contains(larger))
    }

    @Test func aRecordBelongsOnTheListOfWhoSignedItAndElseOnEach() throws {
        let record = ClientRevocation(
            name: "alice",
            certificates: [
                RevokedCertificate(serial: "aa", signer: other.summary.keyIdentifier, date: now),
                RevokedCertificate(serial: "BB", signer: nil, date: now),
                RevokedCertificate(serial: "cc", signer: "of nobody here", date: now),
            ])
        let merged = try merged(records: [record])
        #expect(try serials(merged) == ["bb"])
        #expect(try serials(merged, of: other) == ["aa", "bb"])
    }

    /// A list of the first version, and one whose issuer is only known by name, as openssl creates them.
    @Test func theListOfACompanysAuthorityIsGoneOnWith() throws {
        try scratch.openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out ca.pem -days 30 "
                + "-subj /CN=Company -addext keyUsage=critical,keyCertSign,cRLSign")
        try scratch.write(
            "V\t401231235959Z\t\t0A\tunknown\t/CN=x\nR\t401231235959Z\t260101000000Z\t0B\tunknown\t/CN=y\n",
            to: "index")
        try scratch.write(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\ndefault_crl_days=7\n", to: "cnf")
        try scratch.openssl("ca -gencrl -config cnf -keyfile key.pem -cert ca.pem -out crl.pem")
        let company = try CertificateAuthority(
            certificate: scratch.text(of: "ca.pem"), key: SecretText(scratch.text(of: "key.pem")))
        var merge = RevocationMerge()
        try merge.add(scratch.text(of: "crl.pem"), called: "crl.pem")
        let merged = try merge.merged(for: [company.x509], keys: [company], now: now)
        #expect(try CRLCoder.all(in: merged.pem).map { $0.entries.map(\.serial) } == [["0b"]])
        // A list that expires in a week would then lock all clients out.
        try scratch.write(merged.pem, to: "ours.pem")
        #expect(try scratch.openssl("crl -in ours.pem -CAfile ca.pem -noout").contains("verify OK"))
        #expect(
            try CRLCoder.all(in: merged.pem)[0].nextUpdate.map { $0 > now.addingTimeInterval(29 * 86400) }
                == true)
    }

    @Test func aListThatCannotBeReadStopsEverything() throws {
        #expect(throws: CredentialsError.self) { try merged(inForce: "garbage") }
        let half = try list(of: "aa").replacing("END X509", with: "END")
        #expect(throws: CredentialsError.self) { try merged(half) }
    }
}
