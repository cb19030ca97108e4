import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

@Suite struct ClientReportTests {
    private let authority: CertificateAuthority
    private let admin: CertificateSummary

    init() async throws {
        authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: Date())
        admin = try await authority.issue(.client(name: "admin"), days: 20, now: Date()).summary
    }

    /// An installation without roles, with a client here and one that another machine has registered.
    /// - Parameters:
    ///   - here: the serials on the list of this machine.
    ///   - cluster: those on the list in the cluster.
    private func facts(
        issued: [CertificateSummary]? = nil, here: [String] = [], cluster: [String]? = nil
    ) throws -> Facts {
        var facts = Facts.empty
        facts.folder = .known(Inspection(certificates: [authority.summary, admin]))
        facts.issued = .known(issued ?? [admin])
        facts.authorities = .known(
            Facts.Authorities(current: AuthorityStatus(certificate: authority.summary, revoked: here)))
        let register = try ClientRegistry(
            json: #"{"issued": [{"name": "bob", "serial": "ab12", "notAfter": 4102444800}], "revoked": []}"#)
        let secret = Facts.SecretState(
            digests: ["crl.pem": "x"], certificates: [authority.summary], isOurs: true,
            revoked: cluster ?? here, clients: register)
        facts.secrets = .known(Facts.Secrets(outer: secret, inner: nil, findings: []))
        facts.release = .known(
            Facts.Release(status: "deployed", revision: 1, chart: Chart.label, values: [:]))
        facts.sightings = .known([:])
        return facts
    }

    private func report(_ facts: Facts) -> ClientReport {
        var answers = Answers()
        answers.context = "production"
        return ClientReport(facts, answers, in: CertificateFolder(path: "/certs"), now: Date())
    }

    private func roles(_ report: ClientReport) throws -> [String?] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        let json = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(report))
        return json["clients"]?.array.map { $0["role"]?.string } ?? []
    }

    @Test func aClientOfAnotherMachineThatIsRevokedIsListedAsRevoked() throws {
        let report = report(try facts(here: ["ab12"]))
        let line = try #require(report.lines.first { $0.hasPrefix("bob") })
        #expect(line.split(separator: " ") == ["bob", "revoked", "ab12", "revoked", "-"])
        #expect(try roles(report) == ["unrestricted", "revoked"])
    }

    /// A `client add` that was rolled back leaves a registered serial, and no certificate.
    @Test func aRegisteredSerialAloneIsNoAccess() throws {
        var facts = try facts()
        let unseen = report(facts)
        #expect(unseen.clients.map(\.standing.word) == ["unrestricted", "no local certificate"])
        #expect(unseen.lines.contains { $0.hasPrefix("bob") && $0.contains("ab12") })
        #expect(try roles(unseen) == ["unrestricted", "unknown"])
        facts.sightings = .known(["bob": LastSeen(time: Date(), serial: "ab12")])
        #expect(report(facts).clients.map(\.standing.word) == ["unrestricted", "unrestricted"])
    }

    @Test func aRevocationThatTheProxyLacksIsNotCalledRevoked() async throws {
        let alice = try await authority.issue(.client(name: "alice"), days: 20, now: Date()).summary
        let report = report(try facts(issued: [admin, alice], here: [alice.serial], cluster: []))
        #expect(report.clients.map(\.standing) == [.everything, .revocationPending, .noCertificate])
        #expect(
            report.lines.contains {
                $0.hasPrefix("alice") && $0.contains("revoked locally  ")
                    && $0.contains("revoked locally, not yet in the cluster")
            }, "\(report.lines)")
        #expect(
            report.remarks.contains {
                $0.hasPrefix("Revocations of alice are not in effect in the cluster: ")
            })
        #expect(try roles(report) == ["unrestricted", "revocation-pending", "unknown"])
    }

    /// The clients that other machines have registered are not absent.
    @Test func clientsThatCouldNotBeReadAreNotMissing() throws {
        var facts = try facts(issued: [])
        facts.secrets = .unavailable(InstallerError("Forbidden"))
        #expect(
            report(facts).lines == [
                "No client is known.",
                "Roles are disabled: every certificate signed by the CA has full access.",
                "Clients of other machines are unknown: Forbidden.",
            ])
    }

    @Test func whereNothingIsInstalledNothingIsSaidOfAccess() throws {
        var facts = try facts()
        facts.release = .known(nil)
        let kept = report(facts)
        #expect(kept.clients.map(\.standing) == [.unknown, .unknown])
        #expect(
            kept.remarks == [
                "The roles are unknown: release buildkit in namespace buildkit of context production not found."
            ])
        facts.secrets = .known(Facts.Secrets(outer: nil, inner: nil, findings: []))
        facts.issued = .known([])
        #expect(
            report(facts).lines == [
                "No clients found.",
                "BuildKit not found: release buildkit in namespace buildkit of context production.",
            ])
    }
}
