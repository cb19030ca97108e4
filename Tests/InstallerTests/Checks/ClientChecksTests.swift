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

    /// Another machine may have registered it.
    @Test func aClientIsUnknownOnlyWhereAllWereRead() {
        var answers = Answers()
        answers.name = "eve"
        let failure = InstallerError("kubectl did not respond", hint: "Try it: kubectl version")
        func verdict(_ change: (inout Facts) -> Void) -> CheckOutcome {
            var facts = Facts.empty
            change(&facts)
            return Check.clientToRevoke.verdict(facts, answers)
        }
        func unread(_ place: String) -> CheckOutcome {
            .failed(
                "Client eve is not known on this machine, and the clients \(place) could not be read: "
                    + "kubectl did not respond", hint: failure.hint)
        }
        #expect(verdict { _ in }.evidence == "Unknown client eve")
        #expect(
            verdict { $0.secrets = .unavailable(failure) } == unread("in the Secret buildkit-envoy-certs"))
        #expect(verdict { $0.server = .unavailable(failure) } == unread("in the Secret buildkit-envoy-certs"))
        #expect(verdict { $0.release = .unavailable(failure) } == unread("of the release buildkit"))
        #expect(verdict { $0.secrets = .pending } == .pending)

        var facts = Facts.empty
        #expect(Check.clientToRenew.verdict(facts, answers).evidence.hasPrefix("No certificate files"))
        facts.clients = .unavailable(InstallerError("Permission denied"))
        #expect(Check.clientToRenew.verdict(facts, answers) == .failed("Permission denied", hint: nil))
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
