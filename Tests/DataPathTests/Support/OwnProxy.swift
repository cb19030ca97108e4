import ChartSupport
import FoundationEssentials
import LabSupport

/// A separate proxy for one test, with the objects of the suite's installation. The test starts and stops the
/// BuildKit behind it.
struct OwnProxy: Sendable {
    let installation: Installation
    let proxy: LocalProxy
    /// The port on which the proxy expects BuildKit.
    let builderPort: Int
    /// The name of the builder in buildx.
    let builder: String
    private let builderCertificates: SecretVolume

    private static let turns = Turns(2)

    /// Runs a proxy while `body` runs, without a BuildKit behind it.
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
                // With BuildKit, otherwise buildx would wait half a minute for its platforms.
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

    /// Queries BuildKit's workers by a separate connection, and returns the status of the answer, or the error.
    func ask() async throws -> String {
        let outcome = try await proxy.ask(
            as: "\(installation.certificates.path)/client", at: [Installation.name])
        let status = outcome.output.split(whereSeparator: \.isNewline).first { $0.hasPrefix("grpc-status: ") }
        return status.map { String($0.dropFirst("grpc-status: ".count)) } ?? outcome.output + outcome.errors
    }
}
