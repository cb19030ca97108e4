import ChartSupport
import FoundationEssentials
import LabSupport
import Synchronization
import Testing

/// Stands in for the kubelet where builds pass through: runs an installation's proxy and its BuildKit on this machine.
///
/// They get what the cluster holds for them, through the volumes that their own Deployments name, and no more. The proxy
/// listens at 127.0.0.1 on the port of the builder's Service, as if that were a load balancer's.
final class LocalPods: Sendable {
    private let namespace: Namespace
    /// The prefix of all that the chart makes.
    private let fullname: String
    /// The proxy, once it runs.
    private let running = Mutex<LocalProxy?>(nil)
    private let envoy = Mutex<RunningProgram?>(nil)
    /// Pods that the control plane has replaced: the next of their kind is to be started.
    private let replacedProxies = AsyncStream<Void>.makeStream()
    private let replacedBuilders = AsyncStream<Void>.makeStream()

    init(namespace: Namespace, fullname: String = "buildkit") {
        self.namespace = namespace
        self.fullname = fullname
    }

    /// Each Envoy takes about nine of the 128 inotify instances that Linux gives a user, and tests run some of their own
    /// besides these.
    ///
    /// Suites have turns of their own. One that has its turn still waits for its tests to be let run, of which there are
    /// few at a time; were those to wait for a suite's turn, both would wait for ever.
    private static let turns = Turns(3)
    private static let turnsOfSuites = Turns(3)

