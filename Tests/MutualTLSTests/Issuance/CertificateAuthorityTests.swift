import Foundation
@testable import MutualTLS
import Testing

/// Issued certificates, verified by OpenSSL's strictest checks.
struct IssuingTests {
    let names = ["builder.example.com", "*.db.example.com", "10.0.0.12", "fd00::12"]

    @Test(arguments: KeyAlgorithm.allCases)
    func everyCertificateIsGoodForItsPurposeAndForNoOther(algorithm: KeyAlgorithm) async throws {
        let scratch = try Scratch()
        let now = Date()
        let authority = try await CertificateAuthority.make(
            commonName: "test authority", algorithm: algorithm, days: 3650, now: now)
        let server = try await authority.issue(
            .server(names: names.map { try SubjectName($0) }), algorithm: algorithm, days: 90, now: now)
        let client = try await authority.issue(
            .client(name: "laptop"), algorithm: algorithm, days: 90, now: now)
        try scratch.write(authority.certificate, to: "ca.pem")
        try scratch.write(authority.key.revealed, to: "ca-key.pem")
        for (name, identity) in [("server", server), ("client", client)] {
            try scratch.write(identity.certificate, to: "\(name).pem")
            try scratch.write(identity.key.revealed, to: "\(name)-key.pem")
        }

        let verify = "verify -x509_strict -CAfile ca.pem"
        try scratch.openssl(verify, "-purpose sslserver server.pem")
        try scratch.openssl(verify, "-purpose sslclient client.pem")
        try scratch.openssl(verify, "-purpose sslclient server.pem", failing: true)
        try scratch.openssl(verify, "-purpose sslserver client.pem", failing: true)
        for host in ["builder.example.com", "x.db.example.com"] {
            try scratch.openssl(verify, "-verify_hostname \(host) server.pem")
        }
        for address in ["10.0.0.12", "fd00::12"] {
            try scratch.openssl(verify, "-verify_ip \(address) server.pem")
        }
        try scratch.openssl(verify, "-verify_hostname other.example.com server.pem", failing: true)

        for name in ["ca", "server", "client"] {
            #expect(try scratch.text(of: "\(name)-key.pem").hasPrefix("-----BEGIN PRIVATE KEY-----"))
            let inCertificate = try scratch.openssl("x509 -in \(name).pem -noout -pubkey")
            #expect(try scratch.openssl("pkey -in \(name)-key.pem -pubout") == inCertificate)
        }
        let text = try scratch.openssl("x509 -in ca.pem -noout -text")
        #expect(text.contains("CA:TRUE, pathlen:0"))
        #expect(text.contains("Certificate Sign, CRL Sign"))
        #expect(
            try scratch.openssl("x509 -in client.pem -noout -text").contains(
                "URI:spiffe://buildkit/client/laptop"))
    }

    @Test func summariesSayWhatOpenSSLSays() async throws {
        let scratch = try Scratch()
        let authority = try await CertificateAuthority.make(commonName: "test authority", days: 10, now: .now)
        let identity = try await authority.issue(
            .server(names: names.map { try SubjectName($0) }), days: 5, now: .now)
        try scratch.write(identity.certificate, to: "server.pem")
        let summary = try CertificateSummary(pem: identity.certificate)
        #expect(summary == identity.summary)
        #expect(summary.names.map(\.description) == names)
        #expect(summary.role == .server)
        #expect(summary.algorithm == "P-256")
        #expect(summary.subject == "CN=builder.example.com")
        #expect(summary.issuer == "CN=test authority")
        #expect(
            try scratch.openssl("x509 -in server.pem -noout -serial")
                == "serial=\(summary.serial.uppercased())\n")
        let fingerprint = try scratch.openssl("x509 -in server.pem -noout -fingerprint -sha256")
        #expect(fingerprint.lowercased().replacing(":", with: "").contains(summary.fingerprint))
        #expect(summary.daysLeft(.now) == 4)
        #expect(summary.daysLeft(.now.addingTimeInterval(6 * 86400)) == -2)
    }

    @Test func serialsHaveTwentyOctetsAndDiffer() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 10, now: .now)
        var serials: Set<String> = []
        for _ in 0..<50 {
            let serial = try await authority.issue(.client(name: "a"), days: 1, now: .now).summary.serial
            #expect(serial.count == 40)
            #expect(serial < "80")
            serials.insert(serial)
        }
        #expect(serials.count == 50)
    }

    @Test func aLeafNeverOutlivesItsAuthority() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: .now)
        let error = try await #require(throws: CredentialsError.self) {
            try await authority.issue(.client(name: "a"), days: 31, now: .now)
        }
        #expect(error.problem == .lifetime)
        #expect(error.sentence.contains("would outlive its CA, which expires on "))
        let late = try await #require(throws: CredentialsError.self) {
            try await authority.issue(
                .client(name: "a"), days: 1, now: Date(timeIntervalSinceNow: 31 * 86_400))
        }
        #expect(late.sentence.contains("would outlive its CA, which expired on "))
    }

    @Test(arguments: [0, -1, 36501, .max, .min])
    func impossibleLifetimesAreRefused(days: Int) async throws {
        let error = try await #require(throws: CredentialsError.self) {
            try await CertificateAuthority.make(commonName: "test", days: days, now: .now)
        }
        #expect(error.problem == .lifetime)
    }

    @Test func aServerNeedsANameAndAClientAGoodOne() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: .now)
        for profile in [CertificateProfile.server(names: []), .client(name: "Not Good")] {
            let error = try await #require(throws: CredentialsError.self) {
                try await authority.issue(profile, days: 1, now: .now)
            }
            #expect(error.problem == .name)
            #expect(!error.hint.isEmpty)
        }
    }

    @Test func threeHundredNamesFit() async throws {
        let scratch = try Scratch()
        let authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: .now)
        let names = try (0..<300).map { try SubjectName("host-\($0).example.com") }
        let identity = try await authority.issue(.server(names: names), days: 1, now: .now)
        #expect(identity.summary.names == names)
        try scratch.write(authority.certificate, to: "ca.pem")
        try scratch.write(identity.certificate, to: "server.pem")
        try scratch.openssl(
            "verify -x509_strict -CAfile ca.pem -verify_hostname host-299.example.com server.pem")
    }

    @Test func anAuthorityIsTakenUpAgain() async throws {
        let made = try await CertificateAuthority.make(commonName: "test", days: 30, now: .now)
        let loaded = try CertificateAuthority(certificate: made.certificate, key: made.key)
        let scratch = try Scratch()
        try scratch.write(made.certificate, to: "ca.pem")
        try scratch.write(
            try await loaded.issue(.client(name: "second"), days: 1, now: .now).certificate, to: "client.pem")
        try scratch.openssl("verify -x509_strict -CAfile ca.pem -purpose sslclient client.pem")
    }

    @Test func anAuthorityOfAnotherToolSignsToo() async throws {
        let scratch = try Scratch()
        for key in ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-384", "ed25519"] {
            try scratch.openssl(
                "req -x509 -newkey \(key) -nodes -days 30 -subj /CN=foreign -keyout ca-key.pem -out ca.pem")
            let authority = try CertificateAuthority(
                certificate: scratch.text(of: "ca.pem"), key: SecretText(scratch.text(of: "ca-key.pem")))
            try scratch.write(
                try await authority.issue(.client(name: "a"), days: 1, now: .now).certificate,
                to: "client.pem")
            try scratch.openssl("verify -CAfile ca.pem -purpose sslclient client.pem")
            try scratch.write(CertificateRevocationList().signed(by: authority, now: .now), to: "crl.pem")
            try scratch.openssl("crl -in crl.pem -CAfile ca.pem -noout")
        }
    }

    @Test func aKeyOfAnotherAuthorityIsRefused() async throws {
        let one = try await CertificateAuthority.make(commonName: "one", days: 30, now: .now)
        let other = try await CertificateAuthority.make(commonName: "other", days: 30, now: .now)
        let error = try #require(throws: CredentialsError.self) {
            try CertificateAuthority(certificate: one.certificate, key: other.key)
        }
        #expect(error.problem == .key)
        let leaf = try await one.issue(.client(name: "a"), days: 1, now: .now)
        #expect(throws: CredentialsError.self) {
            try CertificateAuthority(certificate: leaf.certificate, key: leaf.key)
        }
    }

    @Test func keysAreNeverShown() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: .now)
        let identity = try await authority.issue(.client(name: "a"), days: 1, now: .now)
        var dumped = ""
        dump(authority, to: &dumped)
        dump(identity, to: &dumped)
        dumped += "\(authority) \(identity) \(String(reflecting: identity)) \(PEMInput.text(identity.key))"
        for key in [authority.key, identity.key] {
            for line in key.revealed.split(separator: "\n") where !line.hasPrefix("-----") {
                #expect(!dumped.contains(line))
            }
        }
    }
}
