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
                return .found(Facts.NamespaceContents(replicaSets: nil, areComplete: false))
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
                return Facts.NamespaceContents(replicaSets: nil, areComplete: false)
            }
            let rows = result.output.split(separator: "\n")
            let objects = rows.compactMap { NamespaceObject(row: $0) }
            let own = objects.filter { $0.belongs(to: installation.release) }
            // A row that cannot be read may be an object of others.
            let areRead = objects.count == rows.count
            let showsOwners = ["deployments.apps", "replicasets.apps"].allSatisfy {
                kinds.contains($0) && !result.errors.contains("\($0) is forbidden")
            }
            // Any other error may concern these kinds, too.
            let isRefusal = result.errors.split(separator: "\n").allSatisfy { $0.contains(" is forbidden: ") }
            let areComplete = areAll && areRead && result.status == 0
            return Facts.NamespaceContents(
                ofRelease: own.map(\.name).sorted(),
                others: objects.filter { $0.isForeign(to: installation.release, claim) }.map(\.name).sorted(),
                replicaSets: areComplete || areRead && showsOwners && isRefusal
                    ? own.flatMap { $0.replicaSets(among: objects) }.sorted { $0.name < $1.name } : nil,
                areComplete: areComplete)
        }
    }

    /// Only the fields that show the owner of an object, never its contents.
    private static var row: String {
        let fields = NamespaceObject.fields.map { "{\($0)}" }.joined(separator: #"{"\t"}"#)
        return "{range .items[*]}\(fields){\"\\n\"}{end}"
    }
}

/// An object of a namespace, with the fields that show its owner.
struct NamespaceObject: Equatable {
    /// The fields as jsonpath expressions, in the order of ``init(row:)``.
    static let fields = [
        ".apiVersion", ".kind", ".metadata.name", ".type", ".metadata.ownerReferences[*].uid",
        #".metadata.annotations.meta\.helm\.sh/release-name"#,
        #".metadata.labels.helm\.sh/chart"#,
        #".metadata.labels.app\.kubernetes\.io/instance"#,
        #".metadata.labels.app\.kubernetes\.io/managed-by"#,
        ".metadata.labels.owner", ".metadata.labels.name", #".metadata.annotations.helm\.sh/hook"#,
        ".metadata.uid",
    ]

    /// The name for kubectl: `deployment.apps/buildkit-proxy`.
    let name: String
    private let uid: String
    private let type: String
    /// The UIDs of the objects that it is deleted with.
    private let owners: [String]
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
        name = Self.name(columns[1], version: columns[0], columns[2])
        uid = columns[12]
        type = columns[3]
        owners = columns[4].split(separator: " ").map { String($0) }
        let isMarked = columns[8] == "Helm" && Facts.Release.chartName(columns[6]) == Chart.name
        // A hook, such as a chart test, has no annotation with its release.
        let named = columns[5].isEmpty && !columns[11].isEmpty ? columns[7] : columns[5]
        release = isMarked && !named.isEmpty ? named : nil
        isOurLease = name.hasPrefix("lease.") && columns[8] == KubernetesLabels.us
        recorded = columns[9] == "helm" && columns[10] != "" ? columns[10] : nil
    }

    private static func name(_ kind: String, version: String, _ name: String) -> String {
        let group = version.contains("/") ? "." + version.prefix { $0 != "/" } : ""
        return "\(kind.lowercased())\(group)/\(name)"
    }

    /// Whether the release created it and it has no other owner; the cache and the Secrets do not count. The chart's only
    /// claim is the cache, whose name depends on the chart's values.
    func belongs(to release: String) -> Bool {
        owners.isEmpty && self.release == release && !name.hasPrefix("persistentvolumeclaim/")
    }

    /// The ReplicaSets of a Deployment.
    func replicaSets(among objects: [NamespaceObject]) -> [ReplicaSetName] {
        guard name.hasPrefix("deployment.apps/") else { return [] }
        let prefix = "replicaset.apps/"
        return objects.filter { $0.name.hasPrefix(prefix) && $0.owners.contains(uid) }.map {
            ReplicaSetName(name: String($0.name.dropFirst(prefix.count)), uid: $0.uid)
        }
    }

    /// Whether it would be lost with the namespace and does not belong to the installation.
    func isForeign(to release: String, _ claim: String) -> Bool {
        let ours = [
            "persistentvolumeclaim/\(claim)", "secret/\(CertificateLayout.secretNames.outer)",
            "secret/\(CertificateLayout.secretNames.inner)",
        ]
        return owners.isEmpty && !belongs(to: release) && recorded != release
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

extension NamespaceObject {
    /// The names of the objects in a manifest of Helm, which has one YAML document for each.
    ///
    /// Only the lines that identify an object are read. One that is not recognized is taken for an object that Helm does
    /// not know of, which an uninstall then names.
    static func names(inManifest manifest: String) -> [String] {
        var names: [String] = []
        var fields: [String: String] = [:]
        var section = ""
        for line in "\(manifest)\n---".split(separator: "\n") {
            if line.hasPrefix("---") {
                if let kind = fields["kind"], let version = fields["apiVersion"], let name = fields["name"] {
                    names.append(Self.name(kind, version: version, name))
                }
                (fields, section) = ([:], "")
            } else if let colon = line.firstIndex(of: ":"), line.first?.isLetter == true {
                section = String(line[..<colon])
                fields[section] = line[line.index(after: colon)...].yamlScalar
            } else if section == "metadata", line.hasPrefix("  name:") {
                fields["name"] = line.dropFirst("  name:".count).yamlScalar
            }
        }
        return names
    }
}

extension Substring {
    /// A plain or quoted value on one line.
    fileprivate var yamlScalar: String { String(self).trimmed.filter { $0 != "\"" && $0 != "'" } }
}

extension Answers {
    /// The name of the cache volume's claim in the chart.
    var cacheClaim: String { "\(fullname)-cache" }
}
