import Testing

/// The chart supports Kubernetes 1.20 to 1.36, and uses new features where they exist.
struct ClusterVersionTests {
    private static let annotation =
        "/spec/template/metadata/annotations/container.apparmor.security.beta.kubernetes.io~1buildkitd"
    private static let field = "/spec/template/spec/containers/0/securityContext/appArmorProfile"

    @Test(arguments: ["v1.20.2", "v1.25.0", "v1.29.14", "v1.30.0", "v1.33.1+k3s1", "v1.36.2-gke.100"])
    func theDefaultsRender(kubernetes: String) async throws {
        let builder = try await Chart.render(Release(kubernetes: kubernetes)).object(
            "Deployment/buildkit-builder")
        let isOld = kubernetes < "v1.30"
        #expect((builder[Self.annotation] != nil) == isOld)
        #expect((builder[Self.field] != nil) == !isOld)
    }

    @Test(arguments: [("v1.20.2", "policy/v1beta1"), ("v1.21.0", "policy/v1"), ("v1.36.2", "policy/v1")])
    func theDisruptionBudgetIsOfAVersionThatIsThere(kubernetes: String, version: String) async throws {
        let release = Release(set: ["proxy.replicas": "2"], kubernetes: kubernetes)
        let budget = try await Chart.render(release).object("PodDisruptionBudget/buildkit-proxy")
        #expect(budget.text("/apiVersion") == version)
    }

    @Test func aClusterBefore120IsRefused() async throws {
        let refusal = try await Chart.refusal(of: Release(kubernetes: "v1.19.16"))
        #expect(refusal?.contains("chart requires kubeVersion: >=1.20.0-0") == true)
    }
}
