extension Facts.Right {
    init(_ verb: String, _ resource: String) { self.init(verb: verb, resource: resource, inNamespace: true) }

    /// To make a namespace: the one right that is not about what is in a namespace.
    static let createNamespace = Facts.Right(verb: "create", resource: "namespaces", inNamespace: false)

    /// Everything that an install may do, from Secrets to the chart's objects and what Helm looks at while it
    /// waits.
    static func needed(for answers: Answers) -> [Self] {
        var made = madeByChart
        if answers.cache != .none { made.append("persistentvolumeclaims") }
        return [createNamespace]
            // Helm keeps its releases in Secrets, too.
            + rights(to: ["create", "delete", "get", "list", "patch", "update"], ["secrets"])
            + rights(to: ["create", "delete", "get", "patch"], made)
            + rights(to: ["list", "watch"], ["deployments.apps"])
            + rights(to: ["get", "list"], ["pods"]) + rights(to: ["list"], ["replicasets.apps"])
            + (answers.exposure == .portForward ? [Self("create", "pods/portforward")] : [])
    }

    /// What it takes to remove parts of an installation.
    static func needed(toRemove parts: [Part]) -> [Self] {
        var all: [Self] = []
        for part in parts {
            switch part {
            case .release:
                all += rights(to: ["delete", "get", "list", "update"], ["secrets"])
                all += rights(to: ["delete", "get"], madeByChart) + [Self("list", "pods")]
            case .secrets, .foreignSecrets: all += rights(to: ["delete", "get"], ["secrets"])
            case .cache: all += rights(to: ["delete", "get"], ["persistentvolumeclaims"])
            case .namespace: all.append(Self("delete", "namespaces"))
            case .builder, .certificates, .authority, .records: break
            }
        }
        var seen: Set<Self> = []
        return all.filter { seen.insert($0).inserted }
    }

    private static let madeByChart = [
        "configmaps", "deployments.apps", "networkpolicies.networking.k8s.io", "poddisruptionbudgets.policy",
        "serviceaccounts", "services",
    ]

    private static func rights(to verbs: [String], _ resources: [String]) -> [Self] {
        resources.flatMap { resource in verbs.map { Self($0, resource) } }
    }

    /// The resource as people call it: without its group.
    fileprivate var shortResource: String { subresource.map { "\(plural)/\($0)" } ?? plural }

    /// The resource's name without its group and subresource: `pods`.
    var plural: String { String(resource.prefix { $0 != "." && $0 != "/" }) }
    /// Its group; empty for the core's.
    var group: String {
        resource.firstIndex(of: ".").map { String(resource[resource.index(after: $0)...]) } ?? ""
    }
    /// The part of the resource that is meant: `portforward`; nil for all of it.
    var subresource: String? {
        resource.firstIndex(of: "/").map { String(resource[resource.index(after: $0)...]) }
    }
}

extension Collection<Facts.Right> {
    /// The rights in words, those on several resources together: "get and list pods; create services".
    var inWords: String {
        var verbs: [String: [String]] = [:]
        for right in self { verbs[right.shortResource, default: []].append(right.verb) }
        var resources: [[String]: [String]] = [:]
        for (resource, verbs) in verbs { resources[verbs.sorted(), default: []].append(resource) }
        return resources.map { "\($0.key.inWords) \($0.value.sorted().inWords)" }.sorted().joined(
            separator: "; ")
    }
}

extension [String] {
    /// "create, get and patch".
    var inWords: String {
        guard count > 1, let last else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) and \(last)"
    }
}
