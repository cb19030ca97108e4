import FoundationEssentials
import LabSupport
import Testing

struct BuildKitTests {
    @Test func buildxBuildsWithARunStepOverPlainTCP() async throws {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            try await BuildKit.whileServing(port: port) { _ in
                let docker = try Docker.configured(in: folder)
                try await docker.require(
                    "buildx", "create", "--name", "plain", "--driver", "remote", "tcp://127.0.0.1:\(port)")
                #expect(try await SampleBuild(in: folder).run(with: docker, builder: "plain") == "0\n")
            }
        }
    }

    @Test func buildKitDemandsTheCertificateOfItsAuthority() async throws {
        try await withTemporaryFolder { folder in
            try await makeCertificates(in: folder)
            let port = try freePort()
            let files = ["cacert=\(folder)/ca.crt", "cert=\(folder)/client.crt", "key=\(folder)/client.key"]
            try await BuildKit.whileServing(port: port, certificates: folder) { _ in
                let docker = try Docker.configured(in: folder)
                let create = ["buildx", "create", "--driver", "remote", "tcp://localhost:\(port)"]
                try await docker.require(
                    create + ["--name", "known", "--driver-opt", files.joined(separator: ",")])
                try await docker.require(create + ["--name", "unknown", "--driver-opt", files[0]])
                #expect(try await SampleBuild(in: folder).run(with: docker, builder: "known") == "0\n")
                let refused = try await docker.require("buildx", "inspect", "unknown")
                #expect(refused.contains("Status:         inactive"))
            }
        }
    }

    private func makeCertificates(in folder: String) async throws {
        let openssl = Program("openssl")
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try await openssl.require(
            ["req", "-x509", "-subj", "/CN=ca", "-keyout", "\(folder)/ca.key", "-out", "\(folder)/ca.crt"]
                + newKey)
        for name in ["server", "client"] {
            try await openssl.require(
                [
                    "req", "-x509", "-subj", "/CN=\(name)", "-CA", "\(folder)/ca.crt", "-CAkey",
                    "\(folder)/ca.key", "-addext", "subjectAltName=DNS:localhost",
                    "-addext", "basicConstraints=critical,CA:FALSE",
                    "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).crt",
                ] + newKey)
        }
    }
}
