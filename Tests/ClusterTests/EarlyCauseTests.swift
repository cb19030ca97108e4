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

    /// The limit is created after the checks: with the namespace's first Secret.
    @Test func whatTheNamespaceRefusesLaterIsNamedWithinSeconds() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let manifest = limits(
                    "LimitRange", #"{"limits":[{"type":"Container","max":{"memory":"8Mi"}}]}"#)
                let start = Date()
                async let outcome = installation.install("--timeout", "900")
                try await eventually("the Secrets are there") {
                    try await installation.cluster.list("secrets", in: namespace.name).contains {
                        $0["metadata"]?["name"]?.string == "buildkit-secrets"
                    }
                }
                try await installation.cluster.kubectl.require(
                    ["create", "--namespace", namespace.name, "--filename", "-"], input: manifest)
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

    /// A policy for these namespaces only, so that no other test meets it.
    private func policy(_ name: String, in namespaces: [String]) -> String {
        let names = namespaces.map { "\"\($0)\"" }.joined(separator: ",")
        return """
            {"apiVersion":"v1","kind":"List","items":[
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy",
            "metadata":{"name":"\(name)"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":[""],
            "apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]},
            "validations":[{"expression":"false","message":"no pods for \(name)"}]}},
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding",
            "metadata":{"name":"\(name)"},"spec":{"policyName":"\(name)","validationActions":["Deny"],
            "matchResources":{"namespaceSelector":{"matchExpressions":[
            {"key":"kubernetes.io/metadata.name","operator":"In","values":[\(names)]}]}}}}]}
            """
    }

    @Test func whatThePoliciesOfTheClusterRefuseIsKnownBeforeTheNamespaceExists() async throws {
        try await Installation.begin { installation in
            let kubectl = installation.cluster.kubectl
            let name = installation.namespace
            let manifest = policy(name, in: [name, "default"])
            try await kubectl.require(["create", "--filename", "-"], input: manifest)
            do {
                try await eventually("the policy is in force") {
                    let probe = [
                        "run", "probe", "--image", "probe", "--dry-run=server", "--namespace", "default",
                    ]
                    return try await kubectl.run(probe).errors.contains("no pods for \(name)")
                }
                let outcome = try await installation.install()
                #expect(outcome.status == 69, "\(outcome)")
                #expect(
                    outcome.errors.contains("An admission policy of the cluster rejects"), "\(outcome)")
                #expect(outcome.errors.contains("in namespace default: "), "\(outcome)")
                #expect(outcome.errors.contains("no pods for \(name)"), "\(outcome)")
                #expect(try await !installation.cluster.has(name))
            } catch {
                try await kubectl.require(["delete", "--filename", "-"], input: manifest)
                throw error
            }
            try await kubectl.require(["delete", "--filename", "-"], input: manifest)
        }
    }
}
