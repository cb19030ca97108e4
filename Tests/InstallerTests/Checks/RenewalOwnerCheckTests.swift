import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// A rotation that was interrupted in a folder of several installations.
@Suite struct RenewalOwnerCheckTests {
    private let other = KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: "/shared")
    private let flags = "--context production --namespace team --release buildkit --builder theirs"

    /// - Returns: nil where there is nothing to report.
    private func judge(
        _ change: RenewalOrder.Change = .leaves, of owner: InstallationID?,
        beside sharers: [KnownInstallation],
        serverWaits: Bool = true, takesOver: Bool = false, ifDue: Int? = nil,
        _ more: (inout Facts) -> Void = { _ in }
    ) -> CheckOutcome? {
        var (facts, answers) = (Facts.empty, Answers())
        (answers.takeOver, answers.ifDue) = (takesOver, ifDue)
        let certificates = CertificateOrder(names: answers.names, client: "admin")
        facts.renewal = .known(
            Facts.Renewal(
                order: RenewalOrder(change, certificates, owner: owner?.record), serverWaits: serverWaits,
                inspection: Inspection(), files: ["ca.pem": "/shared/renewal/daemon/ca.pem"]))
        facts.clientFolders = .known(Facts.ClientFolders(own: "/shared/client", sharers: sharers))
        more(&facts)
        return [Check.renewalOwner].results(facts, answers).first?.verdict
    }

    @Test(arguments: [
        (RenewalOrder.Change.leaves, "rotate"), (.inner, "rotate --renew inner"),
        (.introduce, "rotate --renew authority --take-over"),
        (.replace, "rotate --renew authority --take-over"), (.retire, "rotate --finish --take-over"),
    ])
    func theOwnersCommandIsNamed(_ change: RenewalOrder.Change, _ verb: String) {
        #expect(
            judge(change, of: .team, beside: [other])
                == .failed(
                    "The certificate directory contains an interrupted rotation, which belongs to the \(other.id)",
                    hint:
                        "To finish it: buildkit-installer \(verb) \(flags). To discard it: --take-over. Afterwards "
                        + "install the certificates in the directory there: buildkit-installer install \(flags)"
                ))
    }

    @Test func withConsentItIsDiscarded() {
        let outcome = judge(of: .team, beside: [other], takesOver: true)
        #expect(outcome?.word == "warning")
        #expect(outcome?.evidence.hasSuffix("\(other.id). It will be discarded") == true)
        #expect(outcome?.hint?.hasPrefix("Afterwards install the certificates") == true)
    }

    /// It was uninstalled meanwhile, so it cannot be rotated.
    @Test func anOwnerThatThisMachineDoesNotKnowIsNamed() {
        let outcome = judge(of: .team, beside: [])
        #expect(outcome?.evidence.hasSuffix("belongs to the \(other.id)") == true)
        #expect(outcome?.hint == "To discard it: --take-over")
        #expect(judge(of: .team, beside: [], takesOver: true)?.hint == nil)
    }

    /// An earlier version did not record the owner.
    @Test func anUnknownOwnerMayBeAnyThatUsesTheFolder() {
        let outcome = judge(of: nil, beside: [other])
        #expect(outcome?.word == "failed")
        #expect(outcome?.evidence.hasSuffix("which may belong to the \(other.id)") == true)
        #expect(judge(of: nil, beside: []) == nil)
    }

    @Test func itsOwnIsContinued() {
        var own = Answers().installation
        own.context = "production"
        #expect(judge(of: own, beside: [other]) == nil)
        // A release of the same namespace has the same Secrets.
        own.release = "sibling"
        #expect(judge(of: own, beside: [other]) == nil)
    }

    /// The context was renamed since, for example: a rotation finishes it, and discards nothing.
    @Test func whatTheSecretHasIsContinued() {
        let outcome = judge(of: .team, beside: [other]) { facts in
            facts.files = .known(["/shared/renewal/daemon/ca.pem": "new"])
            let state = Facts.SecretState(digests: ["ca.pem": "new"], certificates: [], isOurs: true)
            facts.secrets = .known(Facts.Secrets(outer: state, inner: nil, findings: []))
        }
        #expect(outcome == nil)
    }

    /// A timer on the other installation renews nothing then, and so discards nothing.
    @Test func whereNothingIsDueItIsNotInTheWay() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 300, now: Date())
        let server = try await authority.issue(
            .server(names: Answers().names), days: 100, now: Date()
        ).summary
        func outcome(ifDue days: Int?) -> CheckOutcome? {
            judge(of: .team, beside: [other], ifDue: days) {
                $0.lookedAt = Date()
                $0.folder = .known(Inspection(certificates: [authority.summary, server]))
            }
        }
        #expect(outcome(ifDue: 30) == nil)
        #expect(outcome(ifDue: 120)?.word == "failed")
        #expect(outcome(ifDue: nil)?.word == "failed")
    }

    /// Its proxy has the certificates already, and only the rest of the files is missing.
    @Test func whatIsInPlaceIsNobodysRotation() {
        #expect(judge(of: .team, beside: [other], serverWaits: false) == nil)
        #expect(judge(of: .team, beside: [other]) { $0.renewal = .known(nil) } == nil)
    }

    @Test func whoUsesTheFolderHasToBeKnown() {
        let unknown = InstallerError("It cannot be read")
        #expect(judge(of: nil, beside: []) { $0.clientFolders = .unavailable(unknown) }?.word == "failed")
        #expect(judge(of: nil, beside: []) { $0.clientFolders = .pending } == nil)
    }
}
