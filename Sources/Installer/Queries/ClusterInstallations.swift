extension Query<[ClusterInstallation]> {
    /// The builders of the chart in all namespaces that the user may list.
    static func installations(in context: String) -> Query {
        let look = Kubectl(context: context).look(
            "get", "deployments.apps", "--all-namespaces", "--selector",
            "\(KubernetesLabels.component)=builder", "--output", "json")
        return Query(look) { result throws(InstallerError) in
            let builders: [JSONValue] = try result.items(
                else: "The installations in the cluster cannot be listed")
            return builders.compactMap { ClusterInstallation(builder: $0, in: context) }
        }
    }
}

extension ClusterInstallation {
    /// - Parameter builder: BuildKit's Deployment; nil is returned for that of another chart.
    fileprivate init?(builder: JSONValue, in context: String) {
        guard let release = builder.chartRelease, let namespace = builder["metadata"]?["namespace"]?.string
        else { return nil }
        self.init(
            InstallationID(context: context, namespace: namespace, release: release),
            scale: ScaleState(of: builder))
    }
}
