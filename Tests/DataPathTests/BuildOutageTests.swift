import ChartSupport
import LabSupport
import Testing

/// Missing parts, temporarily or not, and the installer's error after its timeout.
@Suite(.installedOnce) struct BuildOutageTests {
    private let installation: Installation

    init() throws { installation = try .current }

    @Test func whereNothingListensTheProofWaitsAndThenSaysSo() async throws {
        let port = try freePort()
        let result = await attempt(port, timeout: 4).run()
        #expect(result.failure?.message == "Connection refused at tcp://127.0.0.1:\(port)")
        #expect(result.pauses == 2)
    }

    @Test func aServerThatSpeaksPlainTextIsNotTheProxy() async throws {
        let port = try freePort()
        try await BuildKit.whileServing(port: port) { _ in
            let result = await attempt(port).run()
            #expect(
                result.failure?.message
                    == "The server at tcp://127.0.0.1:\(port) is not the builder's proxy: no TLS handshake"
            )
            #expect(result.pauses == 0)
        }
    }

    @Test func aProxyWithoutBuildKitBehindItAnswersAlone() async throws {
        let port = try freePort()
        let proxy = try await proxy(port: port, builder: freePort())
        try await Envoy.whileRunning(configuration: proxy.configuration) { _ in
            let result = await attempt(port, timeout: 0).run()
            #expect(
                result.failure?.message
                    == "The proxy at tcp://127.0.0.1:\(port) responds, but BuildKit is not ready")
        }
    }

    @Test func aProxyThatComesLaterIsWaitedFor() async throws {
        let port = try freePort()
        let builder = try freePort()
        let proxy = try await proxy(port: port, builder: builder)
        let certificates = try await installation.pods.builderCertificates(
            in: "\(installation.folder)/builder-\(port)")
        let (asked, asking) = AsyncStream.makeStream(of: Void.self)
        var attempt = attempt(port, timeout: 86_400)
        attempt.pause = { _ in asking.yield() }
        let proving = Task { [attempt] in await attempt.run() }
        // It has queried without success.
        for await _ in asked { break }
        try await BuildKit.whileServing(port: builder, certificates: certificates.path) { _ in
            try await Envoy.whileRunning(configuration: proxy.configuration) { _ in
                #expect(await proving.value.failure == nil)
            }
        }
    }

    private func proxy(port: Int, builder: Int) async throws -> LocalProxy {
        try await installation.pods.proxy(
            ports: ProxyPorts(buildkit: port, metrics: freePort(), scripts: freePort()), builder: builder,
            in: "\(installation.folder)/proxy-\(port)")
    }

    private func attempt(_ port: Int, timeout: Int = 600) -> ProofAttempt {
        var attempt = ProofAttempt(
            on: installation.laptop, folder: "\(installation.certificates.path)/client", port: port)
        attempt.timeout = timeout
        return attempt
    }
}
