import FoundationEssentials
@testable import Installer
import Synchronization
import Testing

/// What the API server says about the chart's objects before any change.
@Suite struct AdmissionQueryTests {
    /// A cluster with some admission rules, and its answer to a dry run in a namespace.
    private final class Cluster: CommandRunner {
        let rules: [String: [JSONValue]]
        let answer: CommandResult
        /// The labels of the namespace `default`, and its LimitRanges.
        let labels: [String: JSONValue]
        let limitRanges: [JSONValue]
        private let seen = Mutex<[String]>([])

        var commands: [String] { seen.withLock { $0 } }

        init(
            _ rules: [String: [JSONValue]] = [:], answer: CommandResult = CommandResult(),
            labels: [String: JSONValue] = [:], limitRanges: [JSONValue] = []
        ) {
            (self.rules, self.answer) = (rules, answer)
            (self.labels, self.limitRanges) = (labels, limitRanges)
        }

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            let text = command.description
            seen.withLock { $0.append(text) }
            if text.hasPrefix("helm template") { return CommandResult(output: "kind: Deployment\nspec: {}") }
            if text.hasPrefix("kubectl create --dry-run=client") {
                return CommandResult(output: JSONValue.deployment("builder").text)
            }
            if text.hasPrefix("kubectl create --dry-run=server") {
                // The namespace itself is admitted.
                return text.contains("--namespace") ? answer : CommandResult(output: "namespace/team")
            }
            if text.hasPrefix("kubectl get namespace default") {
                let namespace: JSONValue = ["metadata": ["name": "default", "labels": .object(labels)]]
                return CommandResult(output: namespace.text)
            }
            if text.hasPrefix("kubectl get limitranges") {
                return CommandResult(output: JSONValue.object(["items": .array(limitRanges)]).text)
            }
            let kind = command.arguments[1].prefix { $0 != "." }
            guard let items = rules[String(kind)] else {
                return CommandResult(
                    status: 1, errors: "error: the server doesn't have a resource type \"\(kind)\"\n")
            }
            return CommandResult(output: JSONValue.object(["items": .array(items)]).text)
        }
    }

    private func admission(_ cluster: Cluster, exists: Bool = false) async throws -> Admission {
        let folder = try TemporaryFolder()
        let request = AdmissionRequest(
            values: [:], furtherValues: nil, namespaceExists: exists,
            namespace: [
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": ["name": "team", "labels": ["pod-security.kubernetes.io/enforce": "privileged"]],
            ], server: "1.36.2", isUpgrade: false)
        let answer = try await AdmissionQuery(request: request, installation: .team).admission(
            in: .test(cluster, home: folder.path))
        return withExtendedLifetime(folder) { answer }
    }

    private static let denied =
        "Error from server (Forbidden): error when creating \"STDIN\": pods \"buildkit-builder-\" is forbidden: "
        + "ValidatingAdmissionPolicy 'latest' with binding 'everywhere' denied request: no"
    private static let unreachable =
        "Error from server (InternalError): error when creating \"STDIN\": Internal error occurred: "
        + "failed calling webhook \"policy.example.com\": service \"policy\" not found"

    private func policy(_ selector: JSONValue = [:], expression: String = "false", params: JSONValue? = nil)
        -> [String: [JSONValue]]
    {
        var bound: [String: JSONValue] = [
            "policyName": "latest", "validationActions": ["Deny"],
            "matchResources": ["namespaceSelector": selector],
        ]
        bound["paramRef"] = params
        return [
            "validatingadmissionpolicies": [
                [
                    "kind": "ValidatingAdmissionPolicy", "metadata": ["name": "latest"],
                    "spec": [
                        "matchConstraints": ["resourceRules": [Self.pods]],
                        "validations": [["expression": .string(expression)]],
                    ],
                ]
            ],
            "validatingadmissionpolicybindings": [
                [
                    "kind": "ValidatingAdmissionPolicyBinding", "metadata": ["name": "everywhere"],
                    "spec": .object(bound),
                ]
            ],
        ]
    }

    private func mutatingPolicy(_ selector: JSONValue) -> [String: [JSONValue]] {
        [
            "mutatingadmissionpolicies": [
                [
                    "kind": "MutatingAdmissionPolicy", "metadata": ["name": "sidecars"],
                    "spec": ["matchConstraints": ["resourceRules": [Self.pods]]],
                ]
            ],
            "mutatingadmissionpolicybindings": [
                [
                    "kind": "MutatingAdmissionPolicyBinding", "metadata": ["name": "everywhere"],
                    "spec": ["policyName": "sidecars", "matchResources": ["namespaceSelector": selector]],
                ]
            ],
        ]
    }

    private static let pods: JSONValue = ["operations": ["CREATE"], "resources": ["pods"]]

    private func webhook(
        _ selector: JSONValue, rules: JSONValue = AdmissionQueryTests.pods, mutates: Bool = false
    ) -> [String: [JSONValue]] {
        [
            (mutates ? "mutatingwebhookconfigurations" : "validatingwebhookconfigurations"): [
                [
                    "kind": mutates ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration",
                    "metadata": ["name": "policy"],
                    "webhooks": [
                        [
                            "name": "policy.example.com", "namespaceSelector": selector,
                            "rules": .array([rules]),
                        ]
                    ],
                ]
            ]
        ]
    }

    private func named(_ relation: String, _ names: JSONValue...) -> JSONValue {
        [
            "matchExpressions": [
                [
                    "key": "kubernetes.io/metadata.name", "operator": .string(relation),
                    "values": .array(names),
                ]
            ]
        ]
    }

    // MARK: A namespace that does not exist yet

    @Test func withoutRulesNothingIsTried() async throws {
        let cluster = Cluster()
        #expect(try await admission(cluster) == Admission(preview: .noRules))
        #expect(!cluster.commands.contains { $0.hasPrefix("helm") })
    }

    @Test func aRuleForOtherNamespacesOrObjectsIsNone() async throws {
        let secrets: JSONValue = ["operations": ["CREATE"], "resources": ["secrets"]]
        for rules in [
            webhook(named("In", "other")), webhook([:], rules: secrets), policy(named("NotIn", "team")),
        ] {
            #expect(try await admission(Cluster(rules)) == Admission(preview: .noRules))
        }
    }

    @Test func aPolicyThatAppliesToBothRejectsForCertain() async throws {
        let cluster = Cluster(policy(), answer: CommandResult(status: 1, errors: Self.denied))
        let answer = try await admission(cluster)
        #expect(answer.preview == .tried(in: "default"))
        #expect(answer.refusals.map(\.isCertain) == [true])
        #expect(
            cluster.commands.last?.hasSuffix("--namespace default --context production") == true,
            "\(cluster.commands)")
    }

    @Test func aPolicyThatLooksAtTheNamespaceMayJudgeAnotherOneDifferently() async throws {
        for rules in [
            policy(expression: "namespaceObject.metadata.labels.team == 'a'"),
            policy(params: ["name": "limits"]),
        ] {
            let cluster = Cluster(rules, answer: CommandResult(status: 1, errors: Self.denied))
            #expect(try await admission(cluster).refusals.map(\.isCertain) == [false])
        }
    }

    @Test func aWebhookThatDoesNotAnswerRejectsForCertain() async throws {
        let cluster = Cluster(webhook([:]), answer: CommandResult(status: 1, errors: Self.unreachable))
        #expect(try await admission(cluster).refusals.map(\.isCertain) == [true])
        let denies = "Error from server: admission webhook \"policy.example.com\" denied the request: no"
        let other = Cluster(webhook([:]), answer: CommandResult(status: 1, errors: denies))
        #expect(try await admission(other).refusals.map(\.isCertain) == [false])
    }

    @Test func whatOnlyTheOtherNamespaceRejectsIsNoVerdict() async throws {
        let quota =
            "Error from server (Forbidden): error when creating \"STDIN\": pods \"b\" is forbidden: exceeded quota: x"
        let cluster = Cluster(policy(), answer: CommandResult(status: 1, errors: quota))
        #expect(
            try await admission(cluster)
                == Admission(
                    silence:
                        "the namespace does not exist yet, and the namespace default, which was checked instead, "
                        + "rejects the objects by its own rules"))
    }

    // MARK: What the namespace default has of its own

    private func labelled(_ key: JSONValue, _ relation: String) -> JSONValue {
        ["matchExpressions": [["key": key, "operator": .string(relation)]]]
    }

    @Test func aRuleThatTheLabelsOfDefaultExemptIsNotTried() async throws {
        let cluster = Cluster(webhook(labelled("exempt", "DoesNotExist")), labels: ["exempt": "yes"])
        #expect(
            try await admission(cluster)
                == Admission(
                    silence:
                        "the namespace does not exist yet, so the webhook policy.example.com cannot be checked"
                )
        )
    }

    @Test func aRuleThatSelectsALabelOfBothIsTried() async throws {
        let enforced = labelled("pod-security.kubernetes.io/enforce", "Exists")
        let labels: [String: JSONValue] = ["pod-security.kubernetes.io/enforce": "baseline"]
        #expect(
            try await admission(Cluster(webhook(enforced), labels: labels))
                == Admission(asked: 1, preview: .tried(in: "default")))
    }

    @Test func aRuleThatSelectsALabelOfDefaultOnlyIsNone() async throws {
        let cluster = Cluster(
            webhook(labelled("team", "Exists")), answer: CommandResult(status: 1, errors: Self.unreachable),
            labels: ["team": "a"])
        #expect(try await admission(cluster) == Admission(preview: .noRules))
    }

    @Test func podsThatDefaultChangesProveNothing() async throws {
        let limits: [JSONValue] = [["metadata": ["name": "memory"]]]
        #expect(
            try await admission(Cluster(policy(), limitRanges: limits))
                == Admission(
                    silence:
                        "the namespace does not exist yet, and in the namespace default, which was checked instead, the "
                        + "LimitRange memory changes the pods"))
        let rejected = Cluster(
            policy(), answer: CommandResult(status: 1, errors: Self.denied), limitRanges: limits)
        #expect(try await admission(rejected).refusals.map(\.isCertain) == [false])
        let changed = policy().merging(webhook(named("In", "default"), mutates: true)) { $1 }
        #expect(
            try await admission(Cluster(changed)).silence?.hasSuffix(
                "the webhook policy.example.com changes the pods") == true)
        let mutating = policy().merging(mutatingPolicy(named("In", "default"))) { $1 }
        #expect(
            try await admission(Cluster(mutating)).silence?.hasSuffix("the policy sidecars changes the pods")
                == true)
    }

    @Test func aRuleThatAppliesToTheNewNamespaceOnlyCannotBeTried() async throws {
        let cluster = Cluster(webhook(named("In", "team")))
        #expect(
            try await admission(cluster)
                == Admission(
                    silence:
                        "the namespace does not exist yet, so the webhook policy.example.com cannot be checked"
                )
        )
    }

    @Test func whatIsAdmittedThereIsSaidWithThePlace() async throws {
        #expect(
            try await admission(Cluster(policy())) == Admission(asked: 1, preview: .tried(in: "default")))
    }

    // MARK: A namespace that exists

    @Test func whatWasNotJudgedIsNotAdmitted() async throws {
        let forbidden =
            "Error from server (Forbidden): error when creating \"STDIN\": pods is forbidden: User \"half\" "
            + "cannot create resource \"pods\" in API group \"\" in the namespace \"team\""
        let answer = try await admission(
            Cluster(answer: CommandResult(status: 1, errors: forbidden)), exists: true)
        #expect(answer.asked == 0 && answer.refusals.isEmpty)
        #expect(answer.silence?.hasPrefix("the API server checked no object in a dry run: ") == true)
        let silent = CommandResult(status: 1, errors: "Unable to connect to the server: EOF")
        #expect(try await admission(Cluster(answer: silent), exists: true).silence != nil)
    }

    @Test func anObjectThatExistsWasAdmittedBefore() async throws {
        let exists =
            "Error from server (AlreadyExists): error when creating \"STDIN\": services \"b\" already exists"
        #expect(
            try await admission(Cluster(answer: CommandResult(status: 1, errors: exists)), exists: true)
                == Admission(asked: 1))
    }
}
