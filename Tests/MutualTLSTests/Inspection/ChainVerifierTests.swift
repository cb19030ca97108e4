import Foundation
@testable import MutualTLS
import Testing

/// Chains in every order, and the messages about incomplete ones.
struct ChainTests {
    /// `root` signed `mid`, which signed `server`; `client` is the root's own.
    private func chain() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.makeAuthority("root")
        try scratch.makeIntermediate("mid", by: "root")
        try scratch.makeLeaf("server", by: "mid", usage: "serverAuth", dates: "-days 90")
        try scratch.makeLeaf("client", by: "root", usage: "clientAuth")
        try scratch.makeFolder(
            server: "server", client: "client", serverAuthority: "root", clientAuthority: "root")
        return scratch
    }

    private func inspect(_ scratch: Scratch, _ server: String...) async throws -> Inspection {
        try scratch.write(
            server.map { try scratch.text(of: "\($0).pem") }.joined(), to: "certs/daemon/cert.pem")
        return await CertificateFolder(path: scratch["certs"]).inspect(now: .now)
    }

    @Test func signersMayFollowInAnyOrder() async throws {
        let scratch = try chain()
        #expect(try await inspect(scratch, "server", "mid").findings == [])
        #expect(try await inspect(scratch, "server", "mid", "root").findings == [])
        #expect(try await inspect(scratch, "server", "root", "mid").findings == [])
    }

    @Test func aMissingIntermediateIsNamed() async throws {
        let scratch = try chain()
        let finding = try #require(try await inspect(scratch, "server").findings.first)
        #expect(
            finding.sentence
                == "daemon/cert.pem is not signed by the CA in client/ca.pem: the issuer of “CN=server” is "
                + "“CN=mid”, whose certificate is missing.")
        #expect(finding.hint.contains("cat intermediate.pem >> \(scratch["certs/daemon/cert.pem"])"))
    }

    @Test func anIntermediateThatComesFirstIsPutInItsPlaceByTheHint() async throws {
        let scratch = try chain()
        let inspection = try await inspect(scratch, "mid", "server")
        #expect(inspection.findings.map(\.kind) == [.keyMismatch])
        let finding = try #require(inspection.findings.first)
        #expect(finding.sentence.contains("starts with “CN=mid”"), "\(finding.sentence)")
        let outcome = try Tool.run(
            "sh", ["-c", String(finding.hint.dropFirst("Put it first: ".count))], in: scratch.path)
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(await CertificateFolder(path: scratch["certs"]).inspect(now: .now).findings == [])
    }

    @Test func anAuthorityOfTheSameNameIsToldFromTheOneThatSigned() async throws {
        let scratch = try chain()
        try scratch.makeAuthority("root")
        try scratch.write(scratch.text(of: "root.pem"), to: "certs/client/ca.pem")
        let finding = try #require(try await inspect(scratch, "server", "mid").findings.first)
        #expect(
            finding.sentence.hasSuffix(
                "a different “CN=root” signed “CN=mid”, with another key than the CA's."),
            "\(finding.sentence)")
    }

    @Test func aCertificateThatIsNoPartOfTheChainIsNamed() async throws {
        let scratch = try chain()
        let inspection = try await inspect(scratch, "server", "mid", "client")
        #expect(inspection.isUsable)
        #expect(inspection.findings.map(\.kind) == [.severalCertificates])
        #expect(inspection.findings.first?.sentence.contains("“CN=client”") == true)
    }

    @Test func anExpiredIntermediateIsNamed() async throws {
        let scratch = try chain()
        _ = try await inspect(scratch, "server", "mid")
        let late = await CertificateFolder(path: scratch["certs"]).inspect(now: .now + 95 * 86400)
        #expect(late.errors.map(\.kind) == [.expired])
        let later = await CertificateFolder(path: scratch["certs"]).inspect(now: .now + 89 * 86400)
        #expect(later.errors == [])
    }
}
