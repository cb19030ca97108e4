import Installer
import LabSupport
import MutualTLS

/// An installation that a user has just created with the built installer, with running pods.
struct Installation: Sendable {
    let laptop: Laptop
    let namespace: Namespace
    let pods: LocalPods
    /// The port of the proxy on 127.0.0.1.
    let port: Int
    let certificates: CertificateFolder
    /// The result of the installer.
    let outcome: Outcome
    /// A folder for other files of the test.
    let folder: String

    /// The name in the server certificate. No DNS server knows it: buildx has to be configured to expect it.
    static let name = "builder.test"

    /// Installs into a new namespace, and runs `body` with the result.
    /// - Parameters:
    ///   - flags: in addition to the common ones.
    ///   - certificates: a folder with existing certificates; nil: they are issued into the installer's own folder.
    ///   - isShared: whether the tests of a suite share it.
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

    /// The command line of an install whose builder is reached on this machine. Failures occur before the timeout.
    static func command(in namespace: Namespace, port: Int) -> [String] {
        [
            "install", "--namespace", namespace.name, "--exposure", "load-balancer", "--port", "\(port)",
            "--cache", "none", "--timeout", "300", "--yes",
        ]
    }
}
