extension ValueTests {
    private static let command = "/spec/containers/0/args/0"

    static let commonCases: [ValueCase] = [
        ValueCase(
            "test.clientSecret", "client", "Pod/buildkit-test", "/spec/volumes/1/secret/secretName",
            .equals("client")),
        ValueCase(
            "test.clientSecret", "client", "Pod/buildkit-test", command, .contains("cmp /tmp/context/proof")),
        ValueCase(
            "test.serverName", "builder.example", "Pod/buildkit-test", command,
            .contains("--tlsservername builder.example"), with: ["test.clientSecret": "client"]),
        ValueCase(
            "imagePrefix", "registry.internal/mirror", "Deployment/buildkit-proxy",
            "/spec/template/spec/containers/0/image",
            .equals("registry.internal/mirror/envoyproxy/envoy:v1.40.0")),
        ValueCase(
            "imagePrefix", "registry.internal/mirror/", "Pod/buildkit-test", "/spec/containers/0/image",
            .equals("registry.internal/mirror/moby/buildkit:v0.32.2-rootless")),
        ValueCase(
            "imagePullSecrets", "[{name: pull}]", "Deployment/buildkit-builder",
            "/spec/template/spec/imagePullSecrets", .equals("[{name: pull}]")),
        ValueCase(
            "commonLabels", "{team: tools}", "Service/buildkit", "/metadata/labels/team", .equals("tools")),
        ValueCase(
            "commonAnnotations", "{a/b: c}", "ConfigMap/buildkit-proxy", "/metadata/annotations/a~1b",
            .equals("c")),
        ValueCase(
            "nameOverride", "kit", "Service/buildkit", "/metadata/labels/app.kubernetes.io~1name",
            .equals("kit")),
        ValueCase("fullnameOverride", "shared", "Service/shared", "/spec/type", .equals("ClusterIP")),
        ValueCase(
            "clusterDomain", "corp.example", "ConfigMap/buildkit-proxy",
            "/data/envoy.yaml/#/static_resources/clusters/0/load_assignment/endpoints/0/lb_endpoints/0"
                + "/endpoint/address/socket_address/address",
            .equals("buildkit-builder.builds.svc.corp.example")),
        ValueCase(
            "ipv6", "true", "ConfigMap/buildkit-proxy",
            "/data/envoy.yaml/#/static_resources/listeners/0/address",
            .equals("{socket_address: {address: '::', port_value: 1234, ipv4_compat: true}}")),
        ValueCase(
            "ipv6", "true", "ConfigMap/buildkit-builder", "/data/buildkitd.toml", .contains("tcp://[::]:1234")
        ),
        ValueCase("ipv6", "true", "Service/buildkit", "/spec/ipFamilyPolicy", .equals("PreferDualStack")),
    ]
}
