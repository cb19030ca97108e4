import FoundationEssentials
@testable import Installer
import LabSupport

/// Runs `body` over a shared connection, or with one kubectl for each command.
func connected<Result: Sendable>(
    _ dependencies: Dependencies, _ isShared: Bool, _ body: (Dependencies) async throws -> Result
) async throws -> Result {
    var dependencies = dependencies
    dependencies.sharesConnections = isShared
    return try await ClusterConnection.sharing(dependencies, body)
}

/// A machine whose kubectl notes its verbs in a file.
func withNotedKubectl(
    _ body: (Dependencies, Namespace, _ log: String) async throws -> Void
) async throws {
    try await ControlPlane.withNamespace { namespace in
        try await withTemporaryFolder { folder in
            let kubeconfig = try await ControlPlane.shared.kubeconfig
            let laptop = try Laptop(in: folder, kubeconfig: kubeconfig)
            let kubectl = try laptop.target(of: "kubectl")
            let log = "\(folder)/kubectl.log"
            let place = "\(laptop.programs)/kubectl"
            // Not by replace(_:with:), which prevents the start of a proxy.
            try FileManager.default.removeItem(atPath: place)
            try StandIn.write("echo \"$1\" >> '\(log)'\nexec '\(kubectl)' \"$@\"", to: place)
            let environment = [
                "PATH": laptop.programs, "HOME": laptop.home, "KUBECONFIG": kubeconfig, "TMPDIR": folder,
            ]
            let dependencies = Dependencies(
                runner: ProcessRunner(environment: environment), environment: environment,
                home: laptop.home)
            try await body(dependencies, namespace, log)
        }
    }
}
