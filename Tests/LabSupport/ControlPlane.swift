import FoundationEssentials

/// A real Kubernetes API server with its controllers and scheduler; pods become ready without running.
///
/// Its version is 1.20 and it has one node. A pod with "unready" in its image, or in its namespace/name, never
/// becomes ready (with "unready-probed" because its probe fails); other Services of type LoadBalancer get the address
/// 127.0.0.1.
public struct ControlPlane: Sendable {
    /// A kubeconfig with full permissions.
    public let kubeconfig: String

    /// The control plane of this process: a start takes six seconds, so tests share it, each in a separate namespace.
    public static var shared: ControlPlane {
        get async throws { try await sharedStart.value }
    }

    private static let sharedStart = Task {
        let folder = try makeTemporaryFolder()
        // Stopped and deleted when this process ends, for any reason.
        try await Program(.controlPlane).require(
            "up", folder, "--until-exit", "\(ProcessInfo.processInfo.processIdentifier)")
        return ControlPlane(kubeconfig: "\(folder)/kubeconfig")
    }

    /// Runs `body` with a new, empty namespace. It is deleted afterwards without waiting.
    public static func withNamespace<Result>(
        _ body: (Namespace) async throws -> Result
    ) async throws -> Result {
        let name = "test-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let namespace = try Namespace(name: name, kubeconfig: await shared.kubeconfig)
        try await namespace.kubectl.require("create", "namespace", name)
        do {
            let result = try await body(namespace)
            try await namespace.delete()
            return result
        } catch {
            try await namespace.delete()
            throw error
        }
    }
}
