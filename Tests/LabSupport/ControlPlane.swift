import FoundationEssentials

/// A real Kubernetes API server with its controllers and scheduler; pods become ready without running.
///
/// It is of version 1.20 and has one node. What has "unready" in its image, or in its namespace/name, never gets
/// ready (with "unready-probed" because its probe fails); other Services of type LoadBalancer get the address 127.0.0.1.
public struct ControlPlane: Sendable {
    /// The kubeconfig of somebody who may do everything.
    public let kubeconfig: String

    /// The one of this process: a start takes six seconds, so tests share it, each in a namespace of its own.
    public static var shared: ControlPlane {
        get async throws { try await sharedStart.value }
    }

    private static let sharedStart = Task {
        let folder = try makeTemporaryFolder()
        // Stopped and deleted when this process ends, however that happens.
        try await Program(.controlPlane).require(
            "up", folder, "--until-exit", "\(ProcessInfo.processInfo.processIdentifier)")
        return ControlPlane(kubeconfig: "\(folder)/kubeconfig")
    }

    /// Gives `body` a new, empty namespace. It is deleted afterwards, which nobody waits for.
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
