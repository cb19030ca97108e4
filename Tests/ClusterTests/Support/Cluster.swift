import FoundationEssentials
import Installer
import LabSupport

/// The control plane, seen by somebody who may see everything.
struct Cluster: Sendable {
    let kubeconfig: String
    let kubectl: Program

    static var shared: Cluster {
        get async throws {
            let kubeconfig = try await ControlPlane.shared.kubeconfig
            return Cluster(
                kubeconfig: kubeconfig,
                kubectl: try Program(.kubectl, environment: ["KUBECONFIG": kubeconfig]))
        }
    }

    /// The kinds that an installation is made of, but for pods, whose names are never the same.
    private static let kinds =
        "serviceaccounts,configmaps,secrets,services,deployments.apps,networkpolicies.networking.k8s.io,"
        + "persistentvolumeclaims,poddisruptionbudgets.policy"

    func objects(in namespace: String) async throws -> [ClusterObject] {
        try await list(Self.kinds, in: namespace).map { ClusterObject($0) }.filter(\.isNobodysOwn).sorted()
    }

    func list(_ kinds: String, in namespace: String) async throws -> [JSONValue] {
        try await json("get", kinds, "--namespace", namespace, "--output", "json")["items"]?.array ?? []
    }

    func json(_ arguments: String...) async throws -> JSONValue {
        let text = try await kubectl.require(arguments)
        return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// Whether the namespace is there, and will stay.
    func has(_ namespace: String) async throws -> Bool {
        try await kubectl.require(
            "get", "namespace", namespace, "--ignore-not-found", "--output", "jsonpath={.status.phase}")
            == "Active"
    }

    /// Whether the namespace is gone altogether: one that is about to go takes nothing new.
    func isRid(of namespace: String) async throws -> Bool {
        try await kubectl.require("get", "namespace", namespace, "--ignore-not-found", "--output", "name")
            .isEmpty
    }

    /// Deletes the namespace, which nobody waits for.
    func forget(_ namespace: String) async throws {
        try await kubectl.require("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")
    }
}
