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

    /// The files in the folder are those of the other installation's clients, too.
    @Test(arguments: RotationScope.allCases, [true, false])
    func theAuthorityOfAnotherInstallationIsReplacedByConsentAlone(
        _ scope: RotationScope, _ takesOver: Bool
    ) async throws {
        let (new, old) = (try await Self.authority("new"), try await Self.authority("old"))
        let other = KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: "/shared")
        func results(_ folders: Fact<Facts.ClientFolders>, former: AuthorityStatus?) -> [CheckResult] {
            var (facts, answers) = (Facts.empty, Answers())
            (answers.renew, answers.takeOver) = (scope, takesOver)
            facts.clientFolders = folders
            facts.authorities = .known(
                Facts.Authorities(current: AuthorityStatus(certificate: new), former: former))
            // By the Secret it is judged whether there is something to finish.
            let trusted = [new, former?.certificate].compactMap(\.self)
            let outer = Facts.SecretState(digests: [:], certificates: trusted, isOurs: true)
            facts.secrets = .known(Facts.Secrets(outer: outer, inner: nil, findings: []))
            return [Check.sharedFolder].results(facts, answers)
        }
        let shared = Fact.known(Facts.ClientFolders(own: "/shared/client", sharers: [other]))
        let result = results(shared, former: AuthorityStatus(certificate: old)).first
        if scope == .authority || scope == .finish {
            #expect(result?.verdict.word == (takesOver ? "warning" : "failed"))
            #expect(
                result?.verdict.evidence
                    == "The \(other.id) uses the same certificate directory. Clients with its files lose access there "
                    + "until the new certificates are installed there as well")
            let hint = try #require(result?.verdict.hint)
            #expect(hint.hasPrefix("To change the CA anyway: --take-over. ") == !takesOver)
            #expect(
                hint.hasSuffix(
                    "install the new certificates there: buildkit-installer install --context production "
                        + "--namespace team --release buildkit --builder theirs"))
            let unknown = results(.unavailable(InstallerError("It cannot be looked at")), former: nil).first
            #expect((unknown?.verdict.word == "failed") == (scope == .authority))
        } else {
            #expect(result == nil)
        }
        // There is nothing to finish, or nobody else.
        let unfinished = results(shared, former: nil).first
        #expect((unfinished != nil) == (scope == .authority))
        let alone = Fact.known(Facts.ClientFolders(own: "/shared/client"))
        #expect(results(alone, former: AuthorityStatus(certificate: old)).isEmpty)
    }

    /// The directory has a place for one old CA, and what another installation trusts is not known.
    @Test(arguments: [true, false]) func theOldCAOfAnotherInstallationIsReplacedByConsentAlone(
        _ takesOver: Bool
    ) async throws {
        let (new, old) = (try await Self.authority("new"), try await Self.authority("old"))
        let other = KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: "/shared")
        var (facts, answers) = (Facts.empty, Answers())
        (answers.renew, answers.takeOver) = (.authority, takesOver)
        facts.clientFolders = .known(Facts.ClientFolders(own: "/shared/client", sharers: [other]))
        facts.authorities = .known(
            Facts.Authorities(
                current: AuthorityStatus(certificate: new), former: AuthorityStatus(certificate: old)))
        let outer = Facts.SecretState(digests: [:], certificates: [new], isOurs: true)
        facts.secrets = .known(Facts.Secrets(outer: outer, inner: nil, findings: []))
        let outcome = Check.sharedFolder.verdict(facts, answers)
        #expect(outcome.word == (takesOver ? "warning" : "failed"))
        #expect(
            outcome.evidence.hasSuffix(
                ". The old CA in authority/former is replaced: if it is the only one that is trusted there, "
                    + "the Secrets then count as those of another machine"))
        let install = other.installer("install")
        #expect(
            outcome.hint
                == (takesOver
                    ? "Afterwards install the new certificates there, with --take-over in this case: \(install)"
                    : "First install the present certificates there: \(install). Then change the CA: --take-over. "
                        + "Afterwards install the new certificates there with the same command"))
    }

    /// The CA in the directory proves nothing, and neither does a Secret that could not be read.
    @Test func whetherTheOldCAIsTrustedIsReadFromTheSecret() async throws {
        let (new, old) = (try await Self.authority("new"), try await Self.authority("old"))
        func outcomes(_ secrets: Fact<Facts.Secrets>) -> [CheckOutcome] {
            var (facts, answers) = (Facts.empty, Answers())
            answers.renew = .finish
            facts.sightings = .known([:])
            facts.authorities = .known(
                Facts.Authorities(
                    current: AuthorityStatus(certificate: new), former: AuthorityStatus(certificate: old)))
            facts.secrets = secrets
            return [Check.sharedFolder, .clientsOnFormerAuthority].map { $0.verdict(facts, answers) }
        }
        let outer = Facts.SecretState(digests: [:], certificates: [new], isOurs: true)
        let passed = CheckOutcome.passed("no old CA is trusted")
        #expect(
            outcomes(.known(Facts.Secrets(outer: outer, inner: nil, findings: []))) == [passed, passed])
        let skipped = CheckOutcome.skipped("the Secrets could not be read")
        #expect(outcomes(.unavailable(InstallerError("no"))) == [skipped, skipped])
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

    /// Helm stores them in Secrets.
    @Test func theRecordsOfOtherReleasesNeedARight() {
        func word(_ scope: RotationScope, _ backends: Fact<[BackendDeployment]>) -> String {
            verdict(.rotationRights) { facts, answers in
                (facts, answers.renew) = (.empty, scope)
                facts.backends = backends
                facts.missingRights = .known([Facts.Right("list", "secrets")])
            }.word
        }
        let own = BackendDeployment(release: "buildkit", name: "buildkit-builder")
        let other = BackendDeployment(release: "b", name: "b-buildkit-builder")
        #expect(word(.inner, .known([own])) == "ok")
        #expect(word(.inner, .known([own, other])) == "failed")
        // Without the right, it is unknown whether there are others.
        #expect(word(.inner, .unavailable(InstallerError("secrets is forbidden"))) == "failed")
        #expect(word(.inner, .pending) == "pending")
        #expect(word(.certificates, .pending) == "ok")
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
        (.inner, "its certificates are replaced, including the client certificate in it"),
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
        #expect(refused.hint?.contains("the authority/ directory") == (scope != .inner))
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

    /// A rotation signs with the CA of the clients, or a new one; the CA of the server may be the only one that clients have.
    @Test(arguments: RotationScope.allCases)
    func theOwnCAOfAServerCertificateIsReplacedByConsentAlone(_ scope: RotationScope) async throws {
        let authority = try await Self.authority("clients")
        let state = byHand(authority)
        let finding = Finding(
            kind: .notSigned, severity: .warning, file: "buildkit-envoy-certs/server.pem",
            sentence:
                "buildkit-envoy-certs/server.pem is not signed by the CA in buildkit-envoy-certs/ca.pem.",
            hint: "")
        let secrets = Facts.Secrets(outer: state, inner: state, findings: [finding])
        let held = AuthorityStatus(certificate: authority)
        let cost = "a rotation replaces it: clients that only have that CA lose access"
        let refused = judge(secrets, keeping: held, renewing: scope)
        let consented = judge(secrets, keeping: held, renewing: scope, takesOver: true)
        guard scope != .inner else { return #expect(refused.word == "ok" && consented.word == "ok") }
        #expect(refused.word == "failed")
        #expect(refused.evidence.hasSuffix(cost))
        #expect(
            refused.hint?.hasSuffix(
                "buildkit-installer install --certificates folder. To replace it: --take-over") == true)
        #expect(consented.word == "warning")
        #expect(consented.evidence.hasSuffix(cost))
        // The key of neither CA is here.
        for takesOver in [true, false] {
            let foreign = judge(secrets, renewing: scope, takesOver: takesOver)
            #expect(foreign.word == (takesOver ? "warning" : "failed"))
            #expect(foreign.evidence.hasPrefix("The Secret buildkit-envoy-certs was not created by"))
            #expect(foreign.evidence.hasSuffix(cost))
        }
    }

    /// An earlier version signed the server certificate with it after it was dropped: no client accepts that.
    @Test func aServerCertificateOfTheOldCAHereIsRenewed() async throws {
        let current = try await Self.authority("current")
        let former = try await CertificateAuthority.make(commonName: "former", days: 30, now: Date())
        let server = try await former.issue(
            .server(names: [.dns("builder.example.com")]), days: 1, now: Date())
        let finding = Finding(
            kind: .notSigned, severity: .warning, file: "buildkit-envoy-certs/server.pem", sentence: "No.",
            hint: "")
        let state = Facts.SecretState(
            digests: [:],
            certificates: [current, try CertificateSummary(pem: server.certificate, role: .server)],
            isOurs: true)
        func word(former: AuthorityStatus?) -> String {
            verdict(.rotationSecrets) { facts, _ in
                facts.authorities = .known(
                    Facts.Authorities(current: AuthorityStatus(certificate: current), former: former))
                facts.secrets = .known(Facts.Secrets(outer: state, inner: nil, findings: [finding]))
            }.word
        }
        #expect(word(former: AuthorityStatus(certificate: former.summary)) == "ok")
        #expect(word(former: nil) == "failed")
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
