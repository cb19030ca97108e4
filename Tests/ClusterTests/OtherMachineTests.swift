import FoundationEssentials
import LabSupport
import Testing

/// What another machine has rotated, and what a machine can do that has only rotated.
@Suite struct OtherMachineTests {
    /// Its CA is no longer trusted, so it signs nothing more: the server keeps its certificate until the other one's CA is
    /// dropped, and every client that has access keeps it.
    @Test func aMachineWhoseCAWasReplacedIntroducesAnotherOne() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let other = try Laptop(
                in: "\(installation.folder)/other", kubeconfig: installation.cluster.kubeconfig)
            let theirs =
                "\(other.home)/.config/buildkit-installer/test/\(installation.namespace)/buildkit/certs"
            let rotate = ["rotate", "--yes", "--verify", "no", "--namespace", installation.namespace]
            for flags in [["--renew", "authority", "--take-over"], ["--finish", "--force"]] {
                let replaced = try await other.installer.run(rotate + flags)
                #expect(replaced.succeeded, "\(replaced)")
            }
            let before = try await installation.envoySecret()
            let refused = try await installation.rotate()
            #expect(refused.status == 69, "\(refused)")
            #expect(refused.errors.contains(/rotate .*--renew authority --take-over/), "\(refused)")
            #expect(try await installation.envoySecret() == before)

            let introduced = try await installation.rotate("--renew", "authority", "--take-over")
            #expect(introduced.succeeded, "\(introduced)")
            let after = try await installation.envoySecret()
            #expect(after["server.pem"] == before["server.pem"])
            #expect(after["ca.pem"]?.ranges(of: "BEGIN CERTIFICATE").count == 2)
            #expect(after["ca.pem"]?.contains(before["ca.pem"] ?? "none") == true)
            let own = installation.path(of: "certs")
            for certs in [own, theirs] {
                let verdict = try await installation.verdict(between: "\(certs)/client")
                #expect(verdict.ranges(of: ": OK").count == 2, "\(verdict)")
            }
            // The key of the other one's CA is not here.
            let early = try await installation.rotate()
            #expect(early.status == 1, "\(early)")
            #expect(early.errors.contains(/rotate .*--finish/), "\(early)")
            let installed = try await installation.install()
            #expect(installed.output.contains("Nothing to change"), "\(installed)")

            let finished = try await installation.rotate("--finish", "--force")
            #expect(finished.succeeded, "\(finished)")
            let verdict = try await installation.verdict(between: "\(own)/client")
            #expect(verdict.ranges(of: ": OK").count == 2, "\(verdict)")
            #expect(try await installation.rotate().succeeded)
            #expect(try await other.installer.run(rotate).status == 69)
        }
    }

    /// It has neither the internal certificates nor the settings. BuildKit keeps its certificates.
    @Test func aMachineThatHasOnlyRotatedCanInstall() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let other = try Laptop(
                in: "\(installation.folder)/other", kubeconfig: installation.cluster.kubeconfig)
            let certs =
                "\(other.home)/.config/buildkit-installer/test/\(installation.namespace)/buildkit/certs"
            try FileManager.default.createDirectory(atPath: certs, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: installation.path(of: "certs/authority"), toPath: "\(certs)/authority")
            let rotated = try await other.installer.run([
                "rotate", "--yes", "--verify", "no", "--namespace", installation.namespace,
            ])
            #expect(rotated.succeeded, "\(rotated)")
            func builder() async throws -> String {
                try await installation.cluster.kubectl.require(
                    "get", "secret/buildkit-secrets", "deployment/buildkit-builder", "--namespace",
                    installation.namespace, "--output", "jsonpath={.items[*].data}{.items[*].spec.template}")
            }
            let before = try await builder()
            for _ in 1...2 {
                let installed = try await other.installer.run(["install", "--yes"] + installation.answers)
                #expect(installed.succeeded, "\(installed)")
                #expect(!installed.output.contains("internal certificate"), "\(installed)")
            }
            #expect(try await builder() == before)
            #expect(!FileManager.default.fileExists(atPath: "\(certs)/inner"))
        }
    }

    /// Made manually, and handed over: the key of the clients' CA is here. They have the CA of the server, and the proxy has not.
    @Test func theOwnCAOfAServerCertificateIsReplacedByConsentAlone() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let (name, own) = (installation.namespace, installation.path(of: "certs"))
                try await installation.laptop.installer.require(
                    "issue", "--certs", own, "--sans", "localhost", "--namespace", name)
                try await installation.makeSecretsByHand(from: "\(installation.folder)/servers")
                let authority = try Data(contentsOf: URL(filePath: "\(own)/authority/ca.pem"))
                try await installation.cluster.kubectl.require(
                    "patch", "secret", "buildkit-envoy-certs", "--namespace", name, "--patch",
                    #"{"data": {"ca.pem": "\#(authority.base64EncodedString())"}}"#)
                let before = try await installation.envoySecret()
                for refused in [
                    try await installation.rotate(), try await installation.rotate("--renew", "authority"),
                ] {
                    #expect(refused.status == 69, "\(refused)")
                    #expect(refused.errors.contains("has another CA than those in it"), "\(refused)")
                }
                #expect(try await installation.envoySecret() == before)
            }
        }
    }
}

extension Installation {
    /// The verdicts of openssl on the files of a client by the CAs and lists of the cluster, and on the server certificate of
    /// the cluster by the CAs of the client.
    fileprivate func verdict(between client: String) async throws -> String {
        let secret = try await envoySecret()
        let (both, server) = ("\(folder)/both.pem", "\(folder)/server.pem")
        try Data(((secret["ca.pem"] ?? "") + (secret["crl.pem"] ?? "")).utf8).write(to: URL(filePath: both))
        try Data((secret["server.pem"] ?? "").utf8).write(to: URL(filePath: server))
        var text = ""
        for words in [
            ["-crl_check", "-CAfile", both, "\(client)/cert.pem"], ["-CAfile", "\(client)/ca.pem", server],
        ] {
            let outcome = try await Program("openssl").run(["verify"] + words)
            text += outcome.output + outcome.errors
        }
        return text
    }
}
