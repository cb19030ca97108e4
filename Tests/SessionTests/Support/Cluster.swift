import LabSupport

/// The cluster from a test's perspective, with separate kubectl and helm.
struct Cluster {
    /// A namespace that does not exist yet; the installer creates it.
    let namespace = "session-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    let laptop: Laptop
    private let kubectl: Program
    private let helm: Program

    /// Runs `body` with the cluster and an empty machine with access to it. The namespace is deleted afterwards
    /// without waiting.
    static func withLaptop<Result>(_ body: (Cluster) async throws -> Result) async throws -> Result {
        let kubeconfig = try await ControlPlane.shared.kubeconfig
        return try await withTemporaryFolder { folder in
            let cluster = try Cluster(folder: folder, kubeconfig: kubeconfig)
            do {
                let result = try await body(cluster)
                try await cluster.clean()
                return result
            } catch {
                try await cluster.clean()
                throw error
            }
        }
    }

    private init(folder: String, kubeconfig: String) throws {
        laptop = try Laptop(in: folder, kubeconfig: kubeconfig)
        kubectl = try Program(.kubectl, environment: ["KUBECONFIG": kubeconfig])
        helm = try Program(.helm, environment: ["KUBECONFIG": kubeconfig, "HELM_NAMESPACE": namespace])
    }

    private func clean() async throws {
        try await kubectl.require("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")
    }

    /// The objects of a kind in the namespace, as `kind/name`.
    func objects(_ kind: String) async throws -> [String] {
        try await kubectl.require("get", kind, "--namespace", namespace, "--output", "name")
            .split(separator: "\n").map(String.init)
    }

    /// Whether the namespace exists and is not being deleted.
    func hasNamespace() async throws -> Bool {
        try await kubectl.require(
            "get", "namespaces", "--field-selector", "metadata.name=\(namespace)",
            "--output", "jsonpath={.items[*].status.phase}") == "Active"
    }

    /// The names of the releases in the namespace.
    func releases() async throws -> [String] {
        try await helm.require("list", "--short").split(separator: "\n").map(String.init)
    }

    /// The output of `docker buildx ls` on the machine.
    func builders() async throws -> String { try await laptop.docker.require("buildx", "ls") }
}
