import FoundationEssentials
import Testing

@testable import Installer
@testable import MutualTLS

// The steps of a rotation: what a revoked client loses, and the internal certificates.

extension RotationPlanTests {
    func revoke(_ name: String) throws {
        try folder.revoke(
            folder.issuedCertificates().filter { $0.clientName == name }.map(\.serial), now: Date())
    }

    @Test func whoIsRevokedGetsNoFilesAndHoldsNoAuthority() async throws {
        for name in ["ci", "eve"] {
            try await folder.issueClient(ClientOrder(name: name), replacing: nil, now: Date())
        }
        let before = try #require(try folder.issuedCertificates().first { $0.clientName == "eve" })
        try revoke("eve")
        var facts = try await facts()
        facts.sightings = .known(["eve": LastSeen(time: Date(), serial: before.serial)])
        #expect(facts.otherClients == ["ci"])
        let notes = plan(facts) { $0.renew = .authority }.notes
        #expect(notes.contains { $0.contains("New certificates for ci are written to") })
        #expect(!notes.joined(separator: " ").split(separator: " ").contains("eve"))
        // Nothing about her certificate, only that the cluster does not know its revocation yet.
        #expect(
            verdict("certificates", facts).evidence
                == "Revocations of eve are not in effect in the cluster: the list in the Secret buildkit-envoy-certs lacks them."
        )
        // Her certificate may expire, too: it is not renewed.
        let inventory = CertificateInventory(facts, now: facts.lookedAt)
        #expect(!inventory.due(within: 400).contains { $0.use == .client(name: "eve") })
        #expect(inventory.due(within: 400).contains { $0.use == .client(name: "ci") })
        #expect(
            inventory.entries.first { $0.use == .client(name: "eve") }?.timeLeft
                == "revoked locally, not yet in the cluster")
    }

    /// Revocations that the cluster does not know come first, also where nothing has to be renewed.
    @Test func revocationsAreBroughtTogetherFirst() async throws {
        try await folder.issueClient(ClientOrder(name: "eve"), replacing: nil, now: Date())
        var facts = try await facts()
        try revoke("eve")
        facts.authorities = .known(try certificates.authorities())
        let plan = plan(facts)
        #expect(plan.steps.map(\.id) == ["revocations"] + round)
        #expect(plan.steps[0].commits && plan.steps[0].undo.isEmpty)
        #expect(self.plan(facts) { $0.ifDue = 30 }.steps.map(\.id) == ["revocations"])
        // Revocations that only the cluster knows are copied to this machine.
        facts.authorities = .known(
            Facts.Authorities(
                current: facts.authorities.value?.current.map {
                    AuthorityStatus(certificate: $0.certificate)
                }))
        #expect(!facts.revocations.needsMerge)
        facts.secrets =
            facts.secrets.value.map { secrets in
                var secrets = secrets
                secrets.outer?.revoked = ["abcd"]
                return .known(secrets)
            } ?? .pending
        #expect(facts.revocations.needsMerge)
        #expect(self.plan(facts).steps.first?.id == "revocations")
    }

    @Test func theInnerHopIsProvenByABuildWhereABuilderIsRegistered() async throws {
        var facts = try await facts()
        facts.builders = .known(
            Facts.Builders(
                builders: [Facts.Builder(name: Answers().builder, driver: "remote", nodes: [])], current: nil,
                defaultConfiguration: nil, dockerContexts: []))
        let verified = plan(facts) { $0.renew = .inner }
        #expect(verified.resumption == "rotate --renew inner")
        #expect(
            verified.steps.map(\.id) == [
                "renewal", "secret", "restart", "nudge", "ready", "verification", "files",
            ])
        let remarks = Workflow.rotate.report.remarks
        #expect(remarks(RunState(verified)) == verified.notes)
        // Without a builder on this machine, no request shows that BuildKit has the new pair.
        facts.builders = .known(
            Facts.Builders(builders: [], current: nil, defaultConfiguration: nil, dockerContexts: []))
        let unseen = plan(facts) { $0.renew = .inner }
        #expect(
            remarks(RunState(unseen)).last == "Not verified by a connection. Check: buildkit-installer doctor"
        )
    }

    /// They read the same Secret, and BuildKit only when it starts.
    @Test func otherReleasesOfTheNamespaceRestartWithTheInnerHop() async throws {
        var facts = try await facts()
        facts.otherReleases = .known([
            OtherRelease(name: "b", backend: "b-buildkit-builder"), OtherRelease(name: "c"),
        ])
        let plan = plan(facts) { $0.renew = .inner }
        #expect(
            plan.steps.map(\.id) == [
                "renewal", "secret", "restart", "restart-b", "nudge", "nudge-b", "ready", "files",
            ])
        guard case .run(let restart) = plan.steps[3].action,
            case .refreshProxies(let sibling) = plan.steps[5].action
        else { return #expect(Bool(false)) }
        #expect(restart.arguments.prefix(3) == ["rollout", "restart", "deployment/b-buildkit-builder"])
        #expect(sibling.release == "b")
        // After a failure it is restarted with the former pair, too.
        #expect(plan.steps[1].undo.last == .restart(installation: sibling, deployment: "b-buildkit-builder"))
        #expect(
            plan.notes.last == "The release b uses the same Secrets, so its BuildKit restarts as well.")
        // Envoy reloads the other certificates without a restart.
        #expect(self.plan(facts).steps.map(\.id) == round)
    }

    @Test func theInnerHopRestartsBuildKit() async throws {
        let plan = plan(try await facts()) { $0.renew = .inner }
        #expect(plan.steps.map(\.id) == ["renewal", "secret", "restart", "nudge", "ready", "files"])
        #expect(
            plan.steps[4].action
                == .awaitPods(
                    component: "builder", deployment: "buildkit-builder",
                    installation: Answers().installation,
                    timeout: Answers().timeout))
        #expect(
            plan.notes == [
                "BuildKit restarts. Running builds finish first; new builds are queued until it is ready."
            ])
    }
}
