@testable import Installer
import Testing

@Suite struct ClientChecksTests {
    private func verdict(
        _ release: Facts.Release?, in facts: Facts = .installed, now: Bool = true
    ) -> CheckOutcome {
        var facts = facts
        facts.release = .known(release)
        var answers = Answers()
        (answers.namespace, answers.now) = ("team", now)
        return Check.proxyReplacement.verdict(facts, answers)
    }

    private func release(_ chart: String) -> Facts.Release {
        Facts.Release(status: "deployed", revision: 1, chart: chart, values: .object([:]))
    }

    /// A run would publish the revocation first, and then fail at every attempt.
    @Test func aReleaseThatWasAppliedWithoutHelmIsNotRevokedNow() {
        for absent in [nil, release("web-1.0.0")] {
            #expect(
                verdict(absent)
                    == .failed(
                        "--now only deletes pods of a Deployment that Helm has created, and Helm has no release buildkit "
                            + "of this chart in namespace team",
                        hint: "Revoke without --now, then replace the proxy pods: "
                            + "kubectl rollout restart deployment/buildkit-proxy --namespace team "
                            + "--context production"))
        }
        #expect(verdict(release(Chart.label)).word == "ok")
        #expect(verdict(nil, now: false).word == "skipped")
        // Another check reports that nothing is installed.
        #expect(verdict(nil, in: .empty).word == "skipped")
        #expect(Checks.revokeClient.contains { $0.id == Check.proxyReplacement.id })
    }
}
