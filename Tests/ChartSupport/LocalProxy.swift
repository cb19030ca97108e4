import FoundationEssentials
import LabSupport
import Yams

/// The proxy of an installed chart on this machine: the files that its pod mounts, with other paths and ports.
///
/// The texts are the chart's own, from a rendered manifest or from a cluster. Only paths, ports and addresses are
/// changed.
public struct LocalProxy: Sendable {
    public let ports: ProxyPorts
    /// Usually `buildkit-envoy-certs`: `ca.pem`, `server.pem`, `server-key.pem`, `crl.pem`.
    public let outer: SecretVolume
    /// Usually `buildkit-secrets`: `ca.crt`, `client.crt`, `client.key`.
    public let inner: SecretVolume
    /// For `Envoy.whileRunning(configuration:)`.
    public let configuration: String
    /// The ConfigMap, as the pod sees it.
    private let settings: SecretVolume
    private let folder: String
    private let builder: (host: String, port: Int)

    /// - Parameters:
    ///   - configuration: the data of the ConfigMap `…-proxy`.
    ///   - outer: the data of the outer Secret that the proxy mounts.
    ///   - inner: the data of the inner Secret that the proxy mounts.
    ///   - builder: the address of BuildKit, instead of its Service.
    ///   - folder: an empty folder. Its path must be short: Envoy's admin socket is in it.
    public init(
        configuration: [String: String], outer: [String: Data], inner: [String: Data],
        ports: ProxyPorts, builder: (host: String, port: Int), in folder: String
    ) throws {
        self.ports = ports
        self.folder = folder
        self.configuration = "\(folder)/etc/envoy/envoy.yaml"
        self.outer = try SecretVolume(path: "\(folder)/certificates/outer", content: outer)
        self.inner = try SecretVolume(path: "\(folder)/certificates/inner", content: inner)
        self.builder = builder
        try FileManager.default.createDirectory(
            atPath: "\(folder)/run/envoy", withIntermediateDirectories: true)
        settings = try SecretVolume(
            path: "\(folder)/etc/envoy",
            content: Self.files(configuration, ports: ports, builder: builder, in: folder))
    }

    /// What the kubelet does when the ConfigMap has changed.
    /// - Parameter configuration: its data.
    public func configure(_ configuration: [String: String]) throws {
        try settings.replace(
            with: Self.files(configuration, ports: ports, builder: builder, in: folder))
    }

    private static func files(
        _ configuration: [String: String], ports: ProxyPorts, builder: (host: String, port: Int),
        in folder: String
    ) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for (name, text) in configuration {
            var text = text.relocated(to: folder)
            switch name {
            case "envoy.yaml": text = try redirected(text, ports: ports, builder: builder)
            case _ where name.hasSuffix(".sh"):
                text.replace("/127.0.0.1/9903", with: "/127.0.0.1/\(ports.scripts)")
            default: break
            }
            files[name] = Data(text.utf8)
        }
        return files
    }

    /// Runs the kubelet's readiness check. Its message is in `output`.
    public func ready() async throws -> Outcome {
        try await script("ready.sh", "OUTER", "INNER")
    }

    /// Does what the kubelet does before it ends the pod; returns when no build is running.
    public func drain() async throws -> Outcome {
        try await script("drain.sh")
    }

    /// The response of its metrics port to a plain request, with the status.
    public func get(_ path: String, method: String = "GET") async throws -> String {
        try await Program("curl").run(
            "-sS", "-X", method, "--path-as-is", "-w", "%{http_code}",
            "http://127.0.0.1:\(ports.metrics)\(path)"
        ).output
    }

    /// Its ports that answer a plain request on another than the loopback address, even with a refusal.
    public func answeringPorts() async throws -> [Int] {
        var answering: [Int] = []
        for port in [ports.buildkit, ports.metrics, ports.scripts] {
            for scheme in ["http", "https"] where !answering.contains(port) {
                // Only ports that listen on all addresses are reached by this one.
                let outcome = try await Program("curl").run(
                    "-sSk", "--http0.9", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}",
                    "\(scheme)://127.0.0.2:\(port)/metrics")
                if outcome.succeeded, outcome.output != "000" { answering.append(port) }
            }
        }
        return answering
    }

    /// A metric of Envoy by its Prometheus name.
    public func figure(_ name: String) async throws -> Int? {
        let line = try await get("/metrics").split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: " ").last.flatMap { Int($0) }
    }

    private func script(_ name: String, _ arguments: String...) async throws -> Outcome {
        try await Program("bash").run(["\(folder)/etc/envoy/\(name)"] + arguments)
    }

    private static func redirected(
        _ text: String, ports: ProxyPorts, builder: (host: String, port: Int)
    ) throws -> String {
        guard var root = try Yams.compose(yaml: text), var resources = root["static_resources"] else {
            throw LabFailure("envoy.yaml has no static_resources.")
        }
        let listeners = ["buildkit": ports.buildkit, "metrics": ports.metrics, "scripts": ports.scripts]
        resources["listeners"] = try resources.elements("listeners") { listener in
            guard let port = listeners[listener["name"]?.string ?? ""] else {
                throw LabFailure("envoy.yaml has a listener that this machine has no port for.")
            }
            // Reachable from the same addresses as in the pod.
            let isClosed = listener["address"]?["socket_address"]?["address"] == "127.0.0.1"
            listener["address"] = try address(isClosed ? "127.0.0.1" : "0.0.0.0", port)
        }
        resources["clusters"] = try resources.elements("clusters") { cluster in
            guard cluster["name"] == "buildkitd" else { return }
            let target = try address(builder.host, builder.port)
            cluster["load_assignment"] = [
                "cluster_name": "buildkitd",
                "endpoints": [["lb_endpoints": [["endpoint": ["address": target]]]]],
            ]
        }
        root["static_resources"] = resources
        return try Yams.serialize(node: root)
    }

    private static func address(_ host: String, _ port: Int) throws -> Node {
        ["socket_address": ["address": Node(host), "port_value": try Node(port)]]
    }
}

extension Node {
    /// The sequence of that name, with each element changed.
    fileprivate func elements(_ name: String, change: (inout Node) throws -> Void) throws -> Node {
        guard let sequence = self[name]?.sequence else {
            throw LabFailure("envoy.yaml has no \(name).")
        }
        return Node(
            try sequence.map { element in
                var element = element
                try change(&element)
                return element
            })
    }
}

extension String {
    /// With the pod's folders moved below another one.
    fileprivate func relocated(to folder: String) -> String {
        replacing(#/([^\w\/])\/(run\/envoy|etc\/envoy|certificates)\b/#) { "\($0.1)\(folder)/\($0.2)" }
    }
}
