import Testing

/// Values that are valid separately and cannot work together are rejected, with a sentence that contains the fix.
struct ContradictionTests {
    private static let cases: [(release: Release, sentence: String)] = [
        (
            Release(set: ["proxy.service.nodePort": "31234"]),
            "proxy.service.nodePort is set, but a ClusterIP Service has no node port:"
        ),
        (
            Release(set: ["proxy.service.loadBalancerClass": "a/b", "proxy.service.type": "NodePort"]),
            "proxy.service.loadBalancerClass is set, but the Service has type NodePort:"
        ),
        (
            Release(set: ["proxy.service.loadBalancerSourceRanges": "[10.0.0.0/8]"]),
            "proxy.service.loadBalancerSourceRanges is set, but the Service has type ClusterIP:"
        ),
        (
            Release(set: ["proxy.service.externalTrafficPolicy": "Local"]),
            "proxy.service.externalTrafficPolicy is set, but a ClusterIP Service receives no external traffic"
        ),
        (
            Release(
                set: ["proxy.service.loadBalancerClass": "a/b", "proxy.service.type": "LoadBalancer"],
                kubernetes: "v1.20.2"),
            "proxy.service.loadBalancerClass requires Kubernetes 1.22 or later, but the cluster runs v1.20.2:"
        ),
        (
            Release(set: ["proxy.clients": "[{name: a, role: admin}, {name: a, role: builder}]"]),
            "proxy.clients contains a twice:"
        ),
        (
            Release(set: ["proxy.metrics.podMonitor.enabled": "true"]),
            "proxy.metrics.podMonitor.enabled is true, but the cluster does not support PodMonitors:"
        ),
        (
            Release(set: ["builder.security": "userns"], kubernetes: "v1.29.14"),
            "builder.security is userns, which requires Kubernetes 1.30 or later (1.33 recommended), but the cluster "
                + "runs v1.29.14:"
        ),
        (
            Release(set: ["builder.image.tag": "v0.32.2-rootless"]),
            "set builder.image.tag to v0.32.2."
        ),
        (
            Release(set: ["builder.cache.existingClaim": "mine", "builder.cache.enabled": "false"]),
            "builder.cache.existingClaim is set, but builder.cache.enabled is false:"
        ),
        (
            Release(set: ["builder.cache.existingClaim": "mine", "builder.cache.storageClass": "fast"]),
            "builder.cache.existingClaim and builder.cache.storageClass are both set,"
        ),
        (
            Release(set: ["builder.cache.storageClass": "fast", "builder.cache.enabled": "false"]),
            "builder.cache.storageClass is set, but builder.cache.enabled is false:"
        ),
        (
            Release(set: ["builder.cache.size": "100Mi"]),
            "builder.cache.size is 100Mi, which is too small for one image:"
        ),
        (
            Release(set: ["builder.trust.configMap": "a", "builder.trust.secret": "b"]),
            "builder.trust.configMap and builder.trust.secret are both set:"
        ),
        (
            Release(set: ["builder.sleep.enabled": "true"]),
            "builder.sleep.enabled is true, but KEDA is not installed in the cluster:"
        ),
        (
            Release(set: ["builder.sleep.enabled": "true", "proxy.hold": "30s"], apis: ["keda.sh/v1alpha1"]),
            "builder.sleep.enabled is true, but proxy.hold is only 30s:"
        ),
        (
            Release(set: [
                "builder.networkPolicy.enabled": "false", "builder.networkPolicy.egress.restricted": "true",
            ]),
            "builder.networkPolicy.egress.restricted is true, but builder.networkPolicy.enabled is false:"
        ),
        (
            Release(set: ["builder.config": ##""# mine\ndebug = true""##]),
            "builder.config must start with a table of buildkitd.toml,"
        ),
        (
            Release(set: ["builder.config": #""[ worker.oci ]\nmax-parallelism = 4""#]),
            "builder.config has the table [worker.oci], which the chart generates:"
        ),
        (
            Release(set: ["builder.config": #""[dns]\noptions = []""#, "builder.dns.options": "['ndots:1']"]),
            "builder.config has the table [dns], which the chart generates:"
        ),
    ]

    @Test func eachIsRefusedWithItsSentence() async throws {
        let results = try await Chart.results(Self.cases.map(\.release))
        for (item, result) in zip(Self.cases, results) {
            let error = try #require(result.error, "\(item.sentence)")
            #expect(error.contains(item.sentence))
            // Two parts: the error, and the fix.
            #expect(error.hasSuffix(".") || error.hasSuffix(".)"))
        }
    }

    @Test func whatLooksLikeOneAndIsNoneIsTaken() async throws {
        _ = try await Chart.render([
            Release(set: ["builder.config": ##""# mine\n\n[dns]\noptions = []""##]),
            Release(set: ["builder.image.tag": "v0.32.2", "builder.security": "privileged"]),
            Release(set: ["proxy.hold": "0s"]),
            Release(set: ["builder.security": "userns"], kubernetes: "v1.30.0-eks-1234567"),
            Release(set: ["builder.security": "userns"], kubernetes: "v1.33.0+k3s1"),
        ])
    }
}
