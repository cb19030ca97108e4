extension Cluster {
    /// Creates a volume for the cache of an installation: the control plane has no provisioner.
    func makeVolume(for namespace: String) async throws {
        try await kubectl.require(
            "apply", "--filename", "-",
            input: """
                {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "\(namespace)"},
                 "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"],
                          "storageClassName": "by-hand", "hostPath": {"path": "/nowhere"},
                          "claimRef": {"namespace": "\(namespace)", "name": "buildkit-cache"}}}
                """)
    }
}
