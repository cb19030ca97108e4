import FoundationEssentials
import MutualTLS

extension Query<[String: LastSeen]> {
    /// The last time that each client was let in, by its name, as far back as the proxies' logs are kept.
    static func sightings(_ installation: InstallationID) -> Query {
        let command = installation.kubectl.look(
            "logs", "--selector", KubernetesLabels.pods(of: installation, "proxy"), "--tail", "20000",
            "--max-log-requests", "20")
        return Query(command) { result throws(InstallerError) in
            let text = try result.text(else: "The log of the proxies cannot be read")
            var sightings: [String: LastSeen] = [:]
            for line in text.split(separator: "\n") {
                guard let entry = AccessLogEntry(line) else { continue }
                if let known = sightings[entry.client], known.time >= entry.sighting.time { continue }
                sightings[entry.client] = entry.sighting
            }
            return sightings
        }
    }
}

/// A request in the proxy's access log. Lines of connections that became none are left out: what they say of the peer is
/// only claimed.
private struct AccessLogEntry {
    let client: String
    let sighting: LastSeen

    private struct Request: Decodable {
        var time: String?
        var method: String?
        var peer_uri: String?
        var peer_serial: String?
        var tls_error: String?
    }

    init?(_ text: Substring) {
        guard text.hasPrefix("{"), let line = try? JSONDecoder().decode(Request.self, from: Data(text.utf8)),
            line.method != nil, line.tls_error == nil, let serial = line.peer_serial,
            let client = line.peer_uri.flatMap(ClientName.client), let time = line.time.flatMap(Self.date)
        else { return nil }
        self.client = client
        sighting = LastSeen(time: time, serial: serial.lowercased())
    }

    private static func date(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    }
}

extension ScaleState {
    /// Asks the cluster.
    /// - Throws: ``InstallerError`` where there is no such builder, or it cannot be looked at.
    public static func look(in dependencies: Dependencies, at installation: InstallationID) async throws
        -> ScaleState
    {
        try await Query.slumber(installation).value(from: dependencies.runner)
    }
}

extension Query<ScaleState> {
    /// BuildKit's Deployment, and the ScaledObjects beside it.
    static func slumber(_ installation: InstallationID) -> Query {
        let deployment = installation.kubectl.look(
            "get", "deployments.apps", "--selector", KubernetesLabels.pods(of: installation, "builder"),
            "--output",
            "json")
        let scaledObjects = installation.kubectl.look("get", "scaledobjects.keda.sh", "--output", "json")
        return Query([deployment, scaledObjects]) { results throws(InstallerError) in
            let found: KubernetesList<Deployment>? = try results[0].json(else: "BuildKit cannot be looked at")
            // A label of a release alone proves nothing.
            let ours = found?.items.first {
                Facts.Release.chartName($0.metadata.labels?["helm.sh/chart"] ?? "") == Chart.name
            }
            guard let builder = ours else {
                throw InstallerError(
                    "There is no BuildKit in the \(installation)",
                    hint: "See what releases there are: \(Command(.helm, ["list", "--all-namespaces"]))")
            }
            let name = builder.metadata.name
            let scaler = try ScaledObject.all(in: results[1]).first { $0.decides(about: name) }
            return .found(
                ScaleState(
                    builder: name, wanted: builder.spec.replicas ?? 1,
                    ready: builder.status?.readyReplicas ?? 0, scaledObject: scaler?.metadata.name))
        }
    }
}

private struct Deployment: Decodable {
    struct Spec: Decodable { var replicas: Int? }
    struct Status: Decodable { var readyReplicas: Int? }
    var metadata: KubernetesMetadata
    var spec: Spec
    var status: Status?
}

private struct ScaledObject: Decodable {
    struct Target: Decodable {
        var kind: String?
        var name: String
    }
    struct Spec: Decodable { var scaleTargetRef: Target }
    var metadata: KubernetesMetadata
    var spec: Spec

    static func all(in result: CommandResult) throws(InstallerError) -> [ScaledObject] {
        // Without KEDA nobody knows the word. Whoever may not look is not told, and KEDA has the last word anyway.
        let nothing = ["the server doesn't have a resource type", "(Forbidden)"]
        if let said = result.said, nothing.contains(where: { said.contains($0) }) { return [] }
        let list: KubernetesList<ScaledObject>? = try result.json(
            else: "Whether KEDA decides about BuildKit cannot be told")
        return list?.items ?? []
    }

    /// https://keda.sh/docs/latest/concepts/scaling-deployments/#pause-autoscaling
    func decides(about deployment: String) -> Bool {
        let isPaused = metadata.annotations?["autoscaling.keda.sh/paused"] == "true"
        let target = spec.scaleTargetRef
        return target.name == deployment && (target.kind ?? "Deployment") == "Deployment" && !isPaused
    }
}

