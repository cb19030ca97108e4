extension Query<[Facts.StorageClass]> {
    static func storageClasses(_ site: Site) -> Query {
        Query(site.cluster.look("get", "storageclasses", "--output", "json")) { result throws(Failure) in
            let reply: KubernetesList<Reply>? = try result.json(else: "The storage classes cannot be listed")
            return (reply?.items ?? []).map {
                Facts.StorageClass(name: $0.metadata.name, isDefault: $0.metadata.marksDefault)
            }
        }
    }

    private struct Reply: Decodable { var metadata: KubernetesMetadata }
}

extension KubernetesMetadata {
    /// https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass, and its older
    /// spelling.
    fileprivate var marksDefault: Bool {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .contains { annotations?[$0] == "true" }
    }
}
