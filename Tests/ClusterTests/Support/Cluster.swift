import FoundationEssentials
import Installer
import LabSupport

/// The control plane, accessed with full read permissions.
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

    /// The kinds of an installation's objects, except pods, whose names always differ.
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

    /// Whether the namespace exists and is not being deleted.
    func has(_ namespace: String) async throws -> Bool {
        try await kubectl.require(
            "get", "namespace", namespace, "--ignore-not-found", "--output", "jsonpath={.status.phase}")
            == "Active"
    }

    /// Whether the namespace has been deleted completely: one that is being deleted accepts no new objects.
    func isRid(of namespace: String) async throws -> Bool {
        try await kubectl.require("get", "namespace", namespace, "--ignore-not-found", "--output", "name")
            .isEmpty
    }

    /// Deletes the namespace without waiting for it.
    func forget(_ namespace: String) async throws {
        try await kubectl.require("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")
    }
}
