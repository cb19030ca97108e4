@testable import Installer
import Testing

@Suite struct ClusterInstallationsTests {
    private func answer(_ output: String, status: Int = 0) throws -> [ClusterInstallation] {
        let query = Query.installations(in: "production")
        #expect(
            query.commands.map(\.description) == [
                "kubectl get deployments.apps --all-namespaces --selector app.kubernetes.io/component=builder "
                    + "--output json --request-timeout=5s --context production"
            ])
        let result =
            status == 0 ? CommandResult(output: output) : CommandResult(status: status, errors: output)
        guard case .found(let installations) = try query.read([result]) else { return [] }
        return installations
    }

    private func deployment(_ namespace: String, chart: String, replicas: Int, ready: Int) -> String {
        """
        {"kind": "Deployment", "metadata": {"name": "buildkit-builder", "namespace": "\(namespace)", "labels": \
        {"helm.sh/chart": "\(chart)", "app.kubernetes.io/instance": "buildkit"}}, \
        "spec": {"replicas": \(replicas)}, "status": {"readyReplicas": \(ready)}}
        """
    }

    @Test func buildersOfTheChartAreFoundInAllNamespaces() throws {
        let found = try answer(
            """
            {"items": [\(deployment("a", chart: "buildkit-0.1.0", replicas: 1, ready: 1)),
            \(deployment("b", chart: "buildkit-0.0.9", replicas: 0, ready: 0)),
            \(deployment("c", chart: "buildkitd-2.0.0", replicas: 1, ready: 1)),
            {"metadata": {"name": "unlabelled", "namespace": "d"}}]}
            """)
        #expect(found.map(\.id.namespace) == ["a", "b"])
        #expect(found.map(\.scale.inWords) == ["running", "scaled to zero"])
        #expect(found.allSatisfy { $0.id.context == "production" && $0.id.release == "buildkit" })
    }

    @Test func aUserOfOneNamespaceLearnsThatNothingWasListed() {
        #expect(throws: InstallerError.self) {
            try answer(
                "Error from server (Forbidden): deployments.apps is forbidden: User \"u\" cannot list resource",
                status: 1)
        }
    }
}
