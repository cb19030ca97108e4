@testable import Installer
import Testing

@Suite struct DeletionCheckTests {
    private let held = PendingDeletion(finalizers: ["example.com/hold"])

    private func secret(_ deletion: PendingDeletion?) -> Facts.SecretState {
        Facts.SecretState(digests: [:], certificates: [], isOurs: true, deletion: deletion)
    }

    private func judge(
        _ check: Check, outer: PendingDeletion? = nil, inner: PendingDeletion? = nil,
        _ change: (inout Facts, inout Answers) -> Void = { _, _ in }
    ) -> CheckOutcome {
        verdict(check) { facts, answers in
            facts.secrets = .known(
                Facts.Secrets(outer: secret(outer), inner: secret(inner), findings: []))
            change(&facts, &answers)
        }
    }

    @Test func aSecretThatIsBeingDeletedCannotBeUsed() {
        #expect(judge(.deletions) == .passed("none"))
        #expect(
            judge(.deletions, inner: held)
                == .failed(
                    "The Secret buildkit-secrets is being deleted and waits for its finalizer example.com/hold",
                    hint: "Wait until it is deleted: "
                        + "kubectl wait --for=delete secret/buildkit-secrets --timeout=120s --namespace buildkit\n"
                        + "If the controller that set the finalizers no longer exists, remove them: "
                        + "kubectl patch secret buildkit-secrets --type merge "
                        + #"--patch '{"metadata":{"finalizers":null}}' --namespace buildkit"#))
    }

    /// A client is registered, or revoked, in one of them.
    @Test func onlyTheSecretsOfThePlanCount() {
        #expect(judge(.secretDeletions, inner: held).word == "failed")
        #expect(judge(.proxySecretDeletion, inner: held).word == "ok")
        #expect(judge(.proxySecretDeletion, outer: held).word == "failed")
    }

    /// They wait for a pod that uses the claim, or for the cloud: their finalizers must stay.
    @Test func whatKubernetesItselfHoldsIsAwaited() {
        let claim = judge(.deletions) { facts, _ in
            var claim = Facts.CacheClaim(size: "50Gi")
            claim.deletion = PendingDeletion(finalizers: ["kubernetes.io/pvc-protection"])
            facts.cacheClaim = .known(claim)
        }
        #expect(claim.evidence.hasPrefix("The PersistentVolumeClaim buildkit-cache is being deleted"))
        #expect(claim.hint?.contains("kubectl patch") == false)
        let service = judge(.deletions) { facts, _ in
            facts.service = .known(
                Facts.ServiceState(
                    type: "LoadBalancer", addresses: [],
                    deletion: PendingDeletion(finalizers: ["service.kubernetes.io/load-balancer-cleanup"])))
        }
        #expect(service.evidence.hasPrefix("The Service buildkit is being deleted"))
        #expect(service.hint?.contains("kubectl patch") == false)
    }

    @Test func aVolumeThatIsNotUsedMayGo() {
        let outcome = judge(.deletions) { facts, answers in
            answers.cache = .none
            var claim = Facts.CacheClaim(size: "50Gi")
            claim.deletion = held
            facts.cacheClaim = .known(claim)
        }
        #expect(outcome == .passed("none"))
    }

    @Test func onlyWhatFailsIsReported() {
        var facts = Facts.fine
        #expect(!Checks.install.results(facts, Answers()).contains { $0.id == "deletions" })
        facts.secrets = .known(Facts.Secrets(outer: secret(held), inner: secret(nil), findings: []))
        for checks in [Checks.install, Checks.rotate, Checks.addClient, Checks.revokeClient] {
            let results = checks.results(facts, Answers())
            #expect(results.first { $0.id == "deletions" }?.code == "DeletionsCheck")
            #expect(!results.allowPlan)
        }
    }
}
