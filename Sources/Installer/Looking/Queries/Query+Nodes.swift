extension Query<[Facts.Node]> {
    /// The nodes that can run BuildKit: those with Linux.
    static func nodes(_ site: Site) -> Query {
        Query(site.cluster.look("get", "nodes", "--output", "json")) { result throws(Failure) in
            // Looking at nodes is a right that people of one namespace rarely have.
            if result.status != 0, result.errors.contains("(Forbidden)") { return [] }
            let reply: KubernetesList<Reply>? = try result.json(else: "The nodes cannot be listed")
            return (reply?.items ?? []).filter(\.runsLinux).map(\.node)
        }
    }

    private struct Reply: Decodable {
        struct Address: Decodable { var type, address: String }
        struct Info: Decodable {
            var architecture, kernelVersion, kubeletVersion, containerRuntimeVersion, operatingSystem: String
        }
        struct Status: Decodable {
            var addresses: [Address]?
            var nodeInfo: Info
        }
        var metadata: KubernetesMetadata
        var status: Status

        /// Clusters of the first days do not say.
        var runsLinux: Bool { ["linux", ""].contains(status.nodeInfo.operatingSystem) }

        var node: Facts.Node {
            let info = status.nodeInfo
            return Facts.Node(
                name: metadata.name, addresses: addresses, architecture: info.architecture,
                kernel: info.kernelVersion, kubelet: info.kubeletVersion.firstVersion ?? info.kubeletVersion,
                runtime: info.containerRuntimeVersion)
        }

        /// The node's addresses, the ones that reach it from outside first.
        var addresses: [String] {
            ["ExternalIP", "ExternalDNS", "InternalIP", "InternalDNS", "Hostname"].flatMap { type in
                (status.addresses ?? []).filter { $0.type == type }.map(\.address)
            }
        }
    }
}
