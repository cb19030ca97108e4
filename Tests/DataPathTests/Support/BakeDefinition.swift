import FoundationEssentials
import LabSupport

/// A bake definition that creates certificates with mkcert, like BuildKit's own, but from parts on this machine and
/// without a network.
struct BakeDefinition {
    private static let bake = """
        variable "SAN" { default = "127.0.0.1" }
        target "default" {
          args = { SAN = SAN }
          network = "none"
          output = ["./.certs"]
        }
        """
    private static let dockerfile = """
        FROM scratch AS certificates
        COPY root /
        WORKDIR /out
        ENV PATH=/bin CAROOT=/authority
        ARG SAN
        RUN mkdir -p /authority daemon client \\
         && mkcert -cert-file daemon/cert.pem -key-file daemon/key.pem $SAN \\
         && mkcert -client -cert-file client/cert.pem -key-file client/key.pem client \\
         && cp /authority/rootCA.pem daemon/ca.pem && cp /authority/rootCA.pem client/ca.pem
        FROM scratch
        COPY --from=certificates /out /
        """

    private let folder: String

    /// - Parameter folder: a folder to create.
    init(in folder: String) async throws {
        self.folder = folder
        let root = try ContainerRoot(at: "\(folder)/definition/root", applets: ["sh", "mkdir", "cp"])
        try await root.add(LabPart.mkcert.path)
        try Data(Self.bake.utf8).write(to: URL(filePath: "\(folder)/definition/docker-bake.hcl"))
        try Data(Self.dockerfile.utf8).write(to: URL(filePath: "\(folder)/definition/Dockerfile"))
        let git = Program("git", environment: Self.author)
        try await git.require("-C", "\(folder)/definition", "init", "--quiet", "--initial-branch", "main")
        try await git.require("-C", "\(folder)/definition", "add", ".")
        try await git.require("-C", "\(folder)/definition", "commit", "--quiet", "--message", "Definition")
    }

    /// Independent of the user who runs the test, and of the user's configuration.
    private static let author: [String: String?] = [
        "GIT_AUTHOR_NAME": "test", "GIT_AUTHOR_EMAIL": "test", "GIT_COMMITTER_NAME": "test",
        "GIT_COMMITTER_EMAIL": "test", "GIT_CONFIG_GLOBAL": "/dev/null",
    ]

    /// Serves it while `body` runs, which receives its address.
    func whileServed<Result: Sendable>(_ body: (String) async throws -> Result) async throws -> Result {
        let port = try freePort()
        let server = [
            "daemon", "--listen=127.0.0.1", "--port=\(port)", "--base-path=\(folder)", "--export-all",
            "--verbose",
        ]
        return try await Program("git").whileRunning(server, ready: "Ready to rumble") { _ in
            try await body("git://127.0.0.1:\(port)/definition#main")
        }
    }
}
