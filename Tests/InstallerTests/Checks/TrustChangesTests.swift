import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// An install that would change the CAs that the proxy trusts.
@Suite struct TrustChangesTests {
    private let old: CertificateSummary
    private let new: CertificateSummary

    init() async throws {
        old = try await CertificateAuthority.make(commonName: "old", days: 30, now: Date()).summary
        new = try await CertificateAuthority.make(commonName: "new", days: 30, now: Date()).summary
    }

    /// - Parameters:
    ///   - offered: the CAs of the certificates in the directory.
    ///   - former: the previous CA in the directory.
    private func judge(
        _ trusted: [CertificateSummary], offered: [CertificateSummary], current: CertificateSummary,
        former: CertificateSummary?, _ change: (inout Answers) -> Void = { _ in }
    ) -> CheckOutcome {
        verdict(.secrets) { facts, answers in
            facts.lookedAt = Date()
            facts.authorities = .known(
                Facts.Authorities(
                    current: AuthorityStatus(certificate: current),
                    former: former.map { AuthorityStatus(certificate: $0) }, offered: offered))
            let state = Facts.SecretState(digests: ["ca.pem": "1"], certificates: trusted, isOurs: true)
            facts.secrets = .known(Facts.Secrets(outer: state, inner: state, findings: []))
            change(&answers)
        }
    }

    /// Another installation has written it to the directory, for example.
    @Test func aCAThatWasDroppedIsTrustedAgainByConsentAlone() {
        func judge(
            _ trusted: [CertificateSummary], _ change: (inout Answers) -> Void = { _ in }
        ) -> CheckOutcome {
            self.judge(trusted, offered: [new, old], current: new, former: old, change)
        }
        let refused = judge([new])
        #expect(refused.word == "failed")
        #expect(refused.evidence.contains("has the CA \(old.shortSerial), which the proxy does not trust"))
        #expect(refused.hint?.contains("buildkit-installer rotate. To trust it: --take-over") == true)
        #expect(judge([new]) { $0.takeOver = true }.word == "warning")
        // The new one was introduced, and certificates of the user are published as they are.
        #expect(judge([old]).word == "ok")
        #expect(judge([new, old]).word == "ok")
        #expect(judge([new]) { $0.certificates = .folder }.word == "ok")
    }

    /// Another machine has introduced it.
    @Test func aCAThatTheDirectoryLacksIsDroppedByConsentAlone() {
        func judge(_ change: (inout Answers) -> Void = { _ in }) -> CheckOutcome {
            self.judge([new, old], offered: [old], current: old, former: nil, change)
        }
        let what =
            "The proxy trusts the CA \(new.shortSerial), which this install would drop: clients that only have "
            + "certificates of it lose access"
        #expect(
            judge()
                == .failed(
                    what,
                    hint:
                        "If another machine has introduced it, copy the authority/ directory of the certificates from there. "
                        + "To keep it, run: buildkit-installer rotate. To drop it: --take-over"))
        #expect(judge { $0.takeOver = true } == .warning(what, hint: nil))
        #expect(judge { $0.certificates = .folder }.word == "ok")
    }

    /// A directory with a copy of the CAs alone issues certificates of the one that signs.
    @Test func certificatesOfTheSigningCAAloneDropNoOther() {
        let refused = judge([new, old], offered: [], current: new, former: old)
        #expect(refused.evidence.contains("the CA \(old.shortSerial), which this install would drop"))
        #expect(judge([new], offered: [], current: new, former: old).word == "ok")
        // The directory `authority/` was copied, and the certificates beside it are those of before.
        let copied = judge([new, old], offered: [old], current: new, former: old)
        #expect(copied.evidence.contains("the CA \(new.shortSerial), which this install would drop"))
        #expect(copied.hint == "To keep it, run: buildkit-installer rotate. To drop it: --take-over")
    }

    /// Another installation with the directory has introduced a CA as well; a rotation would be refused.
    @Test func whereTheProxyDoesNotTrustTheSigningCATheOneOfTheOtherMachineIsCopied() async throws {
        let own = try await CertificateAuthority.make(commonName: "own", days: 30, now: Date()).summary
        #expect(
            judge([new, old], offered: [own, old], current: own, former: old).hint
                == "If another machine has introduced it, copy the authority/ directory of the certificates from there, then "
                + "run: buildkit-installer rotate. To drop it: --take-over")
        let readmitting = judge([old], offered: [own, new, old], current: own, former: old)
        #expect(
            readmitting.evidence.contains("has the CA \(new.shortSerial), which the proxy does not trust"))
        #expect(
            readmitting.hint?.contains(
                "from the machine that has rotated, then run: buildkit-installer rotate. ")
                == true)
    }

    /// `rotate --finish` for another installation with the directory: the install has to follow.
    @Test func aCAThatARotationHasDroppedGoes() {
        #expect(judge([new, old], offered: [new], current: new, former: old).word == "ok")
    }
}
