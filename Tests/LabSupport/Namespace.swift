/// A namespace of the control plane, with tools that are configured for it.
public struct Namespace: Sendable {
    public let name: String
    public let kubeconfig: String
    public let kubectl: Program
    public let helm: Program

    init(name: String, kubeconfig: String) throws(LabFailure) {
        self.name = name
        self.kubeconfig = kubeconfig
        kubectl = try Program(.kubectl, environment: ["KUBECONFIG": kubeconfig])
        helm = try Program(.helm, environment: ["KUBECONFIG": kubeconfig, "HELM_NAMESPACE": name])
    }

    func delete() async throws {
        try await kubectl.require("delete", "namespace", name, "--wait=false", "--ignore-not-found")
    }
}
