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
        let idle = self.plan(facts) { $0.ifDue = 30 }
        #expect(idle.steps.map(\.id) == ["revocations"])
        #expect(idle.title == "Update the revocation lists")
        #expect(
            Workflow.rotate.report.outcome(RunState(idle)).headline == "The revocation lists are updated")
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

    // MARK: Several installations with one directory

    private var sharer: KnownInstallation {
        KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: folder.path)
    }

    private var shared: Fact<Facts.ClientFolders> {
        .known(Facts.ClientFolders(own: "\(folder.path)/client", sharers: [sharer]))
    }

    /// Another installation has renewed the certificates in the directory of both.
    private func factsAfterARotationOfTheOther() async throws -> Facts {
        let secrets = try await self.facts().secrets
        let order = CertificateOrder(names: Answers().names, client: "admin")
        try await folder.prepare(RenewalOrder(.leaves, order), now: Date(timeIntervalSinceNow: 2))
        try folder.installRenewal()
        var facts = try await facts()
        (facts.secrets, facts.clientFolders) = (secrets, shared)
        return facts
    }

    @Test func newerCertificatesInTheDirectoryAreInstalledAndNoOthersIssued() async throws {
        let facts = try await factsAfterARotationOfTheOther()
        let plan = plan(facts)
        #expect(plan.steps.map(\.id) == ["secret", "uptake"])
        #expect(plan.title == "Install the certificates in the certificate directory")
        guard case .applySecret(let recipe) = plan.steps[0].action,
            case .awaitRollout(let rollout) = plan.steps[1].action
        else { return #expect(Bool(false)) }
        #expect(recipe.files == CertificateLayout.pairFiles(in: folder))
        #expect(recipe.expected == facts.secrets.value?.outer?.digests)
        #expect(recipe.revocations == folder.path)
        #expect(rollout.certificate == folder.path(of: .serverCertificate))
        #expect(rollout.registration.folder == "\(folder.path)/client")
        #expect(plan.notes.count == 1)
        #expect(
            plan.notes.first?.hasPrefix(
                "The certificates in \(folder.path) are newer than those in the Secret buildkit-envoy-certs: "
                    + "they are installed, and no others are issued.") == true)
        #expect(
            Workflow.rotate.report.outcome(RunState(plan)).headline
                == "The certificates are installed and verified on the endpoint")
        #expect(plan.resumption == "rotate")
        #expect(
            verdict("certificates", facts).evidence.contains(" are newer than those in the Secret ("))
        #expect(verdict("certificates", facts).hint == "Install them: buildkit-installer rotate")
        // Without a verification, too.
        #expect(self.plan(facts) { $0.verify = false }.steps.map(\.id) == ["secret", "nudge"])
    }

    /// It was killed when the Secret had the certificates: others would again differ from those of the other one.
    @Test func anInterruptedInstallationOfThemIsFinished() async throws {
        let begun = plan(try await factsAfterARotationOfTheOther())
        var facts = try await facts()
        facts.clientFolders = shared
        let signing = plan(facts)
        #expect(signing.steps.map(\.id) == round)
        func steps(after plan: Plan, _ change: (inout Answers) -> Void = { _ in }) -> [Step.ID] {
            facts.interruptedRun = .known(InterruptedRun(run: RunState(plan), journal: "/journal"))
            return self.plan(facts, change).steps.map(\.id)
        }
        #expect(steps(after: begun) == ["uptake"])
        #expect(steps(after: begun) { $0.verify = false } == ["nudge"])
        let finishing = plan(facts)
        #expect(finishing.title == begun.title)
        #expect(
            finishing.notes.first?.hasPrefix(
                "Resuming an interrupted rotation: the Secret buildkit-envoy-certs has the certificates in ")
                == true)
        #expect(steps(after: finishing) == ["uptake"])
        // They are due themselves, or lack a name.
        #expect(steps(after: begun) { $0.ifDue = 366 } == round)
        let name = try SubjectName("builder.example.com")
        #expect(steps(after: begun) { $0.sans = [name] } == round)
        // The directory has others by now, or the run was to sign some.
        #expect(steps(after: signing) == round)
        facts.files = .known([:])
        #expect(steps(after: begun) == ["server"] + round)
    }

    @Test func newerCertificatesThatAreNotWhatIsAskedForAreIssuedAnew() async throws {
        var facts = try await factsAfterARotationOfTheOther()
        let anew = ["server"] + round
        #expect(plan(facts) { $0.ifDue = 30 }.steps.isEmpty)
        // They are due themselves, or lack a name.
        #expect(plan(facts) { $0.ifDue = 366 }.steps.map(\.id) == anew)
        let name = try SubjectName("builder.example.com")
        #expect(plan(facts) { $0.sans = [name] }.steps.map(\.id) == anew)
        #expect(plan(facts) { $0.renew = .authority }.steps.map(\.id) == anew)
        // The Secret trusts another CA, too.
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.certificates.append(
            try await CertificateAuthority.make(commonName: "other", days: 30, now: Date()).summary)
        facts.secrets = .known(secrets)
        #expect(plan(facts).steps.map(\.id) == anew)
    }

    /// The clients' files are those of the other one, too, whose proxy trusts the old CA alone.
    @Test func theOldCAStaysForAnotherInstallation() async throws {
        var facts = try await facts()
        facts.clientFolders = shared
        #expect(plan(facts) { $0.renew = .authority }.steps.map(\.id) == round)
        try await prepare(.introduce)
        try folder.installRenewal()
        facts = try await self.facts()
        func keepsFormer() -> Bool? {
            let plan = plan(facts) { ($0.renew, $0.force) = (.finish, true) }
            guard case .prepareRenewal(let order, _, _)? = plan.steps.first?.action else { return nil }
            return order.change == .retire && order.keepsFormer == true
        }
        #expect(keepsFormer() == false)
        facts.clientFolders = shared
        #expect(keepsFormer() == true)
    }

    /// After an uninstall that kept the CA, and an install: the Secret trusts only the CA that signs.
    private func factsAfterAReinstall() async throws -> Facts {
        try await prepare(.introduce)
        try folder.installRenewal()
        for part in ["daemon", "client"] {
            try FileManager.default.removeItem(atPath: "\(folder.path)/\(part)")
        }
        try await folder.issue(
            CertificateOrder(names: Answers().names, client: "admin"), by: folder.authority(), now: Date())
        return try await facts()
    }

    @Test func anOldCAThatNoProxyTrustsIsOnlyDeleted() async throws {
        var facts = try await factsAfterAReinstall()
        #expect(facts.authorities.value?.former != nil)
        #expect(CertificateInventory(facts, now: facts.lookedAt).remarks == [])
        #expect(CertificateInventory(facts, now: facts.lookedAt).entries(for: .formerAuthority).isEmpty)
        #expect(verdict("clients", facts) { $0.renew = .finish } == .passed("no old CA is trusted"))
        let plan = plan(facts) { $0.renew = .finish }
        #expect(plan.steps.map(\.action) == [.removeFormerAuthority(folder: folder.path)])
        #expect(plan.title == "Delete the old CA")
        #expect(
            plan.notes.first?.hasPrefix("No old CA is trusted. The one in the certificate directory") == true)
        #expect(Workflow.rotate.report.outcome(RunState(plan)).headline == "The old CA is deleted")
        // A new one is not the end of a rotation.
        #expect(
            self.plan(facts) { $0.renew = .authority }.steps.map(\.id) == round + round.map { "\($0)-2" })
        // Another installation may trust it.
        facts.clientFolders = shared
        let kept = self.plan(facts) { $0.renew = .finish }
        #expect(kept.steps.isEmpty)
        #expect(kept.notes == ["No old CA is trusted."])
        // The directory has a place for one.
        let cost =
            ". The old CA in \(folder.path)/authority/former is replaced. If it is the only one that is trusted there, "
            + "the Secrets count as those of another machine, and the command also needs --take-over"
        #expect(self.plan(facts) { $0.renew = .authority }.notes.contains { $0.hasSuffix(cost) })
        facts.clientFolders = .known(Facts.ClientFolders(own: "\(folder.path)/client"))
        // Its rotation was interrupted.
        try await prepare(.leaves, of: .team)
        facts.renewal = .known(try await certificates.pendingRenewal(in: dependencies))
        #expect(self.plan(facts) { $0.renew = .finish }.steps.isEmpty)
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

    /// A shell cannot sign certificates.
    @Test(arguments: [RotationScope.certificates, .authority, .inner])
    func aPrintedScriptIsTheCommandItself(_ scope: RotationScope) async throws {
        var answers = answers
        answers.renew = scope
        var facts = try await facts()
        facts.backends = .known([BackendDeployment(release: "buildkit", name: "buildkit-builder")])
        let plan = try Workflow.rotate.plan(
            answers, facts, places: dependencies.places, home: dependencies.home)
        #expect(!plan.steps.isEmpty)
        let command = Workflow.rotate.commandLine(answers, at: answers.installation(facts))
        let lines = "\(ShellScript(plan))".split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines == ["set -eu", command[...]])
    }

    /// They read the same Secret, and BuildKit only when it starts.
    @Test func otherReleasesOfTheNamespaceRestartWithTheInnerHop() async throws {
        var facts = try await facts()
        facts.backends = .known([
            BackendDeployment(release: "buildkit", name: "buildkit-builder"),
            BackendDeployment(release: "b", name: "b-buildkit-builder"),
        ])
        let plan = plan(facts) { $0.renew = .inner }
        #expect(
            plan.steps.map(\.id) == [
                "renewal", "secret", "restart", "restart-b", "nudge", "nudge-b", "ready", "files",
            ])
        guard case .refreshProxies(let sibling) = plan.steps[5].action else {
            return #expect(Bool(false))
        }
        #expect(plan.steps[3].action == .restart(installation: sibling, deployment: "b-buildkit-builder"))
        #expect(
            ShellScript.lines(for: plan.steps[3].action)[0].hasPrefix(
                "kubectl rollout restart deployment/b-buildkit-builder "))
        #expect(sibling.release == "b")
        // After a failure it is restarted with the former pair, too.
        #expect(plan.steps[1].undo.last == .restart(installation: sibling, deployment: "b-buildkit-builder"))
        #expect(
            plan.notes.last == "The release b uses the same Secrets, so its BuildKit restarts as well.")
        // Envoy reloads the other certificates without a restart.
        #expect(self.plan(facts).steps.map(\.id) == round)
    }

    @Test func aDeploymentThatIsNotProvenIsNamedAndNotRestarted() async throws {
        var facts = try await facts()
        facts.backends = .known([
            BackendDeployment(release: "buildkit", name: "buildkit-builder"),
            BackendDeployment(release: "gitops", name: "gitops-builder", isRestarted: false),
        ])
        let plan = plan(facts) { $0.renew = .inner }
        #expect(plan.steps.map(\.id) == ["renewal", "secret", "restart", "nudge", "ready", "files"])
        #expect(
            plan.notes.last?.contains(
                "deployment/gitops-builder. Restart afterwards: kubectl rollout restart deployment/gitops-builder "
            ) == true)
    }

    /// The chart's values determine the names of its objects.
    @Test func theListedDeploymentIsRestarted() async throws {
        var facts = try await facts()
        facts.backends = .known([BackendDeployment(release: "buildkit", name: "mine-builder")])
        let plan = plan(facts) { $0.renew = .inner }
        let installation = Answers().installation
        #expect(plan.steps[2].action == .restart(installation: installation, deployment: "mine-builder"))
        #expect(plan.steps[1].undo.last == .restart(installation: installation, deployment: "mine-builder"))
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
