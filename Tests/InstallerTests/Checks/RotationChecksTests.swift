import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// Rotations of Secrets that were created manually or by another tool.
@Suite struct RotationChecksTests {
    private static func authority(_ name: String) async throws -> CertificateSummary {
        try await CertificateAuthority.make(commonName: name, days: 30, now: Date()).summary
    }

    private func judge(
        _ secrets: Facts.Secrets, keeping authority: AuthorityStatus? = nil, files: [String: String] = [:],
        renewing scope: RotationScope, takesOver: Bool = false
    ) -> CheckOutcome {
        verdict(.rotationSecrets) { facts, answers in
            (answers.renew, answers.takeOver) = (scope, takesOver)
            facts.files = .known(files)
            facts.authorities = .known(Facts.Authorities(current: authority))
            facts.secrets = .known(secrets)
        }
    }

    private func byHand(_ certificates: CertificateSummary...) -> Facts.SecretState {
        Facts.SecretState(
            digests: ["ca.pem": "theirs", "ca.crt": "theirs"], certificates: certificates, isOurs: false)
    }

    @Test(arguments: [RotationScope.certificates, .inner], [true, false])
    func theRightsOfThePlanAreAskedForAndNoOthers(_ scope: RotationScope, _ verifies: Bool) {
        var answers = Answers()
        (answers.renew, answers.verify) = (scope, verifies)
        var facts = Facts.empty
        facts.builders = .known(
            Facts.Builders(
                builders: [Facts.Builder(name: answers.builder, driver: "remote", nodes: [])], current: nil,
                defaultConfiguration: nil, dockerContexts: []))
        let plan = planned {
            try .rotate(
                answers, facts, places: InstallerPaths(home: "/home/ada", environment: [:]), home: "/home/ada"
            )
        }
        expectRights(of: plan, by: .rotationRights, facts, answers)
    }

    @Test func withoutABuilderNoConnectionNeedsRights() {
        let outcome = verdict(.rotationRights) { facts, answers in
            (facts, answers.renew) = (.empty, .inner)
            facts.missingRights = .known([Facts.Right("create", "pods/portforward")])
        }
        #expect(outcome == .passed("all granted"))
    }

    @Test(arguments: [
        (RotationScope.authority, "clients with certificates of its CA lose access with rotate --finish"),
        (.finish, "clients with certificates of its other CAs lose access"),
        (.certificates, "its server certificate is replaced"),
        (.inner, "its certificates are replaced, also the client certificate in it"),
    ])
    func aSecretWhoseCAIsNotHereIsReplacedByConsentAlone(_ scope: RotationScope, _ cost: String) async throws
    {
        let state = byHand(try await Self.authority("theirs"))
        let secrets = Facts.Secrets(outer: state, inner: state, findings: [])
        let name = scope == .inner ? "buildkit-secrets" : "buildkit-envoy-certs"
        let refused = judge(secrets, renewing: scope)
        #expect(refused.word == "failed")
        #expect(refused.evidence.hasPrefix("The Secret \(name) was not created by buildkit-installer"))
        #expect(refused.hint?.contains("--take-over; \(cost)") == true, "\(refused)")
        #expect(refused.hint?.contains("folder authority/") == (scope != .inner))
        let consented = judge(secrets, renewing: scope, takesOver: true)
        #expect(consented.word == "warning")
        #expect(consented.evidence.contains(cost))
    }

    /// The key of the CA is the proof: the certificate alone is public.
    @Test(arguments: RotationScope.allCases)
    func aSecretWhoseCAIsHereIsHandedOver(_ scope: RotationScope) async throws {
        let authority = try await Self.authority("theirs")
        let state = byHand(authority)
        let secrets = Facts.Secrets(outer: state, inner: state, findings: [])
        let held = AuthorityStatus(certificate: authority)
        #expect(judge(secrets, keeping: held, renewing: scope).word == "ok")
        let keyless = AuthorityStatus(certificate: authority, trouble: "its key is missing")
        #expect(judge(secrets, keeping: keyless, renewing: scope).word == "failed")
        // A bundle in which another CA is trusted, too.
        let bundle = byHand(authority, try await Self.authority("another"))
        let shared = Facts.Secrets(outer: bundle, inner: bundle, findings: [])
        #expect(judge(shared, keeping: held, renewing: scope).word == "failed")
    }

    /// As in the chart's README: with kubectl, from files that were issued here.
    @Test func aSecretOfTheFilesHereIsOurs() {
        let state = Facts.SecretState(
            digests: ["ca.crt": "1", "server.key": "2"], certificates: [], isOurs: false)
        let secrets = Facts.Secrets(outer: nil, inner: state, findings: [])
        let files = ["/certs/inner/ca.pem": "1", "/certs/inner/server-key.pem": "2"]
        #expect(judge(secrets, files: files, renewing: .inner).word == "ok")
        #expect(judge(secrets, files: ["/certs/inner/ca.pem": "1"], renewing: .inner).word == "failed")
    }

    /// Only the Secret that is replaced matters.
    @Test func theOtherSecretMayBeSomebodyElses() async throws {
        let authority = try await Self.authority("ours")
        let ours = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [authority], isOurs: true)
        let secrets = Facts.Secrets(
            outer: ours, inner: byHand(try await Self.authority("theirs")), findings: [])
        let held = AuthorityStatus(certificate: authority)
        #expect(judge(secrets, keeping: held, renewing: .authority).word == "ok")
        #expect(judge(secrets, keeping: held, renewing: .inner).word == "failed")
    }
}
