extension Query<Facts.NamespaceContents> {
    /// All objects in the namespace, of any kind: first the kinds of the cluster, then their objects.
    /// - Parameter cacheClaim: the name of the cache volume's claim, which is not part of the release.
    static func namespaceContents(_ installation: InstallationID, cacheClaim: String) -> Query {
        let kinds = installation.cluster.look(
            "api-resources", "--namespaced", "--verbs", "list,delete", "--output", "name")
        return Query([kinds]) { results throws(InstallerError) in
            let known = results[0].output.split(separator: "\n").map(String.init)
            // Where a part of the API is unavailable, kubectl prints the other kinds and fails.
            guard !known.isEmpty else {
                _ = try results[0].text(else: "The API resources of the cluster cannot be listed")
                return .found(Facts.NamespaceContents(areComplete: false))
            }
            let asked = known.filter { !passing.contains($0) }
            return .ask(objects(of: asked, installation, cacheClaim, areAll: results[0].status == 0))
        }
    }

    /// Kinds that are created automatically and deleted with the objects that they describe.
    private static let passing: Set = [
        "events", "events.events.k8s.io", "endpoints", "endpointslices.discovery.k8s.io",
        "pods.metrics.k8s.io",
    ]

    private static func objects(
        of kinds: [String], _ installation: InstallationID, _ claim: String, areAll: Bool
    ) -> Query {
        let command = installation.kubectl.look(
            "get", kinds.joined(separator: ","), "--ignore-not-found", "--output", "jsonpath=\(Self.row)")
        return Query(command) { result throws(InstallerError) in
            // kubectl reports kinds that the user may not list on standard error, in addition to the other objects.
            guard result.status == 0 || result.errors.contains("(Forbidden)") else {
                _ = try result.text(
                    else: "The contents of the namespace \(installation.namespace) cannot be listed")
                return Facts.NamespaceContents(areComplete: false)
            }
            let rows = result.output.split(separator: "\n")
            let objects = rows.compactMap { NamespaceObject(row: $0) }
            return Facts.NamespaceContents(
                ofRelease: objects.filter { $0.belongs(to: installation.release, besides: claim) }.map(\.name)
                    .sorted(),
                others: objects.filter { $0.isForeign(to: installation.release, claim) }.map(\.name).sorted(),
                // A row that cannot be read may be an object of others.
                areComplete: areAll && result.status == 0 && objects.count == rows.count)
        }
    }

    /// Only the fields that show the owner of an object, never its contents.
    private static var row: String {
        let fields = NamespaceObject.fields.map { "{\($0)}" }.joined(separator: #"{"\t"}"#)
        return "{range .items[*]}\(fields){\"\\n\"}{end}"
    }
}

extension Query<[OtherRelease]> {
    /// The other releases of this chart in the namespace, by their Deployments.
    ///
    /// Labels alone make one count, so that what it may need is kept. It is only restarted where Helm has created it.
    static func otherReleases(beside installation: InstallationID) -> Query {
        let look = installation.kubectl.look("get", "deployments.apps", "--output", "json")
        return Query(look) { result throws(InstallerError) in
            let list: KubernetesList<JSONValue>? = try result.json(
                else: "The Deployments in the namespace \(installation.namespace) cannot be listed")
            var deployments: [String: [JSONValue]] = [:]
            for deployment in list?.items ?? []
            where Facts.Release.chartName(deployment.label("helm.sh/chart") ?? "") == Chart.name {
                // One that was applied from the chart's output has no annotation of Helm.
                let release =
                    deployment.annotation(KubernetesLabels.helmRelease)
                    ?? deployment.label("app.kubernetes.io/instance")
                guard let release, release != installation.release else { continue }
                deployments[release, default: []].append(deployment)
            }
            return deployments.map { release, deployments in
                OtherRelease(name: release, backend: deployments.first { $0.isBackend(of: release) }?.name)
            }.sorted { $0.name < $1.name }
        }
    }
}

extension JSONValue {
    /// Whether it is the release's Deployment of BuildKit, and its pods read the Secret of the internal certificates.
    fileprivate func isBackend(of release: String) -> Bool {
        let volumes = self["spec"]?["template"]?["spec"]?["volumes"]?.array ?? []
        return annotation(KubernetesLabels.helmRelease) == release
            && label("app.kubernetes.io/component") == "builder"
            && volumes.contains {
                $0["secret"]?["secretName"]?.string == CertificateLayout.secretNames.inner
            }
    }
}

/// An object of a namespace, with the fields that show its owner.
struct NamespaceObject: Equatable {
    /// The fields as jsonpath expressions, in the order of ``init(row:)``.
    static let fields = [
        ".apiVersion", ".kind", ".metadata.name", ".type", ".metadata.ownerReferences[*].name",
        #".metadata.annotations.meta\.helm\.sh/release-name"#,
        #".metadata.labels.helm\.sh/chart"#,
        #".metadata.labels.app\.kubernetes\.io/instance"#,
        #".metadata.labels.app\.kubernetes\.io/managed-by"#,
        ".metadata.labels.owner", ".metadata.labels.name", #".metadata.annotations.helm\.sh/hook"#,
    ]

    /// The name for kubectl: `deployment.apps/buildkit-proxy`.
    let name: String
    private let type: String
    private let hasOwner: Bool
    /// The Helm release of this program's chart that created it. The label of a release alone proves nothing: users
    /// add it to their own objects.
    private let release: String?
    /// The Helm release that it is a record of.
    private let recorded: String?
    /// Whether it is the Lease of this program, which is deleted with the namespace.
    private let isOurLease: Bool

    init?(row: some StringProtocol) {
        let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
        guard columns.count == Self.fields.count else { return nil }
        let group = columns[0].contains("/") ? "." + columns[0].prefix { $0 != "/" } : ""
        name = "\(columns[1].lowercased())\(group)/\(columns[2])"
        type = columns[3]
        hasOwner = !columns[4].isEmpty
        let isMarked = columns[8] == "Helm" && Facts.Release.chartName(columns[6]) == Chart.name
        // A hook, such as a chart test, has no annotation with its release.
        let named = columns[5].isEmpty && !columns[11].isEmpty ? columns[7] : columns[5]
        release = isMarked && !named.isEmpty ? named : nil
        isOurLease = name.hasPrefix("lease.") && columns[8] == KubernetesLabels.us
        recorded = columns[9] == "helm" && columns[10] != "" ? columns[10] : nil
    }

    /// Whether the release created it and it has no other owner; the cache and the Secrets do not count.
    func belongs(to release: String, besides claim: String) -> Bool {
        !hasOwner && self.release == release && name != "persistentvolumeclaim/\(claim)"
    }

    /// Whether it would be lost with the namespace and does not belong to the installation.
    func isForeign(to release: String, _ claim: String) -> Bool {
        let ours = [
            "persistentvolumeclaim/\(claim)", "secret/\(CertificateLayout.secretNames.outer)",
            "secret/\(CertificateLayout.secretNames.inner)",
        ]
        return !hasOwner && !belongs(to: release, besides: claim) && recorded != release
            && !ours.contains(name)
            && !isInEveryNamespace && !isOurLease
    }

    private var isInEveryNamespace: Bool {
        [
            "serviceaccount/default", "configmap/kube-root-ca.crt", "configmap/openshift-service-ca.crt",
            "configmap/istio-ca-root-cert",
        ].contains(name) || type == "kubernetes.io/service-account-token"
    }
}

extension Answers {
    /// The name of the cache volume's claim in the chart.
    var cacheClaim: String { "\(fullname)-cache" }
}
