import FoundationEssentials
import LabSupport
import Testing

/// The chart's objects contain only fields and types in the schemas of the Kubernetes API.
struct KubernetesSchemaTests {
    /// A request to `schemas.py`.
    private struct Question: Encodable {
        let version: String
        let manifest: String
    }

    /// Kinds of other projects, whose schemas are in the cluster.
    private static let foreign: Set = [
        "keda.sh/v1alpha1 ScaledObject is unknown", "monitoring.coreos.com/v1 PodMonitor is unknown",
    ]

    /// Every single value, and the documented combinations.
    @Test(arguments: ["v1.20.0", "v1.30.0", "v1.36.0", "v1.37.0"])
    func everythingIsKnownToTheAPI(version: String) async throws {
        var releases =
            ValueTests.cases.map(\.release) + InstallationTests.combinations.map { Release(set: $0) }
        for index in releases.indices { releases[index].kubernetes = version }
        let rendered = try await Chart.results(releases)
        // Combinations that the chart itself rejects in an old cluster are skipped.
        let isOld = version == "v1.20.0"
        let refusals = rendered.compactMap(\.error).filter { !isOld || !$0.contains("requires Kubernetes") }
        #expect(refusals == [])
        let said = Set(try await complaints(about: rendered, in: version).joined())
        #expect(said == Self.foreign)
    }

    @Test func whatAVersionDoesNotKnowIsRefused() async throws {
        let rendered = try await Chart.results([Release(set: ["builder.security": "userns"])])
        let said = try await complaints(about: rendered, in: "v1.20.0")
        #expect(
            said.joined().contains { $0.contains("Deployment/buildkit-builder") && $0.contains("hostUsers") })
    }

    private func complaints(about rendered: [Rendered], in version: String) async throws -> [[String]] {
        let questions = rendered.map {
            Question(version: version, manifest: "\($0.manifest ?? "")\n---\n\($0.tests ?? "")")
        }
        return try await Chart.ask("schemas.py", LabPart.schemas.path, questions)
    }
}
