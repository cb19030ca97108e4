import FoundationEssentials
import LabSupport
import Testing

/// Pods that the API server rejects: reported before any change, or as soon as it happens where it cannot be known
/// before.
@Suite struct EarlyCauseTests {
    private func limits(_ kind: String, _ spec: String) -> String {
        #"{"apiVersion":"v1","kind":"\#(kind)","metadata":{"name":"team"},"spec":\#(spec)}"#
    }

    /// The message of each kind of limit about the chart's pods.
    private var cases: [(manifest: String, headline: String, words: String)] {
        [
            (
                limits("ResourceQuota", #"{"hard":{"limits.cpu":"4","limits.memory":"8Gi"}}"#),
                "A ResourceQuota of the namespace rejects", "must specify limits.cpu"
            ),
            (
                limits("ResourceQuota", #"{"hard":{"requests.memory":"8Mi"}}"#),
                "A ResourceQuota of the namespace has no capacity left for", "exceeded quota: team"
            ),
            (
                limits(
                    "LimitRange",
                    #"{"limits":[{"type":"Container","max":{"cpu":"500m","memory":"256Mi"}}]}"#),
                "A LimitRange of the namespace rejects", "usage per Container is"
            ),
        ]
    }

    @Test func whatTheNamespaceRefusesIsKnownBeforeAnythingChanges() async throws {
        for (manifest, headline, words) in cases {
            try await ControlPlane.withNamespace { namespace in
                try await Installation.begin(in: namespace.name) { installation in
                    try await installation.cluster.kubectl.require(
                        ["create", "--namespace", namespace.name, "--filename", "-"], input: manifest)
                    try await eventually("the quota counts") {
                        // A quota whose usage has not been counted yet rejects pods with another message.
                        try await installation.cluster.list("resourcequotas", in: namespace.name).allSatisfy {
                            $0["status"]?["used"] != nil
                        }
                    }
                    let before = try await installation.objects()
                    let outcome = try await installation.install()
                    #expect(outcome.status == 69, "\(outcome)")
                    let said = outcome.output + outcome.errors
                    #expect(said.contains(headline) && said.contains(words), "\(outcome)")
                    #expect(try await installation.objects() == before)
                }
            }
        }
    }

    /// The limit is created after the checks, before Helm is run.
    @Test func whatTheNamespaceRefusesLaterIsNamedWithinSeconds() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let manifest = limits(
                    "LimitRange", #"{"limits":[{"type":"Container","max":{"memory":"8Mi"}}]}"#)
                let tools = try ToolWatch(over: installation)
                try tools.hold(.before, "helm install")
                let start = Date()
                async let outcome = installation.install("--timeout", "900")
                try await eventually("Helm is run") { tools.isHolding }
                try await installation.cluster.kubectl.require(
                    ["create", "--namespace", namespace.name, "--filename", "-"], input: manifest)
                try tools.letGo()
                let result = try await outcome
                #expect(result.status == 1, "\(result)")
                #expect(result.errors.contains("A LimitRange of the namespace rejects"), "\(result)")
                // --memory is about BuildKit's pod.
                let change = result.errors.contains("the proxy pods") ? "--values" : "another --memory"
                #expect(result.errors.contains("Try again with \(change):"), "\(result)")
                // Not the timeout.
                #expect(Date().timeIntervalSince(start) < 600)
            }
        }
    }
}
