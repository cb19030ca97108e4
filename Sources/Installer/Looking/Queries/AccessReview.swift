/// Asks the API server what the user may do, by the objects that it has for that.
///
/// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
enum AccessReview {
    /// All that the user may do in a namespace.
    static func rules(in namespace: String) -> JSONValue {
        review("SelfSubjectRulesReview", ["namespace": .string(namespace)])
    }

    /// Whether the user has one right.
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

    /// What the server answers: rules to the one kind of review, a yes or no to the other.
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

    /// What a user may do with some resources.
    struct Rule: Decodable {
        var verbs: [String]
        var apiGroups: [String]?
        var resources: [String]?
        var resourceNames: [String]?

        func allows(_ right: Facts.Right) -> Bool {
            // A rule for objects of certain names says nothing about all of them.
            guard (resourceNames ?? []).isEmpty else { return false }
            let wanted = right.subresource.map { ["\(right.plural)/\($0)", "*/\($0)"] } ?? [right.plural]
            return verbs.contains { $0 == "*" || $0 == right.verb }
                && (apiGroups ?? []).contains { $0 == "*" || $0 == right.group }
                && (resources ?? []).contains { $0 == "*" || wanted.contains($0) }
        }
    }
}
