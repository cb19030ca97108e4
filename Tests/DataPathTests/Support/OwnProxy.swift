import ChartSupport
import FoundationEssentials
import LabSupport

/// A proxy of a test's own, of what the suite's installation has in the cluster. What is behind it comes and goes as the
/// test wants.
struct OwnProxy: Sendable {
    let installation: Installation
    let proxy: LocalProxy
    /// Where the proxy looks for BuildKit.
    let builderPort: Int
    /// What buildx calls it.
    let builder: String
    private let builderCertificates: SecretVolume

    private static let turns = Turns(2)

    /// Runs one while `body` runs, with nothing behind it yet.
    static func whileRunning<Result: Sendable>(
        _ body: (OwnProxy) async throws -> Result
    ) async throws -> Result {
        try await turns.take { try await runAtOnce(body) }
    }

    private static func runAtOnce<Result: Sendable>(
        _ body: (OwnProxy) async throws -> Result
    ) async throws -> Result {
        let installation = try Installation.current
        return try await withTemporaryFolder { folder in
            let port = try freePort()
            let own = try await OwnProxy(
                installation: installation,
                proxy: installation.pods.proxy(ports: .free(), builder: port, in: "\(folder)/proxy"),
                builderPort: port, builder: "own-\(port)",
                builderCertificates: installation.pods.builderCertificates(in: "\(folder)/builder"))
            return try await Envoy.whileRunning(configuration: own.proxy.configuration) { _ in
                // With BuildKit, or buildx would wait for half a minute to learn of its platforms.
                try await own.whileBuilderServes { _ in try await own.register() }
                return try await body(own)
            }
        }
    }

    private func register() async throws {
        let client = "\(installation.certificates.path)/client"
        try await installation.laptop.docker.require(
            "buildx", "create", "--name", builder, "--driver", "remote", "--driver-opt",
            "cacert=\(client)/ca.pem,cert=\(client)/cert.pem,key=\(client)/key.pem,servername=\(Installation.name)",
            "tcp://127.0.0.1:\(proxy.ports.buildkit)")
    }

    /// Runs a BuildKit behind it while `body` runs.
    func whileBuilderServes<Result: Sendable>(
        engine: BuildKitEngine? = nil, _ body: (RunningProgram) async throws -> Result
    ) async throws -> Result {
        try await BuildKit.whileServing(
            port: builderPort, certificates: builderCertificates.path, engine: engine, body: body)
    }

    /// The requests that are held because there is no BuildKit to pass them on to.
    func held() async throws -> Int { try await proxy.held() }

    /// Asks BuildKit for its workers by a connection of its own, and gives the status of its answer, or why there is none.
    func ask() async throws -> String {
        let outcome = try await proxy.ask(
            as: "\(installation.certificates.path)/client", at: [Installation.name])
        let status = outcome.output.split(whereSeparator: \.isNewline).first { $0.hasPrefix("grpc-status: ") }
        return status.map { String($0.dropFirst("grpc-status: ".count)) } ?? outcome.output + outcome.errors
    }
}
