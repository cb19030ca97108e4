import FoundationEssentials

extension Query<Facts.CacheClaim?> {
    static func cacheClaim(_ answers: Answers) -> Query {
        let name = answers.cacheClaim
        return Query(
            answers.installation.kubectl.look(
                "get", "persistentvolumeclaim", name, "--ignore-not-found", "--output", "json")
        ) { result throws(InstallerError) in
            let reply: Reply? = try result.json(else: "The PersistentVolumeClaim \(name) cannot be read")
            return reply?.claim
        }
    }

    private struct Reply: Decodable {
        struct Size: Decodable { var storage: String? }
        struct Resources: Decodable { var requests: Size? }
        struct Spec: Decodable {
            var resources: Resources?
            var storageClassName: String?
        }
        struct Status: Decodable { var capacity: Size? }
        var metadata: KubernetesMetadata
        var spec: Spec
        var status: Status?

        /// Its actual size; the requested size until it is bound.
        var claim: Facts.CacheClaim {
            var claim = Facts.CacheClaim(
                size: status?.capacity?.storage ?? spec.resources?.requests?.storage ?? "of unknown size",
                requested: spec.resources?.requests?.storage,
                storageClass: spec.storageClassName.flatMap { $0.isEmpty ? nil : $0 },
                madeAt: metadata.creationTimestamp.flatMap { try? Date($0, strategy: .iso8601) },
                release: metadata.annotations?[KubernetesLabels.helmRelease])
            claim.deletion = metadata.deletion
            return claim
        }
    }
}

extension Query<CacheUse> {
    /// The kubelet's measurement of a pod's volume, which has no side effects: a query of BuildKit would wake a
    /// builder that sleeps, and count as a build.
    ///
    /// https://kubernetes.io/docs/reference/instrumentation/node-metrics/
    static func cacheUse(of pod: JSONValue, _ installation: InstallationID) -> Query {
        let node = pod["spec"]?["nodeName"]?.string ?? ""
        let command = installation.cluster.look("get", "--raw", "/api/v1/nodes/\(node)/proxy/stats/summary")
        return Query(command) { result throws(InstallerError) in
            let sentence = "Cache usage cannot be read from the node \(node)"
            let stats: KubeletStats? = try result.json(else: sentence)
            let measured = stats?.pods.first {
                $0.podRef.name == pod.name && $0.podRef.namespace == installation.namespace
            }
            // The chart has one name for each kind of volume.
            let volume = measured?.volume?.first { ["cache", "scratch"].contains($0.name) }
            guard let used = volume?.usedBytes, let free = volume?.availableBytes else {
                throw InstallerError(
                    sentence, detail: "The kubelet reports no usage for the volume of \(pod.name).")
            }
            return CacheUse(used: used, free: free)
        }
    }

    private struct KubeletStats: Decodable {
        struct PodReference: Decodable { var name, namespace: String }
        struct MeasuredVolume: Decodable {
            var name: String
            var usedBytes, availableBytes: Int?
        }
        struct MeasuredPod: Decodable {
            var podRef: PodReference
            var volume: [MeasuredVolume]?
        }
        var pods: [MeasuredPod]
    }
}
