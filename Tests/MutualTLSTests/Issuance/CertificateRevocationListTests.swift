import Foundation
@testable import MutualTLS
import Testing

struct RevocationsTests {
    @Test(arguments: KeyAlgorithm.allCases)
    func aListIsSignedByItsAuthority(algorithm: KeyAlgorithm) async throws {
        let scratch = try Scratch()
        let authority = try await CertificateAuthority.make(
            commonName: "test", algorithm: algorithm, days: 30, now: .now)
        try scratch.write(authority.certificate, to: "ca.pem")
        try scratch.write(CertificateRevocationList().signed(by: authority, now: .now), to: "crl.pem")
        #expect(try scratch.openssl("crl -in crl.pem -CAfile ca.pem -noout").contains("verify OK"))
        let text = try scratch.openssl("crl -in crl.pem -noout -text")
        #expect(text.contains("Version 2"))
        #expect(text.contains("No Revoked Certificates"))
        #expect(text.contains("X509v3 CRL Number"))
        #expect(text.contains("X509v3 Authority Key Identifier"))
    }

    @Test func aRevokedCertificateIsRefusedAndAnotherIsNot() async throws {
        let scratch = try Scratch()
        let authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: .now)
        let lost = try await authority.issue(.client(name: "lost"), days: 1, now: .now)
        let kept = try await authority.issue(.client(name: "kept"), days: 1, now: .now)
        var revocations = CertificateRevocationList()
        revocations.revoke(serial: lost.summary.serial, at: .now)
        revocations.revoke(serial: lost.summary.serial.uppercased(), at: .now)
        #expect(revocations.entries.count == 1)
        #expect(revocations.contains(serial: lost.summary.serial))
        try scratch.write(authority.certificate, to: "ca.pem")
        try scratch.write(lost.certificate, to: "lost.pem")
        try scratch.write(kept.certificate, to: "kept.pem")
        try scratch.write(revocations.signed(by: authority, now: .now), to: "crl.pem")
        let verify = "verify -x509_strict -crl_check -CAfile ca.pem -CRLfile crl.pem"
        try scratch.openssl(verify, "kept.pem")
        #expect(try scratch.openssl(verify, "lost.pem", failing: true).contains("certificate revoked"))
    }

    @Test func aKeptListIsContinued() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 36500, now: .now)
        var revocations = CertificateRevocationList()
        // Serials of other tools may have their top bit set, or few octets; dates may lie beyond 2049.
        let dates = [
            Date.now, Date(timeIntervalSince1970: 2_700_000_000), Date(timeIntervalSince1970: 1_000_000_000),
        ]
        for (serial, date) in zip(["ff00", "01", "7f3344"], dates) {
            revocations.revoke(serial: serial, at: date)
        }
        let pem = try revocations.signed(by: authority, now: .now)
        var read = try CertificateRevocationList(pem: pem)
        #expect(read.number == 4)
        #expect(read.entries.map(\.serial) == ["ff00", "01", "7f3344"])
        for (entry, date) in zip(read.entries, dates) {
            #expect(entry.date.timeIntervalSince1970 == date.timeIntervalSince1970.rounded(.down))
        }
        let scratch = try Scratch()
        read.revoke(serial: "abcd", at: .now)
        try scratch.write(authority.certificate, to: "ca.pem")
        try scratch.write(read.signed(by: authority, now: .now), to: "crl.pem")
        try scratch.openssl("crl -in crl.pem -CAfile ca.pem -noout")
        let text = try scratch.openssl("crl -in crl.pem -noout -text")
        for serial in ["FF00", "01", "7F3344", "ABCD"] {
            #expect(text.contains("Serial Number: \(serial)\n"))
        }
        #expect(text.contains("2055"))
    }

    @Test(arguments: [
        "", "-----BEGIN X509 CRL-----\nAAAA\n", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
    ])
    func aDamagedListIsRefused(text: String) throws {
        let error = try #require(throws: CredentialsError.self) { try CertificateRevocationList(pem: text) }
        #expect(error.problem == .pem)
    }
}
