import FoundationEssentials
import MutualTLS

extension Query<[String: LastSeen]> {
    /// The last connection of each client, by its name, as far back as the proxies' logs go.
    static func sightings(_ installation: InstallationID) -> Query {
        Query<ReleaseObjects>.pods(of: installation, "proxy").then { objects throws(InstallerError) in
            // One that has not started has no log.
            let pods = try objects.knownPods(of: installation, "proxy").filter {
                $0.phase != "Pending"
            }
            let container = KubernetesLabels.container(of: "proxy")
            let logs = pods.map { installation.pod($0.name).log(of: container, lines: 20_000) }
            return .ask(
                Query(logs) { results throws(InstallerError) in
                    var texts: [String] = []
                    for result in results {
                        texts.append(try result.text(else: "The proxy logs cannot be read"))
                    }
                    return .found(.init(accessLogs: texts))
                })
        }
    }
}

extension [String: LastSeen] {
    init(accessLogs: [String]) {
        self.init()
        for line in accessLogs.flatMap({ $0.split(separator: "\n") }) {
            guard let entry = AccessLogEntry(line) else { continue }
            if let known = self[entry.client], known.time >= entry.sighting.time { continue }
            self[entry.client] = entry.sighting
        }
    }
}

/// A request in the proxy's access log. Lines of connections without a request are omitted: the peer name in them is
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
    /// Reads the state from the cluster.
    /// - Throws: ``InstallerError`` where there is no such builder, or it cannot be read.
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
            let found: [JSONValue] = try results[0].items(else: "The BuildKit Deployment cannot be read")
            guard let builder = found.made(for: installation).first else {
                throw InstallerError(
                    "BuildKit not found: \(installation)",
                    hint: installation.pinned(
                        "List the releases: \(Command(.helm, ["list", "--all-namespaces"]))"))
            }
            let scaler = try ScaledObject.all(in: results[1]).first { $0.decides(about: builder.name) }
            return .found(ScaleState(of: builder, scaledObject: scaler?.metadata.name))
        }
    }
}

extension ScaleState {
    /// - Parameter builder: BuildKit's Deployment.
    init(of builder: JSONValue, scaledObject: String? = nil) {
        func count(_ part: String, _ name: String) -> Int? { builder[part]?[name]?.number.map { Int($0) } }
        self.init(
            builder: builder.name, wanted: count("spec", "replicas") ?? 1,
            ready: count("status", "readyReplicas") ?? 0, scaledObject: scaledObject)
    }
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
        // Without KEDA the kind does not exist. Without permission it is unknown, and KEDA decides anyway.
        let nothing = ["the server doesn't have a resource type", "(Forbidden)"]
        if let said = result.said, nothing.contains(where: { said.contains($0) }) { return [] }
        return try result.items(else: "Cannot determine whether KEDA scales BuildKit")
    }

    /// https://keda.sh/docs/latest/concepts/scaling-deployments/#pause-autoscaling
    func decides(about deployment: String) -> Bool {
        let isPaused = metadata.annotations?["autoscaling.keda.sh/paused"] == "true"
        let target = spec.scaleTargetRef
        return target.name == deployment && (target.kind ?? "Deployment") == "Deployment" && !isPaused
    }
}

extension BuildActivity {
    /// Reads Envoy's metrics from the chart's metrics port.
    /// - Throws: ``InstallerError`` where they are not metrics of the chart's proxy.
    init(metrics: String) throws(InstallerError) {
        let figures = PrometheusMetrics(metrics)
        let asked = figures["envoy_http_downstream_rq_active", "envoy_http_conn_manager_prefix", "buildkit"]
        guard let asked else {
            throw InstallerError(
                "The proxy does not report its number of requests",
                detail: "Its metrics have an unknown format.")
        }
        func builder(_ name: String) -> Int { figures[name, "envoy_cluster_name", "buildkitd"] ?? 0 }
        let passedOn = builder("envoy_cluster_upstream_rq_active")
        // A connection is kept for some seconds after its last request. Every client has one of its own.
        running = min(builder("envoy_cluster_upstream_cx_active"), passedOn)
        held = max(0, asked - passedOn)
    }

    static func + (left: BuildActivity, right: BuildActivity) -> BuildActivity {
        BuildActivity(running: left.running + right.running, held: left.held + right.held)
    }
}

