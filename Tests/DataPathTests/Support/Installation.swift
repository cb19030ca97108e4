import Installer
import LabSupport
import MutualTLS

/// An installation that a user has just made with the built installer, and whose pods run.
struct Installation: Sendable {
    let laptop: Laptop
    let namespace: Namespace
    let pods: LocalPods
    /// Where the proxy listens on 127.0.0.1.
    let port: Int
    let certificates: CertificateFolder
    /// What the installer said.
    let outcome: Outcome
    /// A folder for what the test needs besides.
    let folder: String

    /// The name that the server's certificate bears. Nobody's DNS knows it: buildx has to be told to expect it.
    static let name = "builder.test"

    /// Installs into a new namespace, and gives `body` what came of it.
    /// - Parameters:
    ///   - flags: on top of those that every install here gets.
    ///   - certificates: a folder that holds some already; nil: they are issued where the installer keeps them.
    ///   - isShared: whether a suite's tests have it in common.
    static func whileRunning(
        _ flags: [String] = [], certificates: CertificateFolder? = nil, isShared: Bool = false,
        body: (Installation) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await ControlPlane.withNamespace { namespace in
                let laptop = try Laptop(in: "\(folder)/laptop", kubeconfig: namespace.kubeconfig)
                let pods = LocalPods(namespace: namespace)
                let port = try freePort()
                let folderFlag = certificates.map { ["--certs", $0.path] } ?? []
                try await pods.whileRunning(isShared: isShared) {
                    let outcome = try await laptop.installer.run(
                        command(in: namespace, port: port) + ["--sans", name] + folderFlag + flags)
                    guard outcome.succeeded else { throw LabFailure(outcome.errors + outcome.output) }
                    let installation = InstallationID(
                        context: "test", namespace: namespace.name, release: "buildkit")
                    let own = InstallerPaths(home: laptop.home, environment: [:]).certificates(
                        of: installation)
                    try await body(
                        Installation(
                            laptop: laptop, namespace: namespace, pods: pods, port: port,
                            certificates: certificates ?? CertificateFolder(path: own), outcome: outcome,
                            folder: folder))
                }
            }
        }
    }

    /// The command line of an install whose builder is reached on this machine. What fails does so before its time is up.
    static func command(in namespace: Namespace, port: Int) -> [String] {
        [
            "install", "--namespace", namespace.name, "--exposure", "load-balancer", "--port", "\(port)",
            "--cache", "none", "--timeout", "300", "--yes",
        ]
    }
}
