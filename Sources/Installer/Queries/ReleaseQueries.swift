import FoundationEssentials

extension Query<Facts.Release?> {
    /// The release's last revision. `helm list` of Helm 3 hides one that is under way, `helm status` of Helm
    /// 4 brings all its objects along; `helm history` does neither, and names the chart.
    /// - Parameter hasValues: whether its values are asked for too; without them there are none in the answer.
    static func release(_ installation: InstallationID, hasValues: Bool = true) -> Query {
        let commands = [installation.helm.history()] + (hasValues ? [installation.helm.values()] : [])
        return Query(commands) { results throws(InstallerError) in
            if results.contains(where: { $0.said == "Error: release: not found" }) { return .found(nil) }
            let sentence = "Helm cannot look at the release \(installation.release)"
            let revisions: [Revision]? = try results[0].json(else: sentence)
            // Without values Helm prints null.
            let values: JSONValue? = hasValues ? try results[1].json(else: sentence) : nil
            guard let last = revisions?.last else { return .found(nil) }
            return .found(
                Facts.Release(
                    status: last.status, revision: last.revision, chart: last.chart,
                    values: values.flatMap { $0 == .null ? nil : $0 } ?? [:], appVersion: last.version))
        }
    }

    private struct Revision: Decodable {
        var revision: Int
        var status: String
        var chart: String
        // As Helm spells it.
        var app_version: String?
        /// A chart need not say one.
        var version: String? { app_version.flatMap { $0.isEmpty ? nil : $0 } }
    }
}

extension Query<ReleaseObjects> {
    /// All of them by one kubectl. What the user may not list is left out, and the rest still comes.
    static func objects(_ installation: InstallationID) -> Query {
        let kinds = ReleaseObjects.kinds.joined(separator: ",")
        return Query(installation.kubectl.look("get", kinds, "--output", "json")) {
            result throws(InstallerError) in
            let sentence = "The objects of \(installation.namespace) cannot be looked at"
            let refused = result.errors.refusedResources
            guard result.status == 0 || !result.output.trimmed.isEmpty else {
                guard refused.isEmpty else { throw InstallerError(sentence, detail: result.said) }
                throw InstallerError.noAnswer(from: installation, said: result.said)
            }
            // With something refused kubectl prints the rest, and ends with 1 all the same.
            let answer = CommandResult(output: result.output)
            let list: KubernetesList<JSONValue>? = try answer.json(else: sentence)
            return ReleaseObjects(items: list?.items ?? [], refused: refused)
        }
    }
}

extension InstallerError {
    /// The cluster itself is what cannot be asked.
    static func noAnswer(from installation: InstallationID, said: String?) -> InstallerError {
        // kubectl logs each of its attempts before it says what it comes to.
        let words = (said ?? "").split(separator: "\n").last { !$0.isLogged }
        return InstallerError(
            "The cluster does not answer", detail: words.map { String($0) },
            hint: "Try it: \(installation.cluster.look("version"))")
    }
}

extension Substring {
    /// Whether it is a line of Kubernetes' own log: `E1122 21:04:08.987757   22803 memcache.go:265] …`.
    fileprivate var isLogged: Bool {
        "EWIF".contains(first ?? " ") && dropFirst().prefix(4).allSatisfy(\.isNumber) && contains("] ")
    }
}

extension String {
    /// The resources that kubectl says the user may not list: `Error from server (Forbidden): events is forbidden:`.
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
        ) { result throws(InstallerError) in
            let reply: Reply? = try result.json(else: "The Service \(answers.fullname) cannot be looked at")
            return reply?.state
        }
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
        var spec: Spec
        var status: Status?

        var state: Facts.ServiceState {
            Facts.ServiceState(
                type: spec.type ?? "ClusterIP",
                addresses: (status?.loadBalancer?.ingress ?? []).compactMap { $0.hostname ?? $0.ip },
                nodePort: spec.ports?.first?.nodePort)
        }
    }
}

extension Query<[String]> {
    /// The last lines that a pod has printed, with nothing secret in them.
    /// - Parameter ofPrevious: those of the container that ended before the one that runs.
    static func lastLines(of pod: String, _ installation: InstallationID, ofPrevious: Bool = false) -> Query {
        let arguments = ["logs", pod, "--tail", "5"] + (ofPrevious ? ["--previous"] : [])
        return Query(installation.kubectl.look(arguments)) { result throws(InstallerError) in
            let text = try result.text(else: "\(pod) has no log")
            return Redactor.of(text).split(separator: "\n").map { String($0) }
        }
    }
}
