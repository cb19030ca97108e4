extension InstallationID {
    /// The installation's cluster, where this program made it on this machine.
    func localCluster(in dependencies: Dependencies) async -> Facts.LocalClusterState? {
        guard let cluster = LocalCluster.recorded(ofContext: context, in: dependencies.places) else {
            return nil
        }
        // A cluster that does not answer, or is gone, shows nothing.
        let names = try? await Query.otherNamespaces(self).value(from: dependencies.runner)
        return Facts.LocalClusterState(cluster: cluster, otherNamespaces: names)
    }
}

extension Query<[String]> {
    /// Namespaces that neither the installation, nor Kubernetes, nor a local cluster's tool made.
    static func otherNamespaces(_ installation: InstallationID) -> Query {
        Query(installation.cluster.look("get", "namespaces", "--output", "name")) {
            result throws(InstallerError) in
            let known = builtIn.union([installation.namespace])
            return try result.text(else: "The namespaces cannot be listed").split(separator: "\n")
                .map { $0.trimmed.replacing("namespace/", with: "") }
                .filter { !$0.isEmpty && !known.contains($0) }
        }
    }

    private static let builtIn: Set<String> = [
        "default", "kube-node-lease", "kube-public", "kube-system", "kubernetes-dashboard",
        "local-path-storage",
    ]
}
