import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// What an uninstall of everything keeps because others may need it.
@Suite struct RemovalFactsTests {
    private let places = InstallerPaths(home: "/home/ada", environment: [:])

    private func plan(_ facts: Facts, _ change: (inout Answers) -> Void = { _ in }) -> Plan {
        var answers = Answers()
        answers.remove = RemovablePart.everything
        change(&answers)
        return planned { try .uninstall(answers, facts, places: places) }
    }

    // MARK: A cluster that does not answer

    /// The CA key is on this machine.
    private func silent() async throws -> Facts {
        let authority = try await CertificateAuthority.make(commonName: "ours", days: 30, now: Date())
        let silence = InstallerError("The cluster does not respond")
        var facts = Facts.installed
        facts.authorities = .known(
            Facts.Authorities(current: AuthorityStatus(certificate: authority.summary), former: nil))
        facts.server = .unavailable(silence)
        facts.namespace = .unavailable(silence)
        facts.release = .unavailable(silence)
        facts.secrets = .unavailable(silence)
        facts.cacheClaim = .unavailable(silence)
        facts.namespaceContents = .unavailable(silence)
        facts.otherReleases = .unavailable(silence)
        facts.activity = .unavailable(silence)
        return facts
    }

    private let local = ["current-builder", "builder-remote-kubernetes", "certificates", "records"]

    @Test func withoutAClusterThisMachineIsTidiedAndTheCAStays() async throws {
        let facts = try await silent()
        let tidied = plan(facts)
        #expect(tidied.kind == .uninstallLocal)
        #expect(tidied.title == "Uninstall BuildKit from this machine")
        #expect(tidied.steps.map(\.id) == local)
        #expect(
            tidied.notes == [
                "The cluster does not respond: only components on this machine are removed; those in the cluster "
                    + "remain.",
                "Kept: the CA key (in \(Facts.certs)/authority), because the cluster does not respond and may still "
                    + "trust this CA. To delete it anyway: --force.",
            ])
        #expect(plan(facts) { $0.force = true }.steps.map(\.id).contains("authority"))
        #expect(plan(facts) { $0.remove = [.authority] }.steps == [])
        #expect(plan(facts) { $0.remove = [.builder] }.kind == .uninstall)
    }

    @Test func withoutAClusterWhatCannotBeIssuedAgainStays() async throws {
        var facts = try await silent()
        facts.authorities = .known(Facts.Authorities(current: nil, former: nil))
        #expect(plan(facts).steps.map(\.id) == local.filter { $0 != "certificates" })
        #expect(
            plan(facts).notes.contains(
                "Kept: the certificates (in \(Facts.certs)), because the cluster does not respond, and without a CA "
                    + "key they cannot be issued again. To delete them anyway: --force."))
        #expect(plan(facts) { $0.force = true }.steps.map(\.id).contains("certificates"))
    }

    /// Single queries may be answered before the cluster falls silent.
    @Test func ofASilentClusterNothingIsRemoved() async throws {
        var facts = try await silent()
        facts.namespace = Facts.installed.namespace
        facts.release = Facts.installed.release
        facts.secrets = Facts.installed.secrets
        facts.cacheClaim = Facts.installed.cacheClaim
        #expect(plan(facts).steps.map(\.id) == local)
    }

    @Test func anotherAttemptDoesNotSayThatNothingIsThere() async throws {
        var facts = try await silent()
        facts.localState = .known(Facts.LocalState(clientFolder: "\(Facts.certs)/client"))
        facts.builders = Facts.empty.builders
        #expect(plan(facts).title == "Nothing to remove on this machine")
        #expect(plan(facts).kind == .uninstallLocal)
    }

    // MARK: Other releases of the namespace

    @Test func theSecretsOfAnotherReleaseStay() {
        var facts = Facts.installed
        facts.otherReleases = .known([OtherRelease(name: "b")])
        let kept = plan(facts)
        #expect(kept.steps.contains { $0.id == "release" })
        #expect(!kept.steps.contains { ["secrets", "namespace", "authority"].contains($0.id) })
        #expect(
            kept.notes.contains(
                "Kept: the Secrets (buildkit-envoy-certs and buildkit-secrets), because the release b uses them, too."
            ))
        #expect(
            kept.notes.contains(
                "Kept: the CA key (in \(Facts.certs)/authority), because the release b uses certificates of this CA."
            ))
        // The user chose the CA alone.
        #expect(plan(facts) { $0.remove = [.authority] }.steps.map(\.id) == ["authority"])

        facts.otherReleases = .known(["b", "c"].map { OtherRelease(name: $0) })
        #expect(plan(facts).notes.contains { $0.hasSuffix("because the releases b and c use them, too.") })
    }

    @Test func foreignSecretsOfAnotherReleaseStay() {
        var facts = Facts.installed
        let byHand = Facts.SecretState(digests: [:], certificates: [], isOurs: false)
        facts.secrets = .known(Facts.Secrets(outer: byHand, inner: byHand, findings: []))
        #expect(plan(facts) { $0.remove = [.foreignSecrets] }.steps.map(\.id) == ["secrets"])
        facts.otherReleases = .known([OtherRelease(name: "b")])
        #expect(plan(facts) { $0.remove = [.foreignSecrets] }.steps == [])
    }

    @Test func whereOtherReleasesAreUnknownNoSecretIsDeleted() {
        var facts = Facts.installed
        facts.otherReleases = .unavailable(InstallerError("Cannot be listed"))
        #expect(
            Workflow.uninstall.refusal(Answers(), facts)?.unread.map(\.name) == [
                "the releases in the namespace buildkit"
            ])
        var answers = Answers()
        answers.remove = [.release]
        #expect(Workflow.uninstall.refusal(answers, facts) == nil)
    }

    /// A release may be installed while this one is removed.
    @Test func theOtherReleasesAreReadAgainBeforeTheSecretsAreDeleted() {
        let removals = plan(.installed).steps.compactMap { step -> Removal? in
            if case .delete(let removal) = step.action { removal } else { nil }
        }
        #expect(
            removals.filter { $0.exclusive != nil }.map(\.objects) == [
                ["secret/buildkit-envoy-certs", "secret/buildkit-secrets"]
            ])
    }
}
