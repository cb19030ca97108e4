import LabSupport
import Testing

@Suite struct BakeTests {
    @Test func certificatesThatTheCurrentBuilderBakesServeAnInstall() async throws {
        try await withTemporaryFolder { folder in
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let (port, oven) = (try freePort(), try freePort())
                try await laptop.docker.require(
                    "buildx", "create", "--name", "oven", "--use", "--driver", "remote",
                    "tcp://127.0.0.1:\(oven)")
                try await BuildKit.whileServing(port: oven) { _ in
                    try await BakeDefinition(in: "\(folder)/bake").whileServed { definition in
                        try await LocalPods(namespace: namespace).whileRunning {
                            let outcome = try await laptop.installer.run(
                                Installation.command(in: namespace, port: port) + [
                                    "--sans", "\(Installation.name),127.0.0.1", "--certificates", "bake",
                                    "--bake-definition", definition, "--certs", "\(folder)/certs",
                                ])
                            #expect(outcome.succeeded, "\(outcome.errors)\(outcome.output)")
                            #expect(try await SampleBuild(in: folder).run(with: laptop.docker) == "0\n")
                        }
                    }
                }
                let names = try await Program("openssl").require(
                    "x509", "-in", "\(folder)/certs/daemon/cert.pem", "-noout", "-ext", "subjectAltName")
                #expect(names.contains("DNS:\(Installation.name), IP Address:127.0.0.1"))
            }
        }
    }
}
