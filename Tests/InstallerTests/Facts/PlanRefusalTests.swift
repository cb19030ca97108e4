import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// A fact that could not be read is not absent, and no plan is based on it.
@Suite struct PlanRefusalTests {
    private let silence = InstallerError("It cannot be looked at", detail: "TLS handshake timeout")

    @Test func aRefusalNamesAllThatCouldNotBeRead() throws {
        var facts = Facts.installed
        facts.namespace = .unavailable(silence)
        facts.release = .unavailable(silence)
        facts.builders = .unavailable(silence)
        let refusal = try #require(Workflow.install.refusal(Answers(), facts))
        #expect(
            refusal.unread.map(\.name) == [
                "the namespace buildkit", "the release buildkit", "the builders of docker buildx",
            ])
        let failure = refusal.failure
        #expect(
            failure.message
                == "Cannot create a plan: could not read the namespace buildkit, the release buildkit and "
                + "the builders of docker buildx")
        #expect(failure.detail?.contains("It cannot be looked at: TLS handshake timeout") == true)
        #expect(failure.hint?.hasPrefix("Run the same command again") == true)
    }

    @Test func aClusterThatDoesNotAnswerIsNamedOnce() {
        var facts = Facts.installed
        facts.server = .unavailable(silence)
        facts.namespace = .unavailable(InstallerError("Not checked"))
        facts.secrets = .unavailable(InstallerError("Not checked"))
        #expect(Workflow.install.refusal(Answers(), facts)?.unread.map(\.name) == ["the cluster"])
    }

    /// A kubectl that hangs is the reason for all that it was to read.
    @Test func aReasonIsGivenOnce() {
        let hang = "kubectl took longer than 15 seconds and was stopped"
        var facts = Facts.installed
        facts.contexts = .unavailable(InstallerError(hang, hint: "Command: kubectl config view"))
        facts.server = .unavailable(InstallerError(hang, hint: "Command: kubectl version"))
        facts.namespace = .unavailable(InstallerError("Not checked"))
        let refusal = Workflow.install.refusal(Answers(), facts)
        #expect(refusal.map { Set($0.unread.map(\.name)) } == ["the cluster", "the kubeconfig"])
        #expect(refusal?.failure.detail == hang)
    }

    @Test func whatIsStillBeingLookedUpIsNoGroundForAPlan() {
        var facts = Facts.installed
        facts.release = .pending
        #expect(Workflow.install.refusal(Answers(), facts)?.unread.map(\.isPending) == [true])
        #expect(
            Check.readable { facts, answers throws(PlanRefusal) in _ = try InstallFacts(facts, answers) }
                .verdict(facts, Answers()) == .pending)
    }

    @Test(arguments: [Workflow.install, .rotate, .uninstall, .addClient, .renewClient, .revokeClient])
    func theCheckFailsWhereThereWouldBeNoPlan(_ workflow: Workflow) throws {
        var facts = Facts.installed
        facts.secrets = .unavailable(silence)
        var answers = Answers()
        answers.name = "alice"
        #expect(workflow.refusal(answers, facts) != nil)
        let check = try #require(workflow.checks.first { $0.id == "readable" })
        #expect(check.verdict(facts, answers).word == "failed")
        #expect(!workflow.checks.results(facts, answers).allowPlan)
    }

    /// Another installation may have the same files.
    @Test func nothingIsRotatedWhereNobodyKnowsWhoElseHasTheFolder() {
        var facts = Facts.installed
        facts.clientFolders = .unavailable(silence)
        #expect(
            Workflow.rotate.refusal(Answers(), facts)?.unread.map(\.name) == [
                "the records of other installations"
            ])
    }

    /// Their BuildKit would keep the former certificates.
    @Test(arguments: [Workflow.rotate, .install])
    func noSecretIsReplacedWhereOtherReleasesMayReadIt(_ workflow: Workflow) {
        var facts = Facts.installed
        facts.backends = .unavailable(silence)
        var answers = Answers()
        answers.renew = .inner
        #expect(
            workflow.refusal(answers, facts)?.unread.map(\.name) == ["the releases in the namespace buildkit"]
        )
        (answers.renew, answers.certificates) = (.certificates, .secrets)
        #expect(workflow.refusal(answers, facts) == nil)
    }

    @Test func anAuthorityIsNotDroppedWhereNobodyKnowsWhoCame() async throws {
        var answers = Answers()
        answers.renew = .finish
        var facts = Facts.installed
        facts.sightings = .unavailable(silence)
        // Nothing is dropped.
        #expect(Workflow.rotate.refusal(answers, facts) == nil)
        let new = try await CertificateAuthority.make(commonName: "new", days: 30, now: Date()).summary
        let old = try await CertificateAuthority.make(commonName: "old", days: 30, now: Date()).summary
        facts.authorities = .known(Facts.Authorities(current: AuthorityStatus(certificate: new)))
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.certificates = [new, old]
        facts.secrets = .known(secrets)
        #expect(Workflow.rotate.refusal(answers, facts)?.unread.map(\.name) == ["recent client connections"])
        answers.force = true
        #expect(Workflow.rotate.refusal(answers, facts) == nil)
    }

    /// Otherwise the plan would depend on how soon it is asked for.
    @Test func aNewAuthorityIsPlannedOnceItIsKnownWhoCame() {
        var answers = Answers()
        answers.renew = .authority
        var facts = Facts.installed
        facts.sightings = .pending
        #expect(Workflow.rotate.refusal(answers, facts)?.unread.map(\.isPending) == [true])
        facts.sightings = .unavailable(silence)
        #expect(Workflow.rotate.refusal(answers, facts) == nil)
    }
}
