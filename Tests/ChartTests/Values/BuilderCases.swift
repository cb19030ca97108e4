extension ValueTests {
    private static let deployment = "Deployment/buildkit-builder"
    private static let pod = "/spec/template/spec"
    private static let container = "/spec/template/spec/containers/0"
    private static let claim = "PersistentVolumeClaim/buildkit-cache"
    private static let policy = "NetworkPolicy/buildkit-builder"
    private static let keda = ["keda.sh/v1alpha1"]
    private static let sleep = ["builder.sleep.enabled": "true"]
    private static let restricted = ["builder.networkPolicy.egress.restricted": "true"]

    static let builderCases =
        images + security + cache + registries + certificates + life + egress
        + podCases("builder", firstVolume: 3, firstMount: 3)

    /// The line that a value adds to buildkitd.toml.
    private static func toml(
        _ path: String, _ value: String, _ text: String, with others: [String: String] = [:]
    ) -> ValueCase {
        ValueCase(
            path, value, "ConfigMap/buildkit-builder", "/data/buildkitd.toml", .contains(text), with: others)
    }

    private static let images: [ValueCase] = [
        ValueCase(
            "builder.image.repository", "registry.internal/buildkit", deployment, "\(container)/image",
            .equals("registry.internal/buildkit:v0.32.2-rootless")),
        ValueCase(
            "builder.image.tag", "v0.33.0", deployment, "\(container)/image",
            .equals("docker.io/moby/buildkit:v0.33.0-rootless")),
        ValueCase(
            "builder.image.digest", digest, deployment, "\(container)/image",
            .equals("docker.io/moby/buildkit@\(digest)")),
        ValueCase(
            "builder.image.pullPolicy", "Never", deployment, "\(container)/imagePullPolicy", .equals("Never")),
    ]

    private static let security: [ValueCase] = [
        ValueCase(
            "builder.security", "privileged", deployment, "\(container)/securityContext",
            .equals("{privileged: true}")),
        ValueCase("builder.security", "userns", deployment, "\(pod)/hostUsers", .equals("false")),
        ValueCase(
            "builder.resources", "{limits: {memory: 8Gi}}", deployment,
            "\(container)/resources/limits/memory",
            .equals("8Gi")),
    ]

    private static let cache: [ValueCase] = [
        ValueCase("builder.cache.enabled", "false", claim, "/spec", .absent),
        ValueCase("builder.cache.enabled", "false", deployment, "\(pod)/volumes/2/emptyDir", .equals("{}")),
        ValueCase("builder.cache.size", "200Gi", claim, "/spec/resources/requests/storage", .equals("200Gi")),
        // 70 % of 204800 MiB, far above the 100 GB of BuildKit's own rules.
        toml("builder.cache.size", "200Gi", #"maxUsedSpace = "143360MB""#),
        ValueCase("builder.cache.storageClass", "fast", claim, "/spec/storageClassName", .equals("fast")),
        ValueCase("builder.cache.existingClaim", "mine", claim, "/spec", .absent),
        ValueCase(
            "builder.cache.existingClaim", "mine", deployment,
            "\(pod)/volumes/2/persistentVolumeClaim/claimName",
            .equals("mine")),
        ValueCase(
            "builder.cache.keep", "false", claim, "/metadata/annotations/helm.sh~1resource-policy", .absent),
        ValueCase("builder.cache.annotations", "{a: b}", claim, "/metadata/annotations/a", .equals("b")),
        toml("builder.cache.percent", "50", #"maxUsedSpace = "25600MB""#),
        toml("builder.cache.keepMounts", "720h", #"keepDuration = "720h""#),
        toml("builder.cache.keepLayers", "24h", #"keepDuration = "24h""#),
        toml(
            "builder.cache.policy", #""[[worker.oci.gcpolicy]]\nall = true\nmaxUsedSpace = \"1GB\"""#, "1GB"),
    ]

    private static let registries: [ValueCase] = [
        toml(
            "builder.mirrors", "{docker.io: [mirror.gcr.io]}",
            """
            [registry."docker.io"]
            mirrors = ["mirror.gcr.io"]
            """),
        toml(
            "builder.registries", "{'registry.internal:5000': {http: true, insecure: true}}",
            """
            [registry."registry.internal:5000"]
            http = true
            insecure = true
            """),
        ValueCase(
            "builder.trust.configMap", "authorities", deployment, "\(pod)/volumes/3/configMap/name",
            .equals("authorities")),
        ValueCase(
            "builder.trust.secret", "authorities", deployment, "\(pod)/volumes/3/secret/secretName",
            .equals("authorities")),
        ValueCase(
            "builder.trust.secret", "authorities", deployment, "\(container)/env/0",
            .equals("{name: SSL_CERT_DIR, value: '/etc/ssl/certs:/trust'}")),
        toml("builder.config", #""[history]\nmaxEntries = 5""#, "[history]\nmaxEntries = 5"),
        toml("builder.dns.nameservers", "[10.0.0.53]", "[dns]\nnameservers = [\"10.0.0.53\"]"),
        toml("builder.dns.searchDomains", "[corp.example]", "[dns]\nsearchDomains = [\"corp.example\"]"),
        toml("builder.dns.options", "['ndots:1']", "[dns]\noptions = [\"ndots:1\"]"),
        ValueCase(
            "builder.egressProxy.http", "http://proxy:3128", deployment, "\(container)/env/0",
            .equals("{name: HTTP_PROXY, value: 'http://proxy:3128'}")),
        ValueCase(
            "builder.egressProxy.https", "http://proxy:3128", deployment, "\(container)/env/0",
            .equals("{name: HTTPS_PROXY, value: 'http://proxy:3128'}")),
        ValueCase(
            "builder.egressProxy.exclude", ".internal", deployment, "\(container)/env/0",
            .equals("{name: NO_PROXY, value: .internal}")),
        ValueCase(
            "builder.telemetry.endpoint", "http://collector:4317", deployment, "\(container)/env/0",
            .equals("{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://collector:4317'}")),
    ]

    private static let certificates: [ValueCase] = [
        ValueCase(
            "builder.certificates.secret", "other", deployment, "\(pod)/volumes/1/secret/secretName",
            .equals("other")),
        ValueCase(
            "builder.certificates.secret", "other", "Deployment/buildkit-proxy",
            "\(pod)/volumes/2/secret/secretName", .equals("other")),
        ValueCase(
            "builder.serverName", "buildkitd", "ConfigMap/buildkit-proxy",
            "/data/builder.yaml/#/resources/0/validation_context/match_typed_subject_alt_names",
            .equals("[{san_type: DNS, matcher: {exact: buildkitd}}]")),
        ValueCase(
            "builder.clientCertificates", "false", "ConfigMap/buildkit-proxy", "/data/proxy.yaml", .absent),
        ValueCase(
            "builder.clientCertificates", "false", "Deployment/buildkit-proxy",
            "\(pod)/volumes/2/secret/items",
            .equals("[{key: ca.crt, path: ca.crt}]")),
        ValueCase(
            "builder.clientCertificates", "false", deployment, "\(pod)/volumes/1/secret/items",
            .equals("[{key: server.crt, path: server.crt}, {key: server.key, path: server.key}]")),
    ]

    private static let life: [ValueCase] = [
        ValueCase("builder.drain", "2h", deployment, "\(pod)/terminationGracePeriodSeconds", .equals("7260")),
        ValueCase(
            "builder.startup", "1h", deployment, "\(container)/startupProbe/failureThreshold", .equals("1800")
        ),
        ValueCase(
            "builder.sleep.enabled", "true", "ScaledObject/buildkit-builder", "/spec/scaleTargetRef/name",
            .equals("buildkit-builder"), apis: keda),
        ValueCase(
            "builder.sleep.after", "1h", "ScaledObject/buildkit-builder", "/spec/cooldownPeriod",
            .equals("3600"),
            with: sleep, apis: keda),
        ValueCase(
            "builder.sleep.poll", "30s", "ScaledObject/buildkit-builder", "/spec/pollingInterval",
            .equals("30"),
            with: sleep, apis: keda),
    ]

    private static let egress: [ValueCase] = [
        ValueCase("builder.networkPolicy.enabled", "false", policy, "/spec", .absent),
        ValueCase(
            "builder.networkPolicy.egress.restricted", "true", policy, "/spec/policyTypes",
            .equals("[Ingress, Egress]")),
        ValueCase(
            "builder.networkPolicy.egress.except", "[10.1.0.0/16]", policy, "/spec/egress/1/to/0/ipBlock",
            .equals("{cidr: 0.0.0.0/0, except: [10.1.0.0/16]}"), with: restricted),
        ValueCase(
            "builder.networkPolicy.egress.allow", "[{ports: [{port: 5000}]}]", policy, "/spec/egress/2",
            .equals("{ports: [{port: 5000}]}"), with: restricted),
    ]
}
