import LabSupport
import Testing

/// The chart in a real cluster of the oldest supported version.
struct InstallationTests {
    /// The defaults, and combinations of values.
    static let combinations: [[String: String]] = [
        [:], ["builder.security": "privileged"],
        [
            "proxy.replicas": "2", "proxy.service.type": "LoadBalancer", "ipv6": "true",
            "proxy.service.loadBalancerSourceRanges": "[203.0.113.0/24]",
            "proxy.service.externalTrafficPolicy": "Local",
            "proxy.networkPolicy.from": "[{ipBlock: {cidr: 10.0.0.0/8}}]",
            "builder.networkPolicy.egress.restricted": "true",
            "builder.trust.configMap": "authorities", "test.clientSecret": "client",
        ],
    ]

    @Test func theOldestAPIServerTakesEveryObject() async throws {
        try await ControlPlane.withNamespace { namespace in
            let releases = Self.combinations.map {
                Release(set: $0, namespace: namespace.name, kubernetes: "v1.20.2")
            }
            for manifest in try await Chart.render(releases) {
                try await namespace.kubectl.require(
                    "apply", "--dry-run=server", "-n", namespace.name, "-f", "-", input: manifest.text)
            }
        }
    }

    @Test func theCacheOutlivesTheReleaseAndIsTakenUpAgain() async throws {
        try await ControlPlane.withNamespace { namespace in
            let helm = namespace.helm
            try await helm.require("install", "buildkit", Chart.folder, "-n", namespace.name)
            try await helm.require(
                "upgrade", "buildkit", Chart.folder, "-n", namespace.name, "--set", "proxy.hold=1h")
            try await helm.require("rollback", "buildkit", "1", "-n", namespace.name)
            try await helm.require("uninstall", "buildkit", "-n", namespace.name)
            #expect(try await objects(in: namespace) == ["persistentvolumeclaim/buildkit-cache"])
            try await helm.require("install", "buildkit", Chart.folder, "-n", namespace.name)
        }
    }

    @Test func theCacheGoesWithTheReleaseIfAsked() async throws {
        try await ControlPlane.withNamespace { namespace in
            let helm = namespace.helm
            try await helm.require(
                "install", "buildkit", Chart.folder, "-n", namespace.name, "--set", "builder.cache.keep=false"
            )
            try await helm.require("uninstall", "buildkit", "-n", namespace.name)
            // The claim of a pod that is still ending is protected.
            try await eventually("nothing is left") { try await objects(in: namespace) == [] }
        }
    }

    @Test func anUpgradeDoesNotWakeABuilderThatSleeps() async throws {
        try await ControlPlane.withNamespace { namespace in
            let (helm, kubectl) = (namespace.helm, namespace.kubectl)
            try await helm.require("install", "buildkit", Chart.folder, "-n", namespace.name)
            try await kubectl.require(
                "scale", "deployment/buildkit-builder", "--replicas=0", "-n", namespace.name)
            try await helm.require(
                "upgrade", "buildkit", Chart.folder, "-n", namespace.name, "--set", "builder.drain=2h")
            let replicas = try await kubectl.require(
                "get", "deployment/buildkit-builder", "-n", namespace.name, "-o", "jsonpath={.spec.replicas}")
            #expect(replicas == "0")
        }
    }

    /// The existing objects of the kinds that the chart creates.
    private func objects(in namespace: Namespace) async throws -> [String] {
        try await namespace.kubectl.require(
            "get", "deployments,services,configmaps,networkpolicies,persistentvolumeclaims",
            "-l", "app.kubernetes.io/part-of=buildkit", "-n", namespace.name, "-o", "name"
        ).split(separator: "\n").map(String.init)
    }
}
