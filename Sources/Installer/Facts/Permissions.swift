extension Facts.Right {
    init(_ verb: String, _ resource: String) { self.init(verb: verb, resource: resource, inNamespace: true) }

    /// Create a namespace: the only right that is not within a namespace.
    static let createNamespace = Facts.Right(verb: "create", resource: "namespaces", inNamespace: false)

    /// All rights that an install needs, from Secrets to the chart's objects and what Helm reads while it waits.
    static func needed(for answers: Answers) -> [Self] {
        var made = madeByChart
        if answers.cache != .none { made.append("persistentvolumeclaims") }
        return [createNamespace]
            // Helm stores its releases in Secrets, too.
            + rights(to: ["create", "delete", "get", "list", "patch", "update"], ["secrets"])
            + rights(to: ["create", "delete", "get", "patch"], made)
            + rights(to: ["list", "watch"], ["deployments.apps"])
            + rights(to: ["get", "list"], ["pods"]) + rights(to: ["list"], ["replicasets.apps"])
            + (answers.exposure == .portForward ? [Self("create", "pods/portforward")] : [])
    }

    /// The rights that are needed to remove parts of an installation.
    /// - Parameter endsBuilds: whether the pods of the release are deleted at once.
    static func needed(toRemove parts: [RemovablePart], endsBuilds: Bool) -> [Self] {
        var all: [Self] = []
        for part in parts {
            switch part {
            case .release:
                all += rights(to: ["delete", "get", "list", "update"], ["secrets"])
                all += rights(to: ["delete", "get"], madeByChart) + (endsBuilds ? toEndBuilds : toAwaitPods)
            case .secrets, .foreignSecrets: all += rights(to: ["delete", "get"], ["secrets"])
            case .cache: all += rights(to: ["delete", "get"], ["persistentvolumeclaims"])
            case .namespace: all.append(Self("delete", "namespaces"))
            case .builder, .certificates, .authority, .records: break
            }
        }
        var seen: Set<Self> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// The rights that a rotation needs.
    /// - Parameters:
    ///   - restarts: whether BuildKit is restarted.
    ///   - hasSiblings: whether that of other releases is, too, for which Helm's records of them are read.
    ///   - connects: whether a connection verifies the result.
    static func needed(
        toRotate answers: Answers, restarts: Bool, hasSiblings: Bool, connects: Bool
    ) -> Set<Self> {
        let restart =
            rights(to: ["get", "patch"], ["deployments.apps"]) + toAwaitPods
            + (hasSiblings ? [Self("list", "secrets")] : [])
        return Set(toReplaceSecrets + (restarts ? restart : []) + (connects ? toConnect(answers) : []))
    }

    /// The rights that a change of a client needs.
    /// - Parameters:
    ///   - changesRoles: whether Helm changes the list of clients. All objects of the chart exist then.
    ///   - endsBuilds: whether the proxy pods are replaced.
    ///   - connects: whether a connection verifies the result.
    static func needed(
        toChangeClient answers: Answers, changesRoles: Bool, endsBuilds: Bool, connects: Bool
    ) -> Set<Self> {
        let upgrade = needed(for: answers).filter {
            $0.inNamespace && ($0.plural == "secrets" || !["create", "delete"].contains($0.verb))
        }
        return Set(
            toReplaceSecrets + (changesRoles ? upgrade : []) + (endsBuilds ? toEndBuilds : [])
                + (connects ? toConnect(answers) : []))
    }

    private static let toReplaceSecrets = rights(to: ["get", "patch"], ["secrets"])
    private static let toAwaitPods = rights(to: ["list"], ["deployments.apps", "pods"])

    /// The rights to delete the pods that the release's ReplicaSets control.
    static let toEndBuilds =
        [Facts.Right("delete", "pods"), Facts.Right("list", "replicasets.apps")] + toAwaitPods

    /// The rights to reach the builder from this machine.
    private static func toConnect(_ answers: Answers) -> [Self] {
        guard answers.exposure == .portForward, answers.endpoint == nil else { return [] }
        return [Self("create", "pods/portforward"), Self("get", "services")]
            + rights(to: ["get", "list"], ["pods"])
    }

    private static let madeByChart = [
        "configmaps", "deployments.apps", "networkpolicies.networking.k8s.io", "poddisruptionbudgets.policy",
        "serviceaccounts", "services",
    ]

    private static func rights(to verbs: [String], _ resources: [String]) -> [Self] {
        resources.flatMap { resource in verbs.map { Self($0, resource) } }
    }

    /// The resource without its group.
    fileprivate var shortResource: String { subresource.map { "\(plural)/\($0)" } ?? plural }

    /// The resource's name without its group and subresource: `pods`.
    var plural: String { String(resource.prefix { $0 != "." && $0 != "/" }) }
    /// Its group; empty for the core group.
    var group: String {
        resource.firstIndex(of: ".").map { String(resource[resource.index(after: $0)...]) } ?? ""
    }
    /// The subresource: `portforward`; nil where there is none.
    var subresource: String? {
        resource.firstIndex(of: "/").map { String(resource[resource.index(after: $0)...]) }
    }
}

extension Collection<Facts.Right> {
    /// The rights in words, those with the same resource together: "get and list pods; create services".
    var inWords: String {
        var verbs: [String: [String]] = [:]
        for right in Set(self) { verbs[right.shortResource, default: []].append(right.verb) }
        var resources: [[String]: [String]] = [:]
        for (resource, verbs) in verbs { resources[verbs.sorted(), default: []].append(resource) }
        return resources.map { "\($0.key.inWords) \($0.value.sorted().inWords)" }.sorted().joined(
            separator: "; ")
    }
}

/// Queries the API server for the user's rights, by its review objects.
///
/// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
enum AccessReview {
    /// A review of all rights of the user in a namespace.
    static func rules(in namespace: String) -> JSONValue {
        review("SelfSubjectRulesReview", ["namespace": .string(namespace)])
    }

    /// A review of one right of the user.
    static func access(_ right: Facts.Right, in namespace: String) -> JSONValue {
        var attributes: [String: JSONValue] = [
            "verb": .string(right.verb), "group": .string(right.group), "resource": .string(right.plural),
        ]
        if right.inNamespace { attributes["namespace"] = .string(namespace) }
        if let subresource = right.subresource { attributes["subresource"] = .string(subresource) }
        return review("SelfSubjectAccessReview", ["resourceAttributes": .object(attributes)])
    }

    private static func review(_ kind: String, _ spec: JSONValue) -> JSONValue {
        ["apiVersion": "authorization.k8s.io/v1", "kind": .string(kind), "spec": spec]
    }

    /// The server's answer: rules for one kind of review, allowed or not for the other.
    struct Reply: Decodable {
        struct Status: Decodable {
            var allowed: Bool?
            var incomplete: Bool?
            var resourceRules: [Rule]?
        }
        var status: Status

        func allows(_ right: Facts.Right) -> Bool {
            (status.resourceRules ?? []).contains { $0.allows(right) }
        }
    }

    /// The verbs that a user may use on some resources.
    struct Rule: Decodable {
        var verbs: [String]
        var apiGroups: [String]?
        var resources: [String]?
        var resourceNames: [String]?

        func allows(_ right: Facts.Right) -> Bool {
            // A rule for objects of certain names does not apply to all objects.
            guard (resourceNames ?? []).isEmpty else { return false }
            let wanted = right.subresource.map { ["\(right.plural)/\($0)", "*/\($0)"] } ?? [right.plural]
            return verbs.contains { $0 == "*" || $0 == right.verb }
                && (apiGroups ?? []).contains { $0 == "*" || $0 == right.group }
                && (resources ?? []).contains { $0 == "*" || wanted.contains($0) }
        }
    }
}