    /// Runs them while `body` runs, after the control plane reports the pods as ready. `body` installs them.
    /// - Parameter isShared: whether the tests of a suite share them.
    func whileRunning<Result>(
        isShared: Bool = false, _ body: () async throws -> Result
    ) async throws -> Result {
        try await (isShared ? Self.turnsOfSuites : Self.turns).take {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await self.run() }
                defer { group.cancelAll() }
                return try await body()
            }
        }
    }

    private func run() async {
        do {
            try await serve()
        } catch {
            guard !Task.isCancelled else { return }
            // The test that dials them fails too, with less information.
            Issue.record(error, "The pods of \(namespace.name) do not run.")
        }
    }

    private func serve() async throws {
        try await eventually("the pods of \(namespace.name) are ready", within: .seconds(600)) {
            try await areReady()
        }
        try await withTemporaryFolder { folder in
            let port = try freePort()
            let proxy = try await proxy(
                ports: ProxyPorts(buildkit: servicePort(), metrics: freePort(), scripts: freePort()),
                builder: port, in: "\(folder)/proxy")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.serveBuilder(port: port, in: "\(folder)/builder") }
                group.addTask { try await self.serveProxy(proxy) }
                // Until `body` has ended, which cancels this.
                try await group.waitForAll()
            }
        }
    }

    private func serveProxy(_ proxy: LocalProxy) async throws {
        var replaced = replacedProxies.stream.makeAsyncIterator()
        repeat {
            try await Envoy.whileRunning(configuration: proxy.configuration) { program in
                envoy.withLock { $0 = program }
                running.withLock { $0 = proxy }
                _ = await replaced.next(isolation: nil)
            }
            if !Task.isCancelled { try await refresh() }
        } while !Task.isCancelled
    }

    /// A replaced BuildKit ends its running builds before the next one starts, with the current content of its
    /// Secret.
    private func serveBuilder(port: Int, in folder: String) async throws {
        var replaced = replacedBuilders.stream.makeAsyncIterator()
        var count = 0
        repeat {
            count += 1
            let certificates = try await builderCertificates(in: "\(folder)-\(count)")
            try await BuildKit.whileServing(port: port, certificates: certificates.path) { _ in
                _ = await replaced.next(isolation: nil)
                if !Task.isCancelled { try await drainBuilder(port: port, in: "\(folder)-\(count)-drain") }
            }
        } while !Task.isCancelled
    }

    /// Replaces the programs while `body` runs, each time the control plane has replaced their pods.
    func whileFollowingPods<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let before = (try await pods("proxy"), try await pods("builder"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await self.follow("proxy", after: before.0, self.replacedProxies.continuation)
            }
            group.addTask {
                try await self.follow("builder", after: before.1, self.replacedBuilders.continuation)
            }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func follow(
        _ component: String, after first: Set<String>, _ replaced: AsyncStream<Void>.Continuation
    ) async throws {
        var known = first
        while !Task.isCancelled {
            let now = try await pods(component)
            if !now.isSubset(of: known) { replaced.yield() }
            known.formUnion(now)
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func pods(_ component: String) async throws -> Set<String> {
        Set(
            try await namespace.kubectl.require(
                "get", "pods", "-n", namespace.name, "-l", "app.kubernetes.io/component=\(component)", "-o",
                "jsonpath={.items[*].metadata.uid}"
            ).split(separator: " ").map(String.init))
    }

    /// The ports of the proxy on this machine.
    var ports: ProxyPorts {
        get throws {
            guard let proxy = running.withLock(\.self) else {
                throw LabFailure("The proxy does not run yet.")
            }
            return proxy.ports
        }
    }

    /// The number of active requests in the proxy.
    func activeRequests() async throws -> Int {
        guard let proxy = running.withLock(\.self) else { throw LabFailure("The proxy does not run yet.") }
        return try await proxy.figure(
            "envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix=\"buildkit\"}") ?? 0
    }

    /// The proxy's log, as `kubectl logs` would print it.
    var log: String { (envoy.withLock(\.self)?.log.lines ?? []).joined(separator: "\n") }

    /// Updates the proxy with the current content of its Secret and its ConfigMap, as the kubelet does some time
    /// after a change.
    /// - Parameter spoil: changes the content of the Secret before it arrives.
    func refresh(spoil: (inout [String: Data]) -> Void = { _ in }) async throws {
        guard let proxy = running.withLock(\.self) else { throw LabFailure("The proxy does not run yet.") }
        var files = try await secret("outer", of: "proxy")
        spoil(&files)
        try proxy.outer.replace(with: files)
        try proxy.inner.replace(with: await secret("inner", of: "proxy"))
        try await proxy.configure(object("configmap", "\(fullname)-proxy", as: ConfigMap.self).data)
    }

    /// Refreshes the proxy while `body` runs, each time its pod is annotated, and a last time after it, as the
    /// kubelet does.
    /// - Parameter spoil: changes the content of the Secret before it arrives.
    func whileWatchingForNudges<Result: Sendable>(
        spoil: @escaping @Sendable (inout [String: Data]) -> Void = { _ in },
        _ body: () async throws -> Result
    ) async throws -> Result {
        let before = try await annotations()
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.followNudges(after: before, spoil) }
            defer { group.cancelAll() }
            return try await body()
        }
        // The last changes of `body` may not have been observed. They are applied completely.
        try await refresh()
        return result
    }

    private func followNudges(
        after first: String, _ spoil: @Sendable (inout [String: Data]) -> Void
    ) async throws {
        var last = first
        while !Task.isCancelled {
            let now = try await annotations()
            if now != last { try await refresh(spoil: spoil) }
            last = now
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func annotations() async throws -> String {
        try await namespace.kubectl.require(
            "get", "pods", "-n", namespace.name, "-l", "app.kubernetes.io/component=proxy", "-o",
            "jsonpath={.items[*].metadata.annotations}")
    }

    /// The proxy as its pod would see it, to run an additional one.
    /// - Parameters:
    ///   - builder: BuildKit's port on 127.0.0.1.
    ///   - folder: a folder to create.
    func proxy(ports: ProxyPorts, builder: Int, in folder: String) async throws -> LocalProxy {
        try await LocalProxy(
            configuration: object("configmap", "\(fullname)-proxy", as: ConfigMap.self).data,
            outer: secret("outer", of: "proxy"), inner: secret("inner", of: "proxy"), ports: ports,
            builder: (host: "localhost", port: builder), in: folder)
    }

    /// The certificates as BuildKit's pod would see them.
    /// - Parameter folder: a folder to create.
    func builderCertificates(in folder: String) async throws -> SecretVolume {
        try await SecretVolume(path: folder, content: secret("certificates", of: "builder"))
    }

    /// The configuration of BuildKit, as its pod would see it.
    func builderConfiguration() async throws -> String {
        let files = try await object("configmap", "\(fullname)-builder", as: ConfigMap.self).data
        guard let text = files["buildkitd.toml"] else {
            throw LabFailure("\(fullname)-builder has no buildkitd.toml.")
        }
        return text
    }

    /// Does what the kubelet does before it ends BuildKit; returns when no build is running.
    /// - Parameters:
    ///   - port: the port of BuildKit, instead of its pod's 1234.
    ///   - folder: a folder to create.
    func drainBuilder(port: Int, in folder: String) async throws {
        let files = try await object("configmap", "\(fullname)-builder", as: ConfigMap.self).data
        let digits = String(port, radix: 16, uppercase: true)
        let hexadecimal = String(repeating: "0", count: 4 - digits.count) + digits
        guard let script = files["drain.sh"], script.contains(":04D2") else {
            throw LabFailure("\(fullname)-builder has no drain.sh that looks for port 1234.")
        }
        // With the shell of BuildKit's image, which is BusyBox.
        let root = try ContainerRoot(at: folder, applets: ["sh", "awk", "cat", "sleep", "wc"])
        try await Program("\(root.path)/bin/sh", environment: ["PATH": "\(root.path)/bin"]).require(
            "-c", script.replacing(":04D2", with: ":\(hexadecimal)"))
    }

    private func areReady() async throws -> Bool {
        for name in ["proxy", "builder"] {
            let state = try await namespace.kubectl.require(
                "get", "deployment", "\(fullname)-\(name)", "-n", namespace.name, "--ignore-not-found",
                "-o", "jsonpath={.status.readyReplicas}")
            guard state == "1" else { return false }
        }
        return true
    }

    /// The content of a Secret as a pod sees it in one of its volumes.
    private func secret(_ volume: String, of component: String) async throws -> [String: Data] {
        let deployment = try await object("deployment", "\(fullname)-\(component)", as: Deployment.self)
        guard let source = deployment.spec.template.spec.volumes.first(where: { $0.name == volume })?.secret
        else {
            throw LabFailure("The pods of \(fullname)-\(component) mount no Secret as \(volume).")
        }
        let data = try await object("secret", source.secretName, as: Secret.self).data
        return try source.items.reduce(into: [:]) { files, item in
            guard let bytes = data[item.key] else {
                throw LabFailure("\(source.secretName) has no \(item.key), so the pod would never start.")
            }
            files[item.path] = bytes
        }
    }

    private func servicePort() async throws -> Int {
        guard let port = try await object("service", fullname, as: Service.self).spec.ports.first?.port else {
            throw LabFailure("The Service \(fullname) has no port.")
        }
        return port
    }

    private func object<Object: Decodable>(_ kind: String, _ name: String, as type: Object.Type) async throws
        -> Object
    {
        let text = try await namespace.kubectl.require("get", kind, name, "-n", namespace.name, "-o", "json")
        return try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
