import FoundationEssentials
import LabSupport
import Testing

/// A CA in the folder that cannot sign: `issue` says why, and writes no certificate.
@Suite struct AuthorityFilesTests {
    @Test func aKeyOfAnotherAuthorityIsRefused() async throws {
        try await withAuthority { machine, certs in
            let other = "\(machine.root)/other"
            try await machine.installer.require("issue", "--certs", other, "--sans", "a.example")
            try replace("\(certs)/authority/key.pem", with: "\(other)/authority/key.pem")
            try await expectRefusal("The CA key does not match the CA certificate", machine, certs)
        }
    }

    @Test func aServersCertificateIsNoAuthority() async throws {
        try await withAuthority { machine, certs in
            let other = "\(machine.root)/other"
            try await machine.installer.require("issue", "--certs", other, "--sans", "a.example")
            try replace("\(certs)/authority/ca.pem", with: "\(other)/daemon/cert.pem")
            try replace("\(certs)/authority/key.pem", with: "\(other)/daemon/key.pem")
            try await expectRefusal("is not a CA certificate", machine, certs)
        }
    }

    @Test func anExpiredAuthoritySignsNothing() async throws {
        try await withAuthority { machine, certs in
            let (request, extensions) = ("\(machine.root)/request.pem", "\(machine.root)/extensions")
            try Data("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n".utf8)
                .write(to: URL(filePath: extensions))
            let openssl = Program("openssl")
            let key = "\(certs)/authority/key.pem"
            try await openssl.require("req", "-new", "-key", key, "-subj", "/CN=old", "-out", request)
            // Openssl signs backwards in time without complaint.
            try await openssl.require(
                "x509", "-req", "-in", request, "-signkey", key, "-days", "-1", "-extfile", extensions,
                "-out", "\(certs)/authority/ca.pem")
            try await expectRefusal("would outlive its CA", machine, certs)
        }
    }

    /// A folder with nothing but a CA.
    private func withAuthority(_ body: (Machine, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let machine = try Machine(in: folder, tools: [:])
            let certs = "\(folder)/certs"
            try await machine.installer.require("issue", "--certs", certs, "--sans", "a.example")
            for part in ["daemon", "client", "inner"] {
                try FileManager.default.removeItem(atPath: "\(certs)/\(part)")
            }
            try FileManager.default.removeItem(atPath: "\(certs)/authority/issued")
            try await body(machine, certs)
        }
    }

    private func replace(_ path: String, with other: String) throws {
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: other, toPath: path)
    }

    private func expectRefusal(
        _ words: String, _ machine: Machine, _ certs: String, at location: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await machine.installer.run("issue", "--certs", certs, "--sans", "b.example")
        #expect(outcome.status == 1, "\(outcome)", sourceLocation: location)
        #expect(outcome.errors.contains(words), "\(outcome)", sourceLocation: location)
        let made = try machine.files(below: "certs").filter { $0.hasSuffix("cert.pem") }
        #expect(made == [], sourceLocation: location)
    }
}
