import FoundationEssentials

extension Query<Facts.Release?> {
    /// The release's last revision. `helm list` of Helm 3 hides a pending one, `helm status` of Helm 4 also returns
    /// all objects; `helm history` does neither, and names the chart.
    /// - Parameter hasValues: whether its values and its manifest are read too; without them the answer has no
    ///   values, and the owner is not checked.
    static func release(_ installation: InstallationID, hasValues: Bool = true) -> Query {
        let commands =
            [installation.helm.history()]
            + (hasValues ? [installation.helm.values(), installation.helm.manifest()] : [])
        return Query(commands) { results throws(InstallerError) in
            // In debug mode Helm 3 also prints a stack trace.
            let isAbsent = results.contains { result in
                result.said?.split(whereSeparator: \.isNewline).first == "Error: release: not found"
            }
            if isAbsent { return .found(nil) }
            let sentence = "Helm cannot read the release \(installation.release)"
            let revisions: [Revision]? = try results[0].json(else: sentence)
            // Without values Helm prints null.
            let values: JSONValue? = hasValues ? try results[1].json(else: sentence) : nil
            // Helm reports a missing release explicitly. An empty answer is invalid.
            guard let last = revisions?.last else {
                throw InstallerError(sentence, detail: "helm history printed no revision.")
            }
            let manifest = hasValues ? try results[2].text(else: sentence) : nil
            let release = Facts.Release(
                status: last.status, revision: last.revision, chart: last.chart,
                values: values.flatMap { $0 == .null ? nil : $0 } ?? [:], appVersion: last.version,
                bearsOurMark: manifest.map { Facts.Release.bearsOurMark(manifest: $0) } ?? true,
                objects: manifest.map { NamespaceObject.names(inManifest: $0) } ?? [])
            // The mark is read only where the release is locked.
            return release.isLocked ? .ask(marked(release, of: installation)) : .found(release)
        }
    }

    /// Without a readable record, no run is known to have created the revision.
    private static func marked(_ release: Facts.Release, of installation: InstallationID) -> Query {
        Query([installation.releaseRecords()]) { results throws(InstallerError) in
            let records =
                results[0].status == 0 ? [Facts.ReleaseRevision](records: results[0].output) : nil
            var release = release
            release.mark = records?.first { $0.revision == release.revision }?.mark
            return .found(release)
        }
    }

    private struct Revision: Decodable {
        var revision: Int
        var status: String
        var chart: String
        // Helm's spelling.
        var app_version: String?
        /// A chart may omit it.
        var version: String? { app_version.flatMap { $0.isEmpty ? nil : $0 } }
    }
}

extension Query<[Facts.ReleaseRevision]> {
    /// Helm's records of a release, the first revision first. Only labels are read: the records contain values.
    static func releaseRevisions(_ installation: InstallationID, in storage: HelmStorage = .secrets) -> Query
    {
        Query(installation.releaseRecords(in: storage)) { result throws(InstallerError) in
            let sentence = "Helm's records of the release \(installation.release) cannot be read"
            guard let revisions = [Facts.ReleaseRevision](records: try result.text(else: sentence)) else {
                throw InstallerError(ofUnknownOutput: sentence)
            }
            return revisions
        }
    }
}

extension InstallationID {
    /// Helm stores each revision in an object with these labels.
    fileprivate func releaseRecords(in storage: HelmStorage = .secrets) -> Command {
        let row =
            #"{.metadata.labels.version}{"\t"}{.metadata.labels.status}{"\t"}"#
            + "{.metadata.labels.\(KubernetesLabels.run)}"
        return kubectl.look(
            "get", storage.rawValue, "--selector", "owner=helm,name=\(release)", "--output",
            "jsonpath={range .items[*]}\(row){\"\\n\"}{end}")
    }
}

extension [Facts.ReleaseRevision] {
    /// Nil where a row cannot be read: it may be the last revision.
    fileprivate init?(records: String) {
        let rows = records.split(separator: "\n")
        let revisions = rows.compactMap { row -> Facts.ReleaseRevision? in
            let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
            guard columns.count == 3, let revision = Int(columns[0]) else { return nil }
            return Facts.ReleaseRevision(
                revision: revision, status: columns[1], mark: columns[2].isEmpty ? nil : columns[2])
        }
        guard revisions.count == rows.count else { return nil }
        self = revisions.sorted { $0.revision < $1.revision }
    }
}

extension Query<ReleaseObjects> {
    /// All objects by one kubectl. Kinds that the user may not list are omitted.
    static func objects(_ installation: InstallationID) -> Query {
        let kinds = ReleaseObjects.kinds.joined(separator: ",")
        return Query(installation.kubectl.look("get", kinds, "--output", "json")) {
            result throws(InstallerError) in
            let sentence = "The resources in namespace \(installation.namespace) cannot be listed"
            let refused = result.errors.refusedResources
            guard result.status == 0 || result.output.trimmed.hasPrefix("{") else {
                guard refused.isEmpty else { throw InstallerError(sentence, detail: result.said) }
                throw InstallerError.noAnswer(from: installation, said: result.said)
            }
            // Where some kinds are forbidden, kubectl prints the others and exits with status 1.
            let answer = CommandResult(output: result.output)
            return ReleaseObjects(items: try answer.items(else: sentence), refused: refused)
        }
    }
}