/// Integers in Prometheus' text format.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
struct PrometheusMetrics {
    private var values: [Substring: Int] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            // Labels may contain spaces; a value does not.
            guard let space = line.lastIndex(of: " "), let value = Int(line[line.index(after: space)...])
            else { continue }
            values[line[..<space]] = value
        }
    }

    /// The metric of that name with one label; nil where there is none.
    subscript(name: String, label: String, value: String) -> Int? {
        values["\(name){\(label)=\"\(value)\"}"[...]]
    }
}

/// Reads the current load of every proxy of a release.
///
/// It uses a port-forward, which NetworkPolicies do not block and which needs no network path from the API server to
/// the pods.
struct ProxyMetrics: Sendable {
    let installation: InstallationID

    func activity(in dependencies: Dependencies) async throws -> BuildActivity {
        let pods = try await Query.pods(of: installation, "proxy").value(from: dependencies.runner)
            .runningProxies(of: installation)
        // Every client is connected to a proxy: without one, nothing is built, and nothing is queued.
        guard !pods.isEmpty else { return BuildActivity(running: 0, held: 0) }
        return try await activity(of: pods, in: dependencies)
    }

    /// - Parameter pods: the running proxy pods.
    func activity(of pods: [String], in dependencies: Dependencies) async throws -> BuildActivity {
        guard !pods.isEmpty else {
            throw InstallerError(
                "No running proxy pod to read metrics from",
                hint: "Check the pods: \(installation.kubectl("get", "pods"))")
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
                let result = try await runner.run(Kubectl.metrics(at: port))
                return try BuildActivity(
                    metrics: result.text(else: "The metrics of the proxy \(pod) cannot be read"))
            }
        } catch let error where !(error is CancellationError) {
            if let crash = await crash(of: pod, by: runner) { throw crash }
            guard let end = error as? PortForward.Ended else { throw error }
            throw InstallerError(end, of: command, to: "the proxy \(pod)")
        }
    }

    /// Why a proxy does not answer, where its pod is seen to be crashing; otherwise nil.
    private func crash(of pod: String, by runner: any CommandRunner) async -> InstallerError? {
        let look = installation.kubectl.look("get", "pod", pod, "--output", "json")
        // It only explains the failure of the proxy.
        guard let result = try? await runner.run(look),
            let object = try? result.json(JSONValue.self, else: "The pod \(pod) cannot be read"),
            let crashing = (object["status"]?["containerStatuses"]?.array ?? []).first(where: \.isCrashing)
        else { return nil }
        let container = crashing["name"]?.string ?? KubernetesLabels.container(of: "proxy")
        let log = installation.kubectl("logs", pod, "--container", container, "--previous")
        return InstallerError(
            "The proxy pod \(pod) is crashing, so its builds cannot be counted",
            hint: "Check its log: \(log)")
    }
}

extension JSONValue {
    /// Whether the container of this status has ended and has not become ready since.
    fileprivate var isCrashing: Bool {
        guard self["ready"]?.bool != true else { return false }
        let ended = self["state"]?["terminated"] ?? self["lastState"]?["terminated"]
        return ended != nil || self["state"]?["waiting"]?["reason"]?.string == "CrashLoopBackOff"
    }
}

extension BuildActivity {
    /// The current load of a release's proxies; it takes one or two seconds.
    /// - Throws: ``InstallerError`` where a proxy cannot be queried.
    public static func look(in dependencies: Dependencies, at installation: InstallationID) async throws
        -> BuildActivity
    {
        try await ProxyMetrics(installation: installation).activity(in: dependencies)
    }
}

extension ReleaseObjects {
    /// The names of the running proxy pods, including those that are draining: their builds count too.
    /// - Throws: where it is unknown which they are.
    func runningProxies(of installation: InstallationID) throws(InstallerError) -> [String] {
        guard !refused.contains("pods") else {
            throw InstallerError(
                "The proxy pods cannot be listed: no permission to list pods in namespace \(installation.namespace)",
                hint: "List your permissions: \(installation.kubectl.permissions)",
                code: .forbidden)
        }
        return try knownPods(of: installation, "proxy").filter { $0.phase == "Running" }
            .map(\.name)
    }
}

extension Kubectl {
    /// Forwards a free port of this machine until the process is ended.
    func forward(_ object: String, to port: String) -> Command {
        command(["port-forward", object, ":\(port)"], timeout: 60)
    }
}
