import ChartSupport
import FoundationEssentials
import LabSupport

/// The rendered proxy of some values, run by the real Envoy with real certificates.
struct ProxyFixture {
    let proxy: LocalProxy
    let certificates: TestCertificates
    /// The port on which the proxy expects BuildKit.
    let builderPort: Int

    /// What is behind the proxy.
    enum Builder {
        case serving, absent
        /// Not even its name can be resolved.
        case nameless
    }

    /// - Parameter change: changes the files before Envoy starts.
    static func whileRunning<Result: Sendable>(
        _ set: [String: String] = [:], builder: Builder = .serving,
        change: (LocalProxy, TestCertificates) throws -> Void = { _, _ in },
        body: (ProxyFixture) async throws -> Result
    ) async throws -> Result {
        try await whileRunning(of: Release(set: set), builder: builder, change: change, body: body)
    }

    static func whileRunning<Result: Sendable>(
        of release: Release, builder: Builder = .serving,
        change: (LocalProxy, TestCertificates) throws -> Void = { _, _ in },
        body: (ProxyFixture) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            let host = builder == .nameless ? "no-such-builder.invalid" : "127.0.0.1"
            let fixture = try await make(release, host: host, in: folder)
            try change(fixture.proxy, fixture.certificates)
            return try await Envoy.whileRunning(configuration: fixture.proxy.configuration) { _ in
                guard builder == .serving else { return try await body(fixture) }
                return try await fixture.whileBuilderServes { try await body(fixture) }
            }
        }
    }

    func whileBuilderServes<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await FakeBuilder.whileServing(port: builderPort, certificates: certificates, body: body)
    }

    static func make(_ release: Release, host: String = "127.0.0.1", in folder: String) async throws
        -> ProxyFixture
    {
        let manifest = try await Chart.render(release)
        let certificates = try await TestCertificates.shared
        let port = try freePort()
        let proxy = try LocalProxy(
            configuration: manifest.object("ConfigMap/buildkit-proxy").data,
            outer: mounted(
                "outer", of: manifest,
                from: certificates.outer.merging(["crl.pem": certificates.data("crl.pem")]) { $1 }),
            inner: mounted("inner", of: manifest, from: certificates.inner),
            ports: .free(), builder: (host, port), in: folder)
        return ProxyFixture(proxy: proxy, certificates: certificates, builderPort: port)
    }

    /// The configuration of other values, for an upgrade.
    static func configuration(_ set: [String: String]) async throws -> [String: String] {
        try await Chart.render(Release(set: set)).object("ConfigMap/buildkit-proxy").data
    }

    /// Requests on one connection, one after the other, a second apart: headers, and how many connections each took.
    func callSlowly(_ count: Int, as client: String) async throws -> String {
        let request = [
            "--cacert", "\(certificates.folder)/outer.pem", "--cert", "\(certificates.folder)/\(client).pem",
            "--key", "\(certificates.folder)/\(client).key",
        ]
        let url = "https://localhost:\(proxy.ports.buildkit)/moby.buildkit.v1.Control/ListWorkers"
        return try await Program("curl").run(
            [
                "-sS", "--http2", "--rate", "60/m", "-D", "-", "-o", "/dev/null", "-m", "600", "-X", "POST",
                "-H",
                "content-type: application/grpc", "-w", "connections: %{num_connects}\n",
            ] + request + ["\(url)?[1-\(count)]"]
        ).output
    }

    /// The keys of a Secret that the pod mounts.
    private static func mounted(
        _ volume: String, of manifest: Manifest, from secret: [String: Data]
    ) throws -> [String: Data] {
        let proxy = try manifest.object("Deployment/buildkit-proxy")
        let volumes = proxy["/spec/template/spec/volumes"]?.sequence ?? []
        let items = volumes.first { $0["name"]?.string == volume }?["secret"]?["items"]?.sequence ?? []
        let keys = items.compactMap { $0["key"]?.string }
        return secret.filter { keys.contains($0.key) }
    }

    /// Sends a gRPC request without a body, and returns the headers or curl's error.
    func call(_ method: String = "ListWorkers", as client: String) async throws -> String {
        let path = method.hasPrefix("/") ? method : "/moby.buildkit.v1.Control/\(method)"
        let outcome = try await Program("curl").run(
            "-sS", "--http2", "-D", "-", "-m", "600", "-X", "POST", "-H", "content-type: application/grpc",
            "--cacert", "\(certificates.folder)/outer.pem",
            "--cert", "\(certificates.folder)/\(client).pem", "--key", "\(certificates.folder)/\(client).key",
            "https://localhost:\(proxy.ports.buildkit)\(path)")
        return outcome.output + outcome.errors
    }

    /// The alert by which a client is rejected. Unlike curl, openssl waits for it before it sends more.
    func refusal(of client: String?) async throws -> String {
        let identity = client.map { name in
            ["-cert", "\(certificates.folder)/\(name).pem", "-key", "\(certificates.folder)/\(name).key"]
        }
        return try await Program("timeout").run(
            ["60", "openssl", "s_client", "-ign_eof", "-connect", "127.0.0.1:\(proxy.ports.buildkit)"]
                + (identity ?? [])
        ).errors
    }
}

extension KubernetesObject {
    /// The texts of a ConfigMap.
    fileprivate var data: [String: String] {
        let pairs = self["/data"]?.mapping?.compactMap { key, value in
            key.string.flatMap { key in value.string.map { (key, $0) } }
        }
        return Dictionary(uniqueKeysWithValues: pairs ?? [])
    }
}
