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
                #expect(try await build(with: docker, builder: "plain", in: folder) == "0\n")
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
                #expect(try await build(with: docker, builder: "known", in: folder) == "0\n")
                let refused = try await docker.require("buildx", "inspect", "unknown")
                #expect(refused.contains("Status:         inactive"))
            }
        }
    }

    /// Builds on a root file system of the machine's own BusyBox, and gives what the RUN step has written.
    private func build(with docker: Program, builder: String, in folder: String) async throws -> String {
        let dockerfile = """
            FROM scratch
            COPY --from=tools / /
            RUN ["/sh", "-c", "/id -u > /user"]
            FROM scratch
            COPY --from=0 /user /
            """
        let tools = "\(folder)/tools"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        let busybox = try LabPart.busybox.path
        for name in ["sh", "id"] {
            try FileManager.default.copyItem(atPath: busybox, toPath: "\(tools)/\(name)")
        }
        try Data(dockerfile.utf8).write(to: URL(filePath: "\(folder)/Dockerfile"))
        try await docker.require(
            "buildx", "build", "--builder", builder, "--network", "none", "--build-context", "tools=\(tools)",
            "--output", "type=local,dest=\(folder)/out", "--file", "\(folder)/Dockerfile", tools)
        return try String(contentsOf: URL(filePath: "\(folder)/out/user"), encoding: .utf8)
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
