import LabSupport
import MutualTLS

/// An installation that a user has just made with the built installer, and whose pods run.
struct Installation: Sendable {
    let laptop: Laptop
    let namespace: Namespace
    /// Where the proxy listens on 127.0.0.1.
    let port: Int
    /// What the installer said.
    let outcome: Outcome
    /// An empty folder for the test.
    let folder: String

    /// The name that the server's certificate bears. Nobody's DNS knows it: buildx has to be told to expect it.
    static let name = "builder.test"

    /// Installs into a new namespace, and gives `body` what came of it.
    /// - Parameter flags: on top of those that every install here gets.
    static func whileRunning(
        _ flags: String..., body: @escaping @Sendable (Installation) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let port = try freePort()
                try await LocalPods(namespace: namespace).whileRunning {
                    let outcome = try await laptop.installer.run(
                        Self.command(in: namespace, port: port) + ["--sans", name] + flags)
                    guard outcome.succeeded else { throw LabFailure(outcome.errors + outcome.output) }
                    try await body(
                        Installation(
                            laptop: laptop, namespace: namespace, port: port, outcome: outcome, folder: folder
                        ))
                }
            }
        }
    }

    /// The command line of an install that ends at the pods of this machine.
    static func command(in namespace: Namespace, port: Int) -> [String] {
        [
            "install", "--namespace", namespace.name, "--exposure", "load-balancer", "--port", "\(port)",
            "--cache", "none", "--timeout", "60", "--yes",
        ]
    }

    /// Where the installer keeps the certificates by default.
    var certificates: CertificateFolder {
        CertificateFolder(
            path: "\(laptop.home)/.config/buildkit-installer/\(context)/\(namespace.name)/buildkit/certs")
    }

    private var context: String { "test" }
}
