/// The API path of a kind.
struct APIResource {
    let group: String
    let plural: String
    let isNamespaced: Bool
    var isReview: Bool { group.contains("authorization.k8s.io") }

    /// Each kind with its kubectl names and its path.
    private static let known: [(kind: String, names: Set<String>, resource: APIResource)] = [
        ("Namespace", ["namespace", "namespaces"], core("namespaces", false)),
        ("Node", ["node", "nodes"], core("nodes", false)),
        ("Pod", ["pod", "pods"], core("pods")),
        ("ConfigMap", ["configmap"], core("configmaps")),
        ("Secret", ["secret", "secrets"], core("secrets")),
        ("ServiceAccount", ["serviceaccount"], core("serviceaccounts")),
        ("Service", ["service", "services"], core("services")),
        ("Event", ["events"], core("events")),
        ("LimitRange", ["limitranges"], core("limitranges")),
        (
            "PersistentVolumeClaim", ["persistentvolumeclaim", "persistentvolumeclaims"],
            core("persistentvolumeclaims")
        ),
        ("Deployment", ["deployment.apps", "deployments.apps"], APIResource("apps/v1", "deployments")),
        ("ReplicaSet", ["replicasets.apps"], APIResource("apps/v1", "replicasets")),
        (
            "NetworkPolicy", ["networkpolicy.networking.k8s.io", "networkpolicies.networking.k8s.io"],
            APIResource("networking.k8s.io/v1", "networkpolicies")
        ),
        (
            "HorizontalPodAutoscaler", ["horizontalpodautoscalers.autoscaling"],
            APIResource("autoscaling/v1", "horizontalpodautoscalers")
        ),
        (
            "PodDisruptionBudget", ["poddisruptionbudget.policy"],
            APIResource("policy/v1", "poddisruptionbudgets")
        ),
        ("Lease", ["lease"], APIResource("coordination.k8s.io/v1", "leases")),
        admission("ValidatingAdmissionPolicy", "validatingadmissionpolicies"),
        admission("ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings"),
        admission("MutatingAdmissionPolicy", "mutatingadmissionpolicies"),
        admission("MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings"),
        admission("ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
        admission("MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
        ("ScaledObject", ["scaledobjects.keda.sh"], APIResource("keda.sh/v1alpha1", "scaledobjects")),
        ("StorageClass", ["storageclasses"], APIResource("storage.k8s.io/v1", "storageclasses", false)),
        (
            "SelfSubjectAccessReview", [],
            APIResource("authorization.k8s.io/v1", "selfsubjectaccessreviews", false)
        ),
        (
            "SelfSubjectRulesReview", [],
            APIResource("authorization.k8s.io/v1", "selfsubjectrulesreviews", false)
        ),
    ]

    private static func core(_ plural: String, _ isNamespaced: Bool = true) -> APIResource {
        APIResource("v1", plural, isNamespaced)
    }

    /// A kind of the API group that holds the cluster's admission rules.
    private static func admission(
        _ kind: String, _ plural: String
    ) -> (kind: String, names: Set<String>, resource: APIResource) {
        let group = "admissionregistration.k8s.io"
        return (kind, ["\(plural).\(group)"], APIResource("\(group)/v1", plural, false))
    }

    private init(_ group: String, _ plural: String, _ isNamespaced: Bool = true) {
        (self.group, self.plural, self.isNamespaced) = (group, plural, isNamespaced)
    }

    init?(_ name: String) {
        guard let found = Self.known.first(where: { $0.names.contains(name) }) else { return nil }
        self = found.resource
    }

    init?(kind: String) {
        guard let found = Self.known.first(where: { $0.kind == kind }) else { return nil }
        self = found.resource
    }

    /// Nil where the namespace is the context's default, which only kubectl knows.
    func path(in namespace: String?, ofAll isOfAll: Bool = false) -> String? {
        let root = group.contains("/") ? "/apis/\(group)" : "/api/\(group)"
        guard isNamespaced, !isOfAll else { return "\(root)/\(plural)" }
        return namespace.map { "\(root)/namespaces/\($0.percentEncoded)/\(plural)" }
    }
}

extension String {
    /// Encoded for a path or a query (RFC 3986, section 2.3).
    var percentEncoded: String {
        utf8.reduce(into: "") { text, byte in
            if byte.isLetterOrDigit || "-._~".utf8.contains(byte) {
                text.append(Character(Unicode.Scalar(byte)))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
