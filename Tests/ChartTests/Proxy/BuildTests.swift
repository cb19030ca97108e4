import FoundationEssentials
import LabSupport
import Testing

/// Real builds by buildx through the rendered proxy to a real BuildKit.
@Suite(.serialized) struct BuildTests {
    private static let clients = "[{name: alice, role: admin}, {name: bob, role: builder}]"

    @Test func anAdminBuildsAndPrunes() async throws {
        try await whileRunning { buildx, folder in
            try await build(with: buildx, as: "alice", in: folder)
            try await buildx("prune", "--builder", "alice", "--force")
            try await buildx("history", "ls", "--builder", "alice")
        }
    }

    @Test func aBuilderBuildsAndNoMore() async throws {
        try await whileRunning { buildx, folder in
            try await build(with: buildx, as: "bob", in: folder)
            for command in [["prune", "--force"], ["history", "ls"]] {
                let failure = await #expect(throws: LabFailure.self) {
                    try await buildx(command + ["--builder", "bob"])
                }
                #expect(failure?.description.contains("RBAC: access denied") == true, "\(command)")
            }
        }
    }

    private struct Buildx {
        let docker: Program

        func callAsFunction(_ arguments: String...) async throws {
            try await self(arguments)
        }

        func callAsFunction(_ arguments: [String]) async throws {
            try await docker.require(["buildx"] + arguments)
        }
    }

    private func register(_ client: String, with buildx: Buildx, at fixture: ProxyFixture) async throws {
        let certificates = fixture.certificates.folder
        try await buildx(
            "create", "--name", client, "--driver", "remote", "--driver-opt",
            "cacert=\(certificates)/outer.pem,servername=localhost"
                + ",cert=\(certificates)/\(client).pem,key=\(certificates)/\(client).key",
            "tcp://127.0.0.1:\(fixture.proxy.ports.buildkit)")
    }

    /// Builds one file and compares the result. The metadata file makes buildx query the build's history.
    private func build(with buildx: Buildx, as client: String, in folder: String) async throws {
        let proof = "\(client) \(UInt64.random(in: 0 ... .max))"
        for (name, text) in ["Dockerfile": "FROM scratch\nCOPY proof /\n", "proof": proof] {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/context/\(name)"))
        }
        try await buildx(
            "build", "--builder", client, "--output", "type=local,dest=\(folder)/\(client)",
            "--metadata-file", "\(folder)/metadata.json", "\(folder)/context")
        let result = try String(contentsOf: URL(filePath: "\(folder)/\(client)/proof"), encoding: .utf8)
        #expect(result == proof)
    }

    /// With a registered builder for each client, named after it.
    private func whileRunning(_ body: (Buildx, String) async throws -> Void) async throws {
        try await ProxyFixture.whileRunning(["proxy.clients": Self.clients], builder: .absent) { fixture in
            try await withTemporaryFolder { folder in
                for name in ["inner", "docker", "context"] {
                    try FileManager.default.createDirectory(
                        atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
                }
                let files = [
                    "server.crt": "buildkitd.pem", "server.key": "buildkitd.key", "ca.crt": "inner.pem",
                ]
                for (name, source) in files {
                    try fixture.certificates.data(source).write(to: URL(filePath: "\(folder)/inner/\(name)"))
                }
                let buildx = Buildx(docker: try Docker.configured(in: "\(folder)/docker"))
                // Before the registration, otherwise buildx would wait 20 s for the platforms of each builder.
                try await BuildKit.whileServing(port: fixture.builderPort, certificates: "\(folder)/inner") {
                    _ in
                    for client in ["alice", "bob"] { try await register(client, with: buildx, at: fixture) }
                    try await body(buildx, folder)
                }
            }
        }
    }
}
