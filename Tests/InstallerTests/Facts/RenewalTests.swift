import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// What a journal records of a rotation holds as long as its certificates wait in the directory.
@Suite struct ResumableRunTests {
    private let order = RenewalOrder(
        .leaves, CertificateOrder(names: Answers().names, client: "admin"), owner: InstallationID.team.record)

    /// - Parameters:
    ///   - isPrepared: whether the plan begins with new certificates; otherwise it continues with those of an earlier run.
    ///   - isFollowed: whether a step comes after the new files are in place.
    private func plan(isPrepared: Bool = true, isFollowed: Bool = false) -> Plan {
        let preparation = Step(
            id: "renewal", title: "Sign",
            action: .prepareRenewal(order: order, folder: "/certs", registry: nil),
            undo: [.takeBack])
        let files = Step(
            id: "files", title: "Install", action: .installRenewal(folder: "/certs"), commits: true)
        let last = Step(id: "builder", title: "Register", action: .useBuilder(name: "remote"))
        return Plan(
            .rotate, title: "Renew the certificates", installation: .team,
            steps: (isPrepared ? [preparation] : [])
                + [Step(id: "secret", title: "Replace", action: .refreshProxies(installation: .team)), files]
                + (isFollowed ? [last] : []))
    }

    /// A run of the plan that was killed at a step.
    private func facts(_ plan: Plan, killedAt last: Step.ID, _ renewal: Fact<Facts.Renewal?>) -> Facts {
        var run = RunState(plan)
        for step in plan.steps {
            run.apply(.started(step: step.id, at: .distantPast))
            guard step.id != last else { break }
            if step.id == "renewal" {
                run.apply(.made(step: step.id, receipt: .renewal(folder: "/certs"), at: .distantPast))
            }
            run.apply(.finished(step: step.id, at: .distantPast))
        }
        var facts = Facts()
        facts.interruptedRun = .known(InterruptedRun(run: run, journal: "/journal"))
        facts.renewal = renewal
        return facts
    }

    private func isResumable(
        _ plan: Plan, killedAt last: Step.ID, _ renewal: Facts.Renewal? = nil
    ) -> Bool {
        facts(plan, killedAt: last, .known(renewal)).resumableRun.certainly { $0 != nil }
    }

    private func renewal(of owner: InstallationID?) -> Facts.Renewal {
        var order = order
        order.owner = owner?.record
        return Facts.Renewal(order: order, serverWaits: true, inspection: Inspection(), files: [:])
    }

    @Test(arguments: [true, false]) func whatWasDiscardedIsNotResumed(isPrepared: Bool) {
        let plan = plan(isPrepared: isPrepared)
        #expect(!isResumable(plan, killedAt: "secret"))
        #expect(isResumable(plan, killedAt: "secret", renewal(of: .team)))
        // An earlier version did not record the owner.
        #expect(isResumable(plan, killedAt: "secret", renewal(of: nil)))
    }

    @Test func whatWasReplacedByAnotherInstallationIsNotResumed() {
        var (sibling, other) = (InstallationID.team, InstallationID.team)
        (sibling.release, other.namespace) = ("sibling", "other")
        #expect(!isResumable(plan(), killedAt: "secret", renewal(of: other)))
        // A release of the same namespace has the same Secrets.
        #expect(isResumable(plan(), killedAt: "secret", renewal(of: sibling)))
    }

    /// Its own step may have put the certificates in place, or a release with the same Secrets.
    @Test func whatComesAfterTheCertificatesIsResumed() {
        #expect(isResumable(plan(isFollowed: true), killedAt: "files"))
        #expect(isResumable(plan(isFollowed: true), killedAt: "builder"))
        #expect(!isResumable(plan(isFollowed: false), killedAt: "files"))
        #expect(!isResumable(plan(isFollowed: true), killedAt: "secret"))
    }

    /// Nothing was left in the directory by then, so its absence says nothing.
    @Test func whatWasNotPreparedIsBegunAgain() {
        #expect(isResumable(plan(), killedAt: "renewal"))
    }

    @Test func whatIsUnknownIsReported() {
        let unread = facts(plan(), killedAt: "secret", .unavailable(InstallerError("no")))
        #expect(unread.resumableRun == unread.interruptedRun)
        #expect(facts(plan(), killedAt: "secret", .pending).resumableRun == .pending)
        var none = Facts()
        none.interruptedRun = .known(nil)
        #expect(none.resumableRun == .known(nil))
    }

    /// In the checks and the reports.
    @Test func aDiscardedRotationIsNotReported() {
        let gone = facts(plan(), killedAt: "secret", .known(nil))
        #expect(Check.interruptedRun.verdict(gone, Answers()) == .passed("none"))
        let waiting = facts(plan(), killedAt: "secret", .known(renewal(of: .team)))
        #expect(Check.interruptedRun.verdict(waiting, Answers()).word == "warning")
    }
}
