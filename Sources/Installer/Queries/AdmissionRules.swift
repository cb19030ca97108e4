/// A rule of the cluster that judges new objects in the namespaces that it selects: an admission webhook, or a policy
/// with its binding.
///
/// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
/// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
/// https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
struct AdmissionRule: Sendable {
    /// "the webhook policy.example.com".
    let title: String
    /// How the server names it where it rejects an object.
    private let mark: String
    /// All of them must select a namespace.
    private let selectors: [JSONValue]
    /// Whether its conditions mention the namespace, so that another one may get another verdict.
    private let isAboutNamespaces: Bool
    /// Whether the verdict is made by a program, whose reasons are unknown.
    private let isOpaque: Bool
    /// Whether it may change the objects that it judges.
    fileprivate let isMutating: Bool

    /// The kinds of the cluster that hold rules.
    static let kinds = [
        "validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
        "mutatingadmissionpolicybindings", "validatingwebhookconfigurations", "mutatingwebhookconfigurations",
    ].map { "\($0).admissionregistration.k8s.io" }

    /// Whether it selects a namespace, by its labels and the one that every namespace has.
    func applies(to namespace: String, _ labels: [String: JSONValue]) -> Bool {
        var labels = labels
        labels["kubernetes.io/metadata.name"] = .string(namespace)
        return selectors.allSatisfy { $0.selects(labels) }
    }

    func isNamed(in words: String) -> Bool { words.contains(mark) }

    /// Whether a rejection in one namespace holds in every namespace that the rule selects.
    func isCertain(_ words: String) -> Bool {
        !isAboutNamespaces && (!isOpaque || words.contains("failed calling webhook"))
    }
}

extension AdmissionRule {
    /// The rules in the output of kubectl that judge what the chart creates.
    static func all(in items: [JSONValue]) -> [AdmissionRule] {
        let webhooks = items.flatMap { item -> [AdmissionRule] in
            let isMutating = item["kind"]?.string == "MutatingWebhookConfiguration"
            return (item["webhooks"]?.array ?? []).compactMap {
                AdmissionRule(webhook: $0, isMutating: isMutating)
            }
        }
        return webhooks
            + ["ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"].flatMap { kind in
                let policies = items.filter { $0["kind"]?.string == kind }
                let bindings = items.filter { $0["kind"]?.string == "\(kind)Binding" }
                return bindings.compactMap { binding in
                    let name = binding["spec"]?["policyName"]?.string
                    return policies.first { $0.name == name }.flatMap { AdmissionRule(policy: $0, binding) }
                }
            }
    }

    private init?(webhook: JSONValue, isMutating: Bool) {
        guard let name = webhook["name"]?.string, Self.judges(webhook["rules"]) else { return nil }
        self.init(
            title: "the webhook \(name)", mark: "webhook \"\(name)\"",
            selectors: [webhook["namespaceSelector"]].compactMap(\.self),
            isAboutNamespaces: Self.mentionsNamespaces(webhook["matchConditions"]), isOpaque: true,
            isMutating: isMutating)
    }

    private init?(policy: JSONValue, _ binding: JSONValue) {
        let isMutating = policy["kind"]?.string == "MutatingAdmissionPolicy"
        guard let rules = policy["spec"], let bound = binding["spec"],
            isMutating || (bound["validationActions"]?.array ?? []).contains(.string("Deny")),
            Self.judges(rules["matchConstraints"]?["resourceRules"])
        else { return nil }
        let conditions = ["validations", "mutations", "matchConditions", "variables"].map { rules[$0] }
        // Parameters without a namespace are those of the object's own namespace.
        let hasOwnParameters = bound["paramRef"].map { $0["namespace"] == nil } ?? false
        self.init(
            title: "the policy \(policy.name)", mark: "'\(policy.name)' with binding '\(binding.name)'",
            selectors: [rules["matchConstraints"], bound["matchResources"]].compactMap {
                $0?["namespaceSelector"]
            },
            isAboutNamespaces: hasOwnParameters || conditions.contains(where: Self.mentionsNamespaces),
            isOpaque: false, isMutating: isMutating)
    }

    /// Whether they are about an object of the chart.
    private static func judges(_ rules: JSONValue?) -> Bool {
        let resources = ["pods", "services", "persistentvolumeclaims", "networkpolicies", "*", "*/*"]
        return (rules?.array ?? []).contains { rule in
            let words = { (key: String) in (rule[key]?.array ?? []).compactMap(\.string) }
            return words("operations").contains { ["CREATE", "*"].contains($0) }
                && words("resources").contains(where: resources.contains)
        }
    }

    /// Expressions of the Common Expression Language, as text.
    private static func mentionsNamespaces(_ expressions: JSONValue?) -> Bool {
        expressions?.text.contains("namespace") ?? false
    }
}

extension Query<[AdmissionRule]> {
    static func admissionRules(_ installation: InstallationID) -> Query {
        Query(AdmissionRule.kinds.map { installation.cluster.look("get", $0, "--output", "json") }) {
            results throws(InstallerError) in
            var items: [JSONValue] = []
            for result in results {
                // Kubernetes has validating policies since version 1.30, and mutating ones since 1.36.
                if result.errors.contains("doesn't have a resource type") { continue }
                let rules: [JSONValue] = try result.items(
                    else: "The admission rules of the cluster cannot be listed")
                items += rules
            }
            return .found(AdmissionRule.all(in: items))
        }
    }
}

/// An existing namespace in which objects are tried for one that does not exist yet. Its own properties must not affect
/// the result.
struct SubstituteNamespace: Sendable {
    let name: String
    let labels: [String: JSONValue]
    /// The names of its LimitRanges: each sets defaults in the pods of the namespace.
    let limitRanges: [String]

    /// What changes the pods of this namespace before they are judged: "the LimitRange memory"; nil: nothing does.
    /// - Parameter rules: the rules of the cluster that do not apply to the namespace that does not exist yet.
    func change(by rules: [AdmissionRule]) -> String? {
        limitRanges.first.map { "the LimitRange \($0)" }
            ?? rules.first { $0.isMutating && $0.applies(to: name, labels) }?.title
    }
}

extension Query<SubstituteNamespace> {
    /// The namespace `default`, which every cluster has.
    static func substitute(in installation: InstallationID) -> Query {
        let name = "default"
        let kubectl = Kubectl(context: installation.context, namespace: name)
        let sentence = "The namespace \(name) cannot be read"
        return Query([
            installation.cluster.look("get", "namespace", name, "--output", "json"),
            kubectl.look("get", "limitranges", "--output", "json"),
        ]) { results throws(InstallerError) in
            let namespace: JSONValue? = try results[0].json(else: sentence)
            let ranges: [JSONValue] = try results[1].items(else: sentence)
            guard let metadata = namespace?["metadata"] else {
                throw InstallerError(ofUnknownOutput: sentence)
            }
            return .found(
                SubstituteNamespace(
                    name: name, labels: metadata["labels"]?.object ?? [:], limitRanges: ranges.map(\.name)))
        }
    }
}
