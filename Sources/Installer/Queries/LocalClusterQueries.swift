extension LocalCluster {
    /// With what tells it from another cluster of the same name, now that it runs.
    public func identified(in dependencies: Dependencies) async throws -> LocalCluster {
        var cluster = self
        let query = Query.namespaceIDs(Kubectl(context: context))
        cluster.uid = try await query.value(from: dependencies.runner)[Self.identifyingNamespace]
        return cluster
    }

    fileprivate static let identifyingNamespace = "kube-system"
}

extension InstallationID {
    /// The installation's cluster, where this program made it on this machine.
    func localCluster(in dependencies: Dependencies) async -> Facts.LocalClusterState? {
        guard let cluster = LocalCluster.recorded(ofContext: context, in: dependencies.places) else {
            return nil
        }
        // A cluster that does not answer shows nothing, and is kept.
        guard let found = try? await Query.namespaceIDs(self.cluster).value(from: dependencies.runner) else {
            return Facts.LocalClusterState(cluster: cluster, otherNamespaces: nil)
        }
        // Another one that was made since, under the same name.
        guard let uid = cluster.uid, found[LocalCluster.identifyingNamespace] == uid else { return nil }
        let others = found.keys.filter { $0 != namespace && !Self.builtInNamespaces.contains($0) }
        return Facts.LocalClusterState(cluster: cluster, otherNamespaces: others.sorted())
    }

    /// Those that Kubernetes and the tools of local clusters make.
    private static let builtInNamespaces: Set<String> = [
        "default", "kube-node-lease", "kube-public", "kube-system", "kubernetes-dashboard",
        "local-path-storage",
    ]
}

extension Query<[String: String]> {
    /// The UID of each namespace, by its name.
    fileprivate static func namespaceIDs(_ kubectl: Kubectl) -> Query {
        let each = #"jsonpath={range .items[*]}{.metadata.name}{" "}{.metadata.uid}{"\n"}{end}"#
        return Query(kubectl.look("get", "namespaces", "--output", each)) { result throws(InstallerError) in
            let lines = try result.text(else: "The namespaces cannot be listed").split(separator: "\n")
            let pairs = lines.map { $0.split(separator: " ") }.filter { $0.count == 2 }
            return Dictionary(pairs.map { (String($0[0]), String($0[1])) }) { first, _ in first }
        }
    }
}