extension Query<ReleaseObjects> {
    /// The pods with a release's labels, and the objects that show which of them are its own: ``ReleaseObjects/pods(of:_:)``.
    /// It fails where one of these kinds cannot be listed.
    /// - Parameters:
    ///   - component: of one component; nil: of both.
    ///   - hasReplicaSets: whether the ReplicaSets are read, too, which prove it.
    static func pods(
        of installation: InstallationID, _ component: String?, hasReplicaSets: Bool = false
    ) -> Query {
        let kinds = ["deployments.apps"] + (hasReplicaSets ? ["replicasets.apps"] : []) + ["pods"]
        let look = installation.kubectl.look(
            "get", kinds.joined(separator: ","), "--selector",
            KubernetesLabels.pods(of: installation, component), "--output", "json")
        return Query(look) { result throws(InstallerError) in
            let items: [JSONValue] = try result.items(
                else: "The pods of the release \(installation.release) cannot be listed")
            return ReleaseObjects(items: items, refused: [])
        }
    }
}

extension Query<JSONValue?> {
    /// A Deployment by its name, whatever labels it has; nil where it does not exist.
    static func deployment(_ name: String, _ installation: InstallationID) -> Query {
        Query(
            installation.kubectl.look(
                "get", "deployments.apps", name, "--ignore-not-found", "--output", "json")
        ) { result throws(InstallerError) in try result.json(else: "The Deployment \(name) cannot be read") }
    }
}

extension InstallerError {
    /// The error of a cluster that does not answer.
    static func noAnswer(from installation: InstallationID, said: String?) -> InstallerError {
        // kubectl logs each attempt before its final error.
        let words = (said ?? "").split(separator: "\n").last { !$0.isLogged }
        return InstallerError(
            "The cluster does not respond", detail: words.map { String($0) },
            hint: .reachCluster(by: installation.cluster.look("version")))
    }
}

extension Substring {
    /// Whether it is a line in the klog format: `E1122 21:04:08.987757   22803 memcache.go:265] …`.
    fileprivate var isLogged: Bool {
        "EWIF".contains(first ?? " ") && dropFirst().prefix(4).allSatisfy(\.isNumber) && contains("] ")
    }
}

extension String {
    /// The resources that the user may not list, from `Error from server (Forbidden): events is forbidden:`.
    fileprivate var refusedResources: [String] {
        split(separator: "\n").filter { $0.contains("(Forbidden)") }.compactMap { line in
            line.firstRange(of: " is forbidden").flatMap {
                line[..<$0.lowerBound].split(separator: " ").last.map(String.init)
            }
        }
    }
}

extension Query<Facts.ServiceState?> {
    /// The Service that clients dial.
    static func service(_ answers: Answers) -> Query {
        Query(
            answers.installation.kubectl.look(
                "get", "service", answers.fullname, "--ignore-not-found", "--output", "json")
        ) { result throws(InstallerError) in try state(of: answers.fullname, in: result) }
    }

    /// The Service in kubectl's output; nil where it does not exist.
    static func state(of name: String, in result: CommandResult) throws(InstallerError) -> Facts.ServiceState?
    {
        let reply: Reply? = try result.json(else: "The Service \(name) cannot be read")
        return reply?.state
    }

    private struct Reply: Decodable {
        struct Port: Decodable { var nodePort: Int? }
        struct Spec: Decodable {
            var type: String?
            var ports: [Port]?
        }
        struct Ingress: Decodable { var ip, hostname: String? }
        struct LoadBalancer: Decodable { var ingress: [Ingress]? }
        struct Status: Decodable { var loadBalancer: LoadBalancer? }
        var metadata: KubernetesMetadata?
        var spec: Spec
        var status: Status?

        var state: Facts.ServiceState {
            Facts.ServiceState(
                type: spec.type ?? "ClusterIP",
                addresses: (status?.loadBalancer?.ingress ?? []).flatMap { ingress in
                    [ingress.ip, ingress.hostname].compactMap { $0 }.filter(\.isHost)
                },
                nodePort: spec.ports?.first?.nodePort, deletion: metadata?.deletion)
        }
    }
}

extension Query<[String]> {
    /// The last log lines of a pod's container, redacted.
    /// - Parameter ofPrevious: the log of the previous run of the container instead of the current one.
    static func lastLines(
        of container: String, in pod: String, _ installation: InstallationID, ofPrevious: Bool = false
    ) -> Query {
        let log = installation.pod(pod).log(of: container, lines: 5, ofPrevious: ofPrevious)
        return Query(log) { result throws(InstallerError) in
            let text = try result.text(else: "The log of \(pod) cannot be read")
            return Redactor.of(text).split(separator: "\n").map { String($0) }
        }
    }
}
