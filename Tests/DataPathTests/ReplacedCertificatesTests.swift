import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

@Suite struct ReplacedCertificatesTests {
    /// A changed Secret reaches a pod only after one or two minutes: until then the proxy rejects clients with new
    /// certificates, which is no reason to give up.
    @Test func anInstallThatChangesThemWaitsUntilTheProxyHasThem() async throws {
        try await withTemporaryFolder { folder in
            let (old, new) = (
                try await certificates(in: "\(folder)/old"), try await certificates(in: "\(folder)/new")
            )
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let pods = LocalPods(namespace: namespace)
                let port = try freePort()
                let install =
                    Installation.command(in: namespace, port: port) + [
                        "--certificates", "folder", "--servername", Installation.name, "--certs",
                    ]
                try await pods.whileRunning {
                    try await laptop.installer.require(install + [old])
                    try await laptop.installer.whileRunning(
                        install + [new, "--take-over", "--output", "json"], ready: #""type":"checks""#
                    ) { installing in
                        try await eventually("the new certificates are refused") {
                            installing.log.contains("does not respond yet: ")
                        }
                        try await pods.refresh()
                        try await eventually("the install has ended") {
                            installing.log.contains(#""type":"result""#)
                        }
                        #expect(installing.log.contains(#""exitStatus":0"#))
                        #expect(installing.log.contains("Replace the Secret buildkit-envoy-certs"))
                    }
                    #expect(try await SampleBuild(in: folder).run(with: laptop.docker) == "0\n")

                    // Clients with the old certificates are rejected.
                    let attempt = ProofAttempt(on: laptop, folder: "\(old)/client", port: port)
                    let sentence = "is not signed by the CA in \(old)/client/ca.pem"
                    #expect(await attempt.run().failure?.message.contains(sentence) == true)
                }
            }
        }
    }

    private func certificates(in folder: String) async throws -> String {
        try await CertificateFolder(path: folder).issue(
            CertificateOrder(names: [SubjectName(Installation.name)], client: "alice"), now: Date())
        return folder
    }
}
