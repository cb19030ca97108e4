import LabSupport
import MutualTLS
import Testing

/// The files that an install creates, verified by openssl.
@Suite struct BroughtCertificateTests {
    private static let openssl = Program("openssl")

    @Test(arguments: KeyAlgorithm.allCases)
    func everyCertificateIsGoodForItsPurposeAndNoOtherAndEveryKeyIsPrivate(algorithm: KeyAlgorithm)
        async throws
    {
        try await Installation.whileRunning(["--key-algorithm", algorithm.rawValue]) { installation in
            let path = installation.certificates.path
            try await expectPrivacy(of: path)
            let pairs = [
                (
                    authority: "daemon/ca", server: "daemon/cert", client: "client/cert",
                    name: Installation.name
                ),
                (
                    authority: "inner/ca", server: "inner/server-cert", client: "inner/client-cert",
                    name: "buildkitd"
                ),
            ]
            for pair in pairs {
                let verify = ["verify", "-x509_strict", "-CAfile", "\(path)/\(pair.authority).pem"]
                let (server, client) = ("\(path)/\(pair.server).pem", "\(path)/\(pair.client).pem")
                try await Self.openssl.require(
                    verify + ["-purpose", "sslserver", "-verify_hostname", pair.name, server])
                try await Self.openssl.require(verify + ["-purpose", "sslclient", client])
                for (purpose, file) in [("sslclient", server), ("sslserver", client)] {
                    let outcome = try await Self.openssl.run(verify + ["-purpose", purpose, file])
                    #expect(outcome.status == 2, "\(file) must not be good as \(purpose)")
                }
            }
            let names = try await Self.openssl.require(
                "x509", "-in", "\(path)/client/cert.pem", "-noout", "-ext", "subjectAltName")
            #expect(names.contains("URI:spiffe://buildkit/client/admin"))
            let list = ["-crl_check", "-CRLfile", "\(path)/authority/crl.pem"]
            try await Self.openssl.require(
                ["verify", "-x509_strict", "-CAfile", "\(path)/authority/ca.pem"] + list + [
                    "\(path)/client/cert.pem"
                ])
        }
    }

    /// Only the owner can access folders and keys.
    private func expectPrivacy(of path: String) async throws {
        let find = Program("find")
        let open = try await find.require(
            path, "(", "-type", "d", "-not", "-perm", "0700", ")", "-o", "(", "-name", "*key.pem", "-not",
            "-perm",
            "0600", ")")
        #expect(open == "")
        #expect(try await find.require(path, "-name", "*key.pem").split(separator: "\n").count == 5)
    }
}
