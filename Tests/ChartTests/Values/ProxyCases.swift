extension ValueTests {
    private static let deployment = "Deployment/buildkit-proxy"
    private static let pod = "/spec/template/spec"
    private static let container = "/spec/template/spec/containers/0"
    private static let envoy = "/data/envoy.yaml/#/static_resources"
    private static let listener = "\(envoy)/listeners/0/filter_chains/0"
    private static let manager = "\(listener)/filters/1/typed_config"
    private static let loadBalancer = ["proxy.service.type": "LoadBalancer"]
    private static let podMonitors = ["monitoring.coreos.com/v1"]
    private static let alice = "[{name: alice, role: admin}]"

    static let proxyCases =
        service + certificates + behaviour + images + metrics + network + pods

    private static let service: [ValueCase] = [
        ValueCase("proxy.service.type", "NodePort", "Service/buildkit", "/spec/type", .equals("NodePort")),
        ValueCase("proxy.service.port", "2376", "Service/buildkit", "/spec/ports/0/port", .equals("2376")),
        ValueCase(
            "proxy.service.nodePort", "31234", "Service/buildkit", "/spec/ports/0/nodePort", .equals("31234"),
            with: ["proxy.service.type": "NodePort"]),
        ValueCase(
            "proxy.service.annotations", "{a/b: c}", "Service/buildkit", "/metadata/annotations/a~1b",
            .equals("c")),
        ValueCase(
            "proxy.service.loadBalancerClass", "example.com/lb", "Service/buildkit",
            "/spec/loadBalancerClass",
            .equals("example.com/lb"), with: loadBalancer),
        ValueCase(
            "proxy.service.loadBalancerSourceRanges", "[203.0.113.0/24]", "Service/buildkit",
            "/spec/loadBalancerSourceRanges", .equals("[203.0.113.0/24]"), with: loadBalancer),
        ValueCase(
            "proxy.service.externalTrafficPolicy", "Local", "Service/buildkit", "/spec/externalTrafficPolicy",
            .equals("Local"), with: loadBalancer),
    ]

    private static let certificates: [ValueCase] = [
        ValueCase(
            "proxy.certificates.secret", "other", deployment, "\(pod)/volumes/1/secret/secretName",
            .equals("other")),
        ValueCase(
            "proxy.certificates.secret", "other", deployment, "\(container)/readinessProbe/exec/command",
            .equals("[bash, /etc/envoy/ready.sh, other, buildkit-secrets]")),
        ValueCase(
            "proxy.certificates.revocations", "true", deployment, "\(pod)/volumes/1/secret/items/3",
            .equals("{key: crl.pem, path: crl.pem}")),
        ValueCase(
            "proxy.certificates.revocations", "true", "ConfigMap/buildkit-proxy",
            "/data/clients.yaml/#/resources/0/validation_context/crl",
            .equals("{filename: /certificates/outer/crl.pem}")),
        ValueCase(
            "proxy.clients", alice, "ConfigMap/buildkit-proxy",
            "/data/clients.yaml/#/resources/0/validation_context/match_typed_subject_alt_names",
            .equals("[{san_type: URI, matcher: {exact: spiffe://buildkit/client/alice}}]")),
        ValueCase(
            "proxy.clients", alice, "ConfigMap/buildkit-proxy",
            "/data/roles.yaml/#/resources/0/typed_config/rules/action", .equals("DENY")),
    ]

    private static let behaviour: [ValueCase] = [
        ValueCase(
            "proxy.hold", "1h1m1s", "ConfigMap/buildkit-proxy",
            "\(manager)/route_config/virtual_hosts/0/routes/0/route/retry_policy/num_retries",
            .equals("14644")
        ),
        ValueCase(
            "proxy.hold", "0s", "ConfigMap/buildkit-proxy",
            "\(manager)/route_config/virtual_hosts/0/routes/0/route/retry_policy", .absent),
        ValueCase("proxy.drain", "5m", deployment, "\(pod)/terminationGracePeriodSeconds", .equals("360")),
        ValueCase("proxy.drain", "5m", deployment, "\(container)/args/7", .equals(#""360""#)),
        ValueCase(
            "proxy.limits.connections", "1000000", "ConfigMap/buildkit-proxy",
            "\(listener)/filters/0/typed_config/max_connections", .equals("1000000")),
        ValueCase(
            "proxy.limits.streams", "100", "ConfigMap/buildkit-proxy",
            "\(manager)/http2_protocol_options/max_concurrent_streams", .equals("100")),
        ValueCase(
            "proxy.limits.handshake", "3s", "ConfigMap/buildkit-proxy",
            "\(listener)/transport_socket_connect_timeout", .equals("3s")),
        ValueCase("proxy.replicas", "3", deployment, "/spec/replicas", .equals("3")),
        ValueCase(
            "proxy.disruptionBudget", "false", "PodDisruptionBudget/buildkit-proxy", "/spec", .absent,
            with: ["proxy.replicas": "2"]),
        ValueCase("proxy.threads", "8", deployment, "\(container)/args/5", .equals(#""8""#)),
        ValueCase("proxy.logLevel", "debug", deployment, "\(container)/args/3", .equals("debug")),
    ]

    private static let images: [ValueCase] = [
        ValueCase(
            "proxy.image.repository", "registry.internal/envoy", deployment, "\(container)/image",
            .equals("registry.internal/envoy:v1.40.0")),
        ValueCase(
            "proxy.image.tag", "v1.41.0", deployment, "\(container)/image",
            .equals("docker.io/envoyproxy/envoy:v1.41.0")),
        ValueCase(
            "proxy.image.digest", digest, deployment, "\(container)/image",
            .equals("docker.io/envoyproxy/envoy@\(digest)")),
        ValueCase(
            "proxy.image.pullPolicy", "Always", deployment, "\(container)/imagePullPolicy", .equals("Always")),
    ]

    private static let metrics: [ValueCase] = [
        ValueCase(
            "proxy.metrics.port", "9999", "Service/buildkit-metrics", "/spec/ports/0/port", .equals("9999"),
            with: ["proxy.metrics.enabled": "true"]),
        ValueCase(
            "proxy.metrics.enabled", "true", "ConfigMap/buildkit-proxy",
            "\(envoy)/listeners/1/address/socket_address/address", .equals("0.0.0.0")),
        ValueCase(
            "proxy.metrics.port", "9999", "ConfigMap/buildkit-proxy",
            "\(envoy)/listeners/1/address/socket_address/port_value", .equals("9999")),
        ValueCase(
            "proxy.metrics.podMonitor.enabled", "true", "PodMonitor/buildkit-proxy",
            "/spec/podMetricsEndpoints/0/path", .equals("/metrics"), apis: podMonitors),
        ValueCase(
            "proxy.metrics.podMonitor.labels", "{release: prometheus}", "PodMonitor/buildkit-proxy",
            "/metadata/labels/release", .equals("prometheus"),
            with: ["proxy.metrics.podMonitor.enabled": "true"], apis: podMonitors),
        ValueCase(
            "proxy.metrics.podMonitor.interval", "10s", "PodMonitor/buildkit-proxy",
            "/spec/podMetricsEndpoints/0/interval", .equals("10s"),
            with: ["proxy.metrics.podMonitor.enabled": "true"], apis: podMonitors),
    ]

    private static let network: [ValueCase] = [
        ValueCase("proxy.networkPolicy.enabled", "false", "NetworkPolicy/buildkit-proxy", "/spec", .absent),
        ValueCase(
            "proxy.networkPolicy.from", "[{ipBlock: {cidr: 10.0.0.0/8}}]", "NetworkPolicy/buildkit-proxy",
            "/spec/ingress/0/from", .equals("[{ipBlock: {cidr: 10.0.0.0/8}}]")),
        ValueCase(
            "proxy.networkPolicy.metricsFrom", "[{podSelector: {}}]", "NetworkPolicy/buildkit-proxy",
            "/spec/ingress/1/from", .equals("[{podSelector: {}}]"), with: ["proxy.metrics.enabled": "true"]),
    ]

    private static let pods: [ValueCase] =
        [
            ValueCase(
                "proxy.resources", "{limits: {memory: 2Gi}}", deployment,
                "\(container)/resources/limits/memory",
                .equals("2Gi")),
            ValueCase(
                "proxy.topologySpreadConstraints",
                "[{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway}]",
                deployment, "\(pod)/topologySpreadConstraints/0/maxSkew", .equals("1")),
        ] + podCases("proxy", firstVolume: 4, firstMount: 4)
}
