import ChartSupport
import FoundationEssentials
import LabSupport
import MutualTLS
import Yams

/// The chart's proxy with its certificates, a port for BuildKit behind it, and buildx.
struct Setting: Sendable {
    static let name = "builder.bench"
    /// Builders of buildx: one dials the proxy, the other one BuildKit itself, both with mutual TLS.
    static let (proxied, direct) = ("proxied", "direct")

    let folder: String
    let proxy: LocalProxy
    let docker: Program
    /// The folder with the files of a proxy client.
    let client: String
    private let builderPort: Int
    private let builderCertificates: SecretVolume
    private let inner: [String: Data]

    private struct ConfigMap: Decodable {
        let data: [String: String]
    }

    /// - Parameters:
    ///   - chart: the chart's folder.
    ///   - folder: an empty folder with a short path.
    init(chart: String, in folder: String) async throws {
        self.folder = folder
        let certificates = CertificateFolder(path: "\(folder)/certs")
        try await certificates.issue(
            CertificateOrder(names: [SubjectName(Self.name)], client: "bench"), now: Date())
        client = "\(certificates.path)/client"
        func files(_ names: [String: CertificateFile]) throws -> [String: Data] {
            try names.mapValues { try Data(certificates.bytes(of: $0)) }
        }
        inner = try files([
            "ca.crt": .innerAuthority, "client.crt": .innerClientCertificate, "client.key": .innerClientKey,
        ])
        let manifest = try await Program(.helm).require(
            "template", "buildkit", chart, "--show-only", "templates/proxy/configmap.yaml",
            "--set", "proxy.limits.connections=\(HeldClients.count + 100)")
        builderPort = try freePort()
        proxy = try LocalProxy(
            configuration: YAMLDecoder().decode(ConfigMap.self, from: manifest).data,
            outer: files([
                "ca.pem": .serverAuthority, "server.pem": .serverCertificate, "server-key.pem": .serverKey,
                "crl.pem": .revocations,
            ]), inner: inner, ports: .free(), builder: (host: "localhost", port: builderPort),
            in: "\(folder)/proxy")
        builderCertificates = try SecretVolume(
            path: "\(folder)/builder",
            content: files([
                "ca.crt": .innerAuthority, "server.crt": .innerServerCertificate,
                "server.key": .innerServerKey,
            ]))
        let configuration = "\(folder)/docker"
        try FileManager.default.createDirectory(atPath: configuration, withIntermediateDirectories: false)
        docker = try Docker.configured(in: configuration)
    }

    /// Runs BuildKit behind the proxy while `body` runs, after it has started to listen.
    func whileBuilderServes<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await BuildKit.whileServing(port: builderPort, certificates: builderCertificates.path) { _ in
            try await body()
        }
    }

    /// Registers the two builders.
    func register() async throws {
        let own = try SecretVolume(path: "\(folder)/direct", content: inner)
        try await register(
            Self.proxied, port: proxy.ports.buildkit, servername: Self.name,
            files: "cacert=\(client)/ca.pem,cert=\(client)/cert.pem,key=\(client)/key.pem")
        try await register(
            Self.direct, port: builderPort, servername: "buildkitd",
            files: "cacert=\(own.path)/ca.crt,cert=\(own.path)/client.crt,key=\(own.path)/client.key")
    }

    private func register(_ name: String, port: Int, servername: String, files: String) async throws {
        try await docker.require(
            "buildx", "create", "--name", name, "--driver", "remote", "--driver-opt",
            "\(files),servername=\(servername)", "tcp://127.0.0.1:\(port)")
    }
}
