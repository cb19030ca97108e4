import FoundationEssentials
import Installer
import LabSupport
import MutualTLS
import Testing

/// The served certificates are read by our own client.
@Suite(.installedOnce) struct ServedTests {
    private let installation: Installation

    init() throws { installation = try .current }

    @Test func whatTheRegisteredBuilderServesIsTheProxysCertificate() async throws {
        let served = try #require(await survey(Answers()).served.value)
        #expect(served.endpoint == Endpoint(host: "127.0.0.1", port: installation.port))
        #expect(!served.wasForwarded)
        guard case .answered = served.result else {
            Issue.record("\(served.result.sentence)")
            return
        }
        let file = installation.certificates.path(of: .serverCertificate)
        let pem = try String(contentsOf: URL(filePath: file), encoding: .utf8)
        #expect(served.certificate == (try CertificateSummary(pem: pem)))
    }

    @Test func whereNobodyForwardsThePortItIsForwardedForTheLook() async throws {
        try installation.laptop.forward(to: installation.pods.ports)
        var answers = Answers()
        answers.builder = "unknown-here"
        answers.certs = installation.certificates.path
        answers.servername = try SubjectName(Installation.name)
        answers.port = try freePort()
        let served = try #require(await survey(answers).served.value)
        #expect(served.endpoint == Endpoint(host: "localhost", port: answers.port))
        #expect(served.wasForwarded)
        #expect(served.certificate?.names == [try SubjectName(Installation.name)])
    }

    private func survey(_ answers: Answers) async -> Facts {
        var answers = answers
        answers.namespace = installation.namespace.name
        return await FactCollector(
            dependencies: installation.laptop.dependencies, answers: answers, including: [.served]
        )
        .complete()
    }
}