extension BuildActivity {
    /// Reads Envoy's figures, as the chart's metrics port gives them.
    /// - Throws: ``InstallerError`` where they are none of the chart's proxy.
    init(metrics: String) throws(InstallerError) {
        let figures = PrometheusMetrics(metrics)
        let asked = figures["envoy_http_downstream_rq_active", "envoy_http_conn_manager_prefix", "buildkit"]
        guard let asked else {
            throw InstallerError(
                "The proxy does not say how many requests it has", detail: "Its figures have another form.")
        }
        func builder(_ name: String) -> Int { figures[name, "envoy_cluster_name", "buildkitd"] ?? 0 }
        let passedOn = builder("envoy_cluster_upstream_rq_active")
        // A connection stays for some seconds after its last request. Every client has one of its own.
        running = min(builder("envoy_cluster_upstream_cx_active"), passedOn)
        held = max(0, asked - passedOn)
    }

    static func + (left: BuildActivity, right: BuildActivity) -> BuildActivity {
        BuildActivity(running: left.running + right.running, held: left.held + right.held)
    }
}

/// Whole numbers in Prometheus' text format.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
struct PrometheusMetrics {
    private var values: [Substring: Int] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            // Labels may hold spaces; a value holds none.
            guard let space = line.lastIndex(of: " "), let value = Int(line[line.index(after: space)...])
            else { continue }
            values[line[..<space]] = value
        }
    }

    /// The figure of that name with one label; nil where there is none.
    subscript(name: String, label: String, value: String) -> Int? {
        values["\(name){\(label)=\"\(value)\"}"[...]]
    }
}

/// Asks every proxy of a release how much goes through it now.
///
/// Through a port-forward, which passes by NetworkPolicies and needs no way from the API server to the pods.
struct ProxyMetrics: Sendable {
    let installation: InstallationID

    func activity(in dependencies: Dependencies) async throws -> BuildActivity {
        try await activity(
            of: Query.proxyPods(installation).value(from: dependencies.runner), in: dependencies)
    }

    /// - Parameter pods: those of the proxies that run.
    func activity(of pods: [String], in dependencies: Dependencies) async throws -> BuildActivity {
        guard !pods.isEmpty else {
            throw InstallerError(
                "No proxy runs that could say how many builds there are",
                hint: "See how the pods fare: \(installation.kubectl("get", "pods"))")
        }
        return try await withThrowingTaskGroup(of: BuildActivity.self) { group in
            for pod in pods { group.addTask { try await activity(of: pod, by: dependencies.runner) } }
            return try await group.reduce(BuildActivity(running: 0, held: 0), +)
        }
    }

    private func activity(of pod: String, by runner: any CommandRunner) async throws -> BuildActivity {
        let command = installation.kubectl.forward("pod/\(pod)", to: "metrics")
        do {
            return try await PortForward(command: command).use(by: runner) { port in
                let result = try await runner.run(.metrics(at: port))
                return try BuildActivity(
                    metrics: result.text(else: "The proxy \(pod) does not give its figures"))
            }
        } catch let end as PortForward.Ended {
            throw InstallerError(end, of: command, to: "the proxy \(pod)")
        }
    }
}

extension BuildActivity {
    /// What goes through a release's proxies now; it takes a second or two.
    /// - Throws: ``InstallerError`` where a proxy cannot be asked.
    public static func look(in dependencies: Dependencies, at installation: InstallationID) async throws
        -> BuildActivity
    {
        try await ProxyMetrics(installation: installation).activity(in: dependencies)
    }
}

extension Query<[String]> {
    /// The names of the proxies' pods that run, those that drain among them: their builds count too.
    fileprivate static func proxyPods(_ installation: InstallationID) -> Query {
        Query(
            installation.kubectl.look(
                "get", "pods", "--selector", KubernetesLabels.pods(of: installation, "proxy"),
                "--field-selector",
                "status.phase=Running", "--output", "name")
        ) { result throws(InstallerError) in
            try result.text(else: "The proxies cannot be listed").split(separator: "\n").map {
                String($0.drop { $0 != "/" }.dropFirst())
            }
        }
    }
}

extension Kubectl {
    /// Forwards a free port of this machine, until it is ended.
    func forward(_ object: String, to port: String) -> Command {
        command(["port-forward", object, ":\(port)"], timeout: 60)
    }
}

extension Command {
    /// kubectl fetches plain HTTP too. Without a kubeconfig it has no credentials that it could show there.
    fileprivate static func metrics(at port: Int) -> Command {
        Command(
            .kubectl,
            [
                "get", "--raw", "/metrics", "--kubeconfig", "/dev/null", "--server",
                "http://127.0.0.1:\(port)", "--request-timeout=5s",
            ], timeout: 15)
    }
}
