/// An object of a namespace, as far as it says whose it is.
struct NamespaceObject: Equatable {
    /// The parts of an object, as jsonpath has them, in the order of ``init(row:)``.
    static let fields = [
        ".apiVersion", ".kind", ".metadata.name", ".type", ".metadata.ownerReferences[*].name",
        #".metadata.annotations.meta\.helm\.sh/release-name"#,
        #".metadata.labels.app\.kubernetes\.io/part-of"#,
        #".metadata.labels.app\.kubernetes\.io/instance"#,
        ".metadata.labels.owner", ".metadata.labels.name",
    ]

    /// As kubectl takes it: `deployment.apps/buildkit-proxy`.
    let name: String
    private let type: String
    private let hasOwner: Bool
    /// The Helm release that manages it, or that it says it is a part of.
    private let release: String?
    /// The Helm release that it is the record of.
    private let recorded: String?

    init?(row: some StringProtocol) {
        let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
        guard columns.count == Self.fields.count else { return nil }
        let group = columns[0].contains("/") ? "." + columns[0].prefix { $0 != "/" } : ""
        name = "\(columns[1].lowercased())\(group)/\(columns[2])"
        type = columns[3]
        hasOwner = !columns[4].isEmpty
        // What belongs to a test of the chart bears no mark of Helm, but the chart's labels.
        let byLabel = columns[6] == Chart.name ? columns[7] : ""
        release = [columns[5], byLabel].first { !$0.isEmpty }
        recorded = columns[8] == "helm" && columns[9] != "" ? columns[9] : nil
    }

    /// Whether the release has made it, and nobody else has kept it: the cache and the Secrets are apart.
    func belongs(to answers: Answers) -> Bool {
        !hasOwner && release == answers.release && name != "persistentvolumeclaim/\(answers.cacheClaim)"
    }

    /// Whether it would be lost with the namespace, and is no part of the installation.
    func isSomebodyElses(than answers: Answers) -> Bool {
        let ours = [
            "persistentvolumeclaim/\(answers.cacheClaim)", "secret/\(CertificatePlan.secretNames.outer)",
            "secret/\(CertificatePlan.secretNames.inner)",
        ]
        return !hasOwner && !belongs(to: answers) && recorded != answers.release && !ours.contains(name)
            && !isInEveryNamespace
    }

    private var isInEveryNamespace: Bool {
        [
            "serviceaccount/default", "configmap/kube-root-ca.crt", "configmap/openshift-service-ca.crt",
            "configmap/istio-ca-root-cert",
        ].contains(name) || type == "kubernetes.io/service-account-token"
    }
}

extension Answers {
    /// The claim of the cache volume, as the chart names it.
    var cacheClaim: String { "\(fullname)-cache" }
}
