import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// What an uninstall of everything keeps because others may need it.
@Suite struct RemovalFactsTests {
    private let places = InstallerPaths(home: "/home/ada", environment: [:])

    private func answers(_ change: (inout Answers) -> Void) -> Answers {
        var answers = Answers()
        answers.remove = RemovablePart.everything
        change(&answers)
        return answers
    }

    private func plan(_ facts: Facts, _ change: (inout Answers) -> Void = { _ in }) -> Plan {
        planned { try .uninstall(answers(change), facts, places: places) }
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
    private let onThisMachine: [RemovablePart] = [.builder, .certificates, .authority, .records]

    /// An installation that still runs there would have no client.
    @Test func withoutAClusterNothingIsRemovedUnlessTheUserInsists() async throws {
        var facts = try await silent()
        // The current context may be unknown, too.
        let unnamed = Workflow.uninstall.refusal(answers { _ in }, facts)
        #expect(unnamed?.unread.map(\.name) == ["the cluster"])
        #expect(unnamed?.failure.hint?.contains("no longer exists: --context NAME --force.") == true)
        let named = Workflow.uninstall.refusal(answers { $0.context = "production" }, facts)
        #expect(named?.failure.hint?.contains("no longer exists: --force.") == true)

        #expect(Workflow.uninstall.refusal(answers { $0.force = true }, facts) == nil)
        #expect(Workflow.uninstall.refusal(answers { $0.remove = [.certificates] }, facts) == nil)
        facts.contexts = .unavailable(InstallerError("The cluster does not respond"))
        let unread = Workflow.uninstall.refusal(answers { $0.force = true }, facts)
        #expect(unread?.unread.map(\.name) == ["the kubeconfig"])
        #expect(unread?.failure.hint?.contains("--context NAME") == true)
    }

    /// Its files are found by its context, so nothing is known of them.
    @Test(arguments: [RemovablePart.usual, [.certificates]])
    func withoutAClusterAnInstallationIsNamedByItsContext(_ remove: [RemovablePart]) async throws {
        var facts = try await silent()
        facts.contexts = .known(Facts.Contexts(names: [], current: ""))
        let unnamed = Workflow.uninstall.refusal(answers { ($0.force, $0.remove) = (true, remove) }, facts)
        #expect(unnamed?.unread.map(\.name) == ["the cluster"])
        #expect(unnamed?.failure.hint?.contains("no longer exists: --context NAME --force.") == true)
        #expect(Workflow.uninstall.refusal(answers { $0.remove = remove }, facts)?.unread.count == 1)
        let named = answers { ($0.force, $0.remove, $0.context) = (true, remove, "production") }
        #expect(Workflow.uninstall.refusal(named, facts) == nil)

        // It was installed from a pod, where kubectl needs no context.
        var folders = Facts.ClientFolders(own: "\(Facts.certs)/client")
        folders.settings = "/saved.json"
        facts.clientFolders = .known(folders)
        let fromAPod = answers { ($0.force, $0.remove) = (true, remove) }
        #expect(Workflow.uninstall.refusal(fromAPod, facts) == nil)
    }

    @Test func withoutAClusterThisMachineIsTidiedByConsent() async throws {
        let facts = try await silent()
        let tidied = plan(facts) { $0.force = true }
        #expect(tidied.kind == .uninstallLocal)
        #expect(tidied.title == "Uninstall BuildKit from this machine")
        #expect(tidied.steps.map(\.id) == local.filter { $0 != "records" } + ["authority", "records"])
        #expect(
            tidied.notes == [
                "The cluster could not be queried: only components on this machine are removed. These remain in the "
                    + "cluster, if they exist: the release, the Secrets, the cache volume and the namespace."
            ])
        let usual = plan(facts) { ($0.remove, $0.force) = (RemovablePart.usual, true) }
        #expect(usual.steps.map(\.id) == local)
        #expect(usual.notes.last == "Kept: the CA key (in \(Facts.certs)/authority).")
    }

    /// Also where only components on this machine are selected.
    @Test func withoutAClusterWhatItMayStillNeedStays() async throws {
        var facts = try await silent()
        let tidied = plan(facts) { $0.remove = onThisMachine }
        #expect(tidied.kind == .uninstall)
        #expect(tidied.steps.map(\.id) == local)
        #expect(
            tidied.notes == [
                "Kept: the CA key (in \(Facts.certs)/authority), because the cluster does not respond and may still "
                    + "trust this CA. To delete it anyway: --force."
            ])
        #expect(plan(facts) { $0.remove = [.authority] }.steps == [])

        facts.authorities = .known(Facts.Authorities(current: nil, former: nil))
        let kept = plan(facts) { $0.remove = onThisMachine }
        #expect(kept.steps.map(\.id) == local.filter { $0 != "certificates" })
        #expect(
            kept.notes.contains(
                "Kept: the certificates (in \(Facts.certs)), because the cluster does not respond, and without a CA "
                    + "key they cannot be issued again. To delete them anyway: --force."))
        let forced = plan(facts) { ($0.remove, $0.force) = (onThisMachine, true) }
        #expect(forced.steps.map(\.id).contains("certificates"))
    }

    /// Single queries may be answered before the cluster falls silent.
    @Test func ofASilentClusterNothingIsRemoved() async throws {
        var facts = try await silent()
        facts.namespace = Facts.installed.namespace
        facts.release = Facts.installed.release
        facts.secrets = Facts.installed.secrets
        facts.cacheClaim = Facts.installed.cacheClaim
        let tidied = plan(facts) { ($0.remove, $0.force) = (RemovablePart.usual, true) }
        #expect(tidied.steps.map(\.id) == local)
    }

    @Test func anotherAttemptDoesNotSayThatNothingIsThere() async throws {
        var facts = try await silent()
        facts.localState = .known(Facts.LocalState(clientFolder: "\(Facts.certs)/client"))
        facts.builders = Facts.empty.builders
        let idle = plan(facts) { $0.force = true }
        #expect(idle.title == "Nothing to remove on this machine")
        #expect(idle.kind == .uninstallLocal)
    }

    // MARK: Other releases of the namespace

    @Test func theSecretsOfAnotherReleaseStay() {
        var facts = Facts.installed
        facts.otherReleases = .known(["b"])
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

        facts.otherReleases = .known(["b", "c"])
        #expect(plan(facts).notes.contains { $0.hasSuffix("because the releases b and c use them, too.") })
    }

    @Test func foreignSecretsOfAnotherReleaseStay() {
        var facts = Facts.installed
        let byHand = Facts.SecretState(digests: [:], certificates: [], isOurs: false)
        facts.secrets = .known(Facts.Secrets(outer: byHand, inner: byHand, findings: []))
        #expect(plan(facts) { $0.remove = [.foreignSecrets] }.steps.map(\.id) == ["secrets"])
        facts.otherReleases = .known(["b"])
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
