import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

/// Plans with a real certificate folder, and a cluster that has all of its contents.
@Suite struct RotationPlanTests {
    let home: TemporaryFolder
    let dependencies: Dependencies
    let certificates: CertificateLayout
    var folder: CertificateFolder { certificates.outer }
    var answers = Answers()

    init() async throws {
        home = try TemporaryFolder()
        dependencies = Dependencies(
            runner: ReplayRunner([ReplayRunner.Recording]()), environment: [:], home: home.path)
        certificates = CertificateLayout(
            Answers(), installation: Answers().installation, places: dependencies.places,
            home: dependencies.home)
        try await folder.issue(
            CertificateOrder(names: Answers().names, client: "admin"), now: Date())
    }

    func facts(at time: Date = Date()) async throws -> Facts {
        var facts = Facts.empty
        facts.lookedAt = time
        facts.contexts = .known(Facts.Contexts(names: [], current: ""))
        facts.authorities = .known(try certificates.authorities())
        facts.clients = .known(try await certificates.clients(in: dependencies))
        facts.issued = .known(try folder.issuedCertificates())
        facts.folder = .known(await certificates.inspection(in: dependencies))
        facts.renewal = .known(try await certificates.pendingRenewal(in: dependencies))
        facts.files = .known(certificates.digests)
        facts.sightings = .known([:])
        facts.secrets = .known(try await secrets(of: folder))
        return facts
    }

    /// The Secrets with the contents of a folder's files.
    func secrets(of source: CertificateFolder) async throws -> Facts.Secrets {
        let outer = await PEMSet(server: source.outer.server, client: nil).inspect(now: dependencies.now())
        var files = CertificateLayout.pairFiles(in: source)
        files["crl.pem"] =
            source.holds([.revocations])
            ? source.path(of: .revocations) : folder.path(of: .revocations)
        return Facts.Secrets(
            outer: Facts.SecretState(
                digests: try digests(files), certificates: outer.certificates, isOurs: true),
            inner: Facts.SecretState(
                digests: try digests(CertificateLayout.innerFiles(in: folder)), certificates: [], isOurs: true
            ),
            findings: [])
    }

    func digests(_ files: [String: String]) throws -> [String: String] {
        try files.compactMapValues { path in
            FileManager.default.fileExists(atPath: path) ? Digest.ofPEM(Array(try Data(ofFile: path))) : nil
        }
    }

    func plan(_ facts: Facts, _ change: (inout Answers) -> Void = { _ in }) -> Plan {
        var answers = answers
        change(&answers)
        return planned {
            try .rotate(answers, facts, places: dependencies.places, home: dependencies.home)
        }
    }

    func prepare(
        _ change: RenewalOrder.Change, of owner: InstallationID = Answers().installation
    ) async throws {
        let order = CertificateOrder(names: Answers().names, client: "admin")
        try await folder.prepare(RenewalOrder(change, order, owner: owner.record), now: Date())
    }

    let round = ["renewal", "secret", "uptake", "files"]

    @Test func leavesAreRenewedInFourSteps() async throws {
        let plan = plan(try await facts())
        #expect(plan.steps.map(\.id) == round)
        guard case .prepareRenewal(let order, _, _) = plan.steps[0].action,
            case .applySecret(let recipe) = plan.steps[1].action
        else { return #expect(Bool(false)) }
        // Another installation that uses the folder does not continue it.
        #expect(order.owner == Answers().installation.record)
        #expect(recipe.files["server.pem"] == "\(folder.path)/renewal/daemon/cert.pem")
        // The plan contains no file for the lists: they are merged when it runs.
        #expect(recipe.files["crl.pem"] == nil)
        #expect(recipe.revocations == folder.path)
        #expect(recipe.expected?.count == 4)
        #expect(plan.steps[3].commits)
    }

    @Test func whatIsNotDueIsLeft() async throws {
        let plan = plan(try await facts()) { $0.ifDue = 30 }
        #expect(plan.steps.isEmpty)
        #expect(plan.notes == ["No certificate expires within 30 days."])
        let later = try await facts(at: Date(timeIntervalSinceNow: 340 * 86_400))
        #expect(self.plan(later) { $0.ifDue = 30 }.steps.map(\.id) == round)
    }

    @Test func otherNamesAreDue() async throws {
        let name = try SubjectName("builder.example.com")
        let plan = plan(try await facts()) { ($0.ifDue, $0.sans, $0.takeOver) = (30, [name], true) }
        #expect(plan.steps.map(\.id) == round)
        #expect(plan.answers?["sans"] == "builder.example.com")
        // A consent is for one run.
        #expect(plan.answers?["take-over"] == nil)
    }

    /// The builder with the default name may belong to another installation of this machine.
    @Test func otherNamesChangeThisInstallationsBuilderAlone() async throws {
        let name = try SubjectName("builder.example.com")
        let builder = Answers().builder
        var facts = try await facts()
        facts.clientFolders = .known(Facts.ClientFolders(own: "\(folder.path)/client"))
        func plan(reading place: String) -> Plan {
            let node = Facts.BuilderNode(
                name: "\(builder)0", endpoint: "tcp://localhost:1234", options: ["cert": "\(place)/cert.pem"],
                platforms: [])
            facts.builders = .known(
                Facts.Builders(
                    builders: [Facts.Builder(name: builder, driver: "remote", nodes: [node])], current: nil,
                    defaultConfiguration: nil, dockerContexts: []))
            return self.plan(facts) { $0.sans = [name] }
        }
        let own = plan(reading: "\(folder.path)/client")
        #expect(own.steps.map(\.id) == round + ["builder"])
        #expect(own.notes == [])
        let other = plan(reading: "/elsewhere/client")
        #expect(other.steps.map(\.id) == round)
        #expect(other.notes.first?.contains("does not belong to this installation") == true)
    }

    /// Its Secret is not touched, and the files in the folder are replaced.
    @Test(arguments: RotationScope.allCases)
    func anInstallationWithTheSameFolderIsNamed(_ scope: RotationScope) async throws {
        var facts = try await facts()
        var other = KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: folder.path)
        func notes() -> [String] {
            facts.clientFolders = .known(Facts.ClientFolders(own: "\(folder.path)/client", sharers: [other]))
            return plan(facts) { $0.renew = scope }.notes.filter { $0.contains("namespace team") }
        }
        let flags = "--context production --namespace team --release buildkit --builder theirs"
        switch scope {
        case .certificates:
            #expect(notes().count == 1)
            #expect(
                notes().first?.hasSuffix("to install the new one there: buildkit-installer rotate \(flags)")
                    == true)
        case .authority:
            #expect(
                notes().first?.hasPrefix("The \(other.id) uses the same certificate directory. Clients")
                    == true)
            #expect(notes().first?.hasSuffix("there, too: buildkit-installer install \(flags)") == true)
            other.doubt = .settings("/settings")
            #expect(notes().first?.contains("whose settings cannot be read (/settings), may use") == true)
        case .finish, .inner: #expect(notes() == [])
        }
    }

    /// A certificate that nobody here has signed gives access, whatever is revoked of its client.
    @Test func whoComesWithAnUnknownCertificateKeepsTheFormerAuthority() async throws {
        try await folder.issueClient(ClientOrder(name: "eve"), replacing: nil, now: Date())
        let before = try #require(try folder.issuedCertificates().first { $0.clientName == "eve" })
        try revoke("eve")
        var facts = try await facts()
        facts.sightings = .known(["eve": LastSeen(time: Date(), serial: before.serial)])
        #expect(facts.otherClients == [])
        facts.sightings = .known(["eve": LastSeen(time: Date(), serial: "ab")])
        #expect(facts.otherClients == ["eve"])
    }

    @Test func aNewAuthorityIsDoneInOneGoWhereNobodyElseIsKnown() async throws {
        let plan = plan(try await facts()) { $0.renew = .authority }
        #expect(plan.steps.map(\.id) == round + round.map { "\($0)-2" })
        #expect(plan.title == "Replace the CA")
        #expect(plan.resumption == "rotate --renew authority")
    }

    /// Another machine has added it, and no proxy has seen it of late.
    @Test func whereTheClusterKnowsSomebodyElseTheFormerAuthorityStays() async throws {
        var facts = try await facts()
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.clients = try ClientRegistry(
            json: #"{"issued":[{"name":"bob","serial":"ab","notAfter":4102444800}],"revoked":[]}"#)
        facts.secrets = .known(secrets)
        #expect(plan(facts) { $0.renew = .authority }.steps.map(\.id) == round)
        secrets.outer?.revoked = ["ab"]
        facts.secrets = .known(secrets)
        let steps = plan(facts) { $0.renew = .authority }.steps.map(\.id)
        #expect(steps.suffix(4) == round.map { "\($0)-2" })
    }

    @Test func whereSomebodyElseIsKnownTheFormerAuthorityStays() async throws {
        try await folder.issueClient(ClientOrder(name: "ci"), replacing: nil, now: Date())
        let plan = plan(try await facts()) { $0.renew = .authority }
        #expect(plan.steps.map(\.id) == round)
        #expect(plan.notes.contains { $0.contains("rotate --finish") })
        #expect(
            plan.notes.contains {
                $0.contains("New certificates for ci are written to \(folder.path)/clients")
            })
    }

    @Test func theFormerAuthorityIsDroppedOnlyOnceNobodyNeedsIt() async throws {
        try await folder.issueClient(ClientOrder(name: "ci"), replacing: nil, now: Date())
        let before = try folder.issuedCertificates().first { $0.clientName == "ci" }
        try await prepare(.introduce)
        try folder.installRenewal()
        var facts = try await facts()
        let after = try #require(
            try folder.issuedCertificates().first { $0.clientName == "ci" && $0.serial != before?.serial })
        func seen(_ serial: String?) -> Fact<[String: LastSeen]> {
            .known(serial.map { ["ci": LastSeen(time: Date(), serial: $0)] } ?? [:])
        }
        let finish: (inout Answers) -> Void = { $0.renew = .finish }
        #expect(plan(facts, finish).steps.isEmpty)
        #expect(verdict("clients", facts, finish).word == "failed")
        facts.sightings = seen(before?.serial)
        #expect(
            verdict("clients", facts, finish).evidence.contains(
                "ci connected with a certificate of the old CA"))
        #expect(plan(facts, finish).steps.isEmpty)
        facts.sightings = seen(after.serial)
        #expect(verdict("clients", facts, finish).word == "ok")
        #expect(plan(facts, finish).steps.map(\.id) == round)
        facts.sightings = .known([:])
        let forced: (inout Answers) -> Void = { ($0.renew, $0.force) = (.finish, true) }
        #expect(plan(facts, forced).steps.map(\.id) == round)
        #expect(verdict("clients", facts, forced).word == "warning")
    }

    /// Wherever a run is killed while it puts the new CA in place, the next one drops the old CA, too.
    @Test func aKilledReplacementOfTheAuthorityIsBroughtToItsEnd() async throws {
        try await prepare(.introduce)
        // The proxy has the new certificates already.
        let applied = try await secrets(of: folder.renewal)
        let begun = "\(home.path)/begun"
        try FileManager.default.copyItem(atPath: folder.path, toPath: begun)
        var (changes, wasKilled) = (0, true)
        while wasKilled {
            let limit = FileChangeLimit(changes)
            _ = try? FileChangeLimit.$current.withValue(limit) { try folder.installRenewal() }
            wasKilled = limit.isReached
            var facts = try await facts()
            facts.secrets = .known(applied)
            let steps = plan(facts) { $0.renew = .authority }.steps.map(\.id)
            #expect(steps.contains { $0.hasPrefix("secret") }, "killed after \(changes): \(steps)")
            try FileManager.default.removeItem(atPath: folder.path)
            try FileManager.default.copyItem(atPath: begun, toPath: folder.path)
            changes += 1
        }
    }

    func verdict(_ id: String, _ facts: Facts, _ change: (inout Answers) -> Void = { _ in })
        -> CheckOutcome
    {
        var answers = answers
        change(&answers)
        return Checks.rotate.first { $0.id == id }?.verdict(facts, answers) ?? .pending
    }

    // MARK: Interrupted

    @Test func whatWaitsIsNotMadeAgain() async throws {
        try await prepare(.leaves)
        #expect(plan(try await facts()).steps.map(\.id) == ["secret", "uptake", "files"])
    }

    @Test func whatTheSecretHoldsIsNotAppliedAgain() async throws {
        try await prepare(.leaves)
        var facts = try await facts()
        facts.secrets = .known(try await secrets(of: folder.renewal))
        #expect(plan(facts).steps.map(\.id) == ["uptake", "files"])
        // This comes first, regardless of the requested change.
        #expect(plan(facts) { $0.renew = .inner }.steps.map(\.id) == ["uptake", "files"])
    }

    @Test func whatWaitsForSomethingElseIsForgotten() async throws {
        try await prepare(.leaves)
        #expect(plan(try await facts()) { $0.renew = .inner }.steps.map(\.id).first == "renewal")
    }

    /// A check asks for consent; then the rotation starts anew.
    @Test(arguments: [RenewalOrder.Change.leaves, .inner])
    func whatAnotherInstallationHasBegunIsNotContinued(_ change: RenewalOrder.Change) async throws {
        func steps() async throws -> [Step.ID] {
            let facts = try await facts()
            return plan(facts) { $0.renew = change == .inner ? .inner : .certificates }.steps.map(\.id)
        }
        try await prepare(change, of: .team)
        #expect(try await steps().prefix(2) == ["renewal", "secret"])
        #expect(verdict("renewal-owner", try await facts()).word == "failed")
        // A release of the same namespace has the same Secrets.
        var sibling = Answers().installation
        sibling.release = "sibling"
        try await prepare(change, of: sibling)
        #expect(try await steps().first == "secret")
        #expect(verdict("renewal-owner", try await facts()).word == "ok")
    }

    /// The context was renamed, for example. Nothing that the proxy uses is discarded.
    @Test func whatTheSecretHoldsIsContinuedWhoeverHasBegunIt() async throws {
        try await prepare(.leaves, of: .team)
        var facts = try await facts()
        facts.secrets = .known(try await secrets(of: folder.renewal))
        #expect(plan(facts).steps.map(\.id) == ["uptake", "files"])
    }

    @Test func anIntroductionThatWasCutShortIsFollowedByItsEnd() async throws {
        try await prepare(.introduce)
        #expect(
            plan(try await facts()) { $0.renew = .authority }.steps.map(\.id)
                == round.dropFirst() + round.map { "\($0)-2" })
        try folder.installRenewal()
        #expect(plan(try await facts()) { $0.renew = .authority }.steps.map(\.id) == round)
    }

    // MARK: Alternatives

    @Test func withoutTheKeyThereAreTwoWaysOut() async throws {
        try FileManager.default.removeItem(atPath: "\(folder.path)/authority")
        let facts = try await facts()
        let verdict = verdict("authority", facts)
        #expect(verdict.word == "failed")
        #expect(verdict.hint?.contains("Copy the authority/ directory") == true)
        #expect(verdict.hint?.contains("rotate --renew authority") == true)
        #expect(plan(facts) { $0.renew = .authority }.steps.map(\.id) == round)
    }

    @Test func onAnotherMachineTheServersPairComesFromTheSecret() async throws {
        var facts = try await facts()
        facts.folder = .known(nil)
        facts.files = .known([:])
        facts.issued = .known([])
        facts.authorities = .known(Facts.Authorities())
        let plan = plan(facts) { $0.renew = .authority }
        #expect(plan.steps.map(\.id) == ["server"] + round)
    }

    @Test func anAuthorityThatAnotherMachineHasRotatedSignsNothing() async throws {
        var facts = try await facts()
        try await prepare(.introduce)
        try folder.installRenewal()
        facts.authorities = .known(try certificates.authorities())
        #expect(verdict("authority", facts).evidence.contains("another machine has rotated it"))
        // Or another installation of this machine, whose certificates only have to be taken.
        let other = KnownInstallation(.team, builder: "theirs", certificatesEnd: nil, folder: folder.path)
        facts.clientFolders = .known(Facts.ClientFolders(own: "\(folder.path)/client", sharers: [other]))
        #expect(
            verdict("authority", facts).evidence.contains(
                "another installation with this certificate directory")
        )
        #expect(
            verdict("authority", facts).hint?.hasPrefix(
                "To use the certificates in the directory: buildkit-installer install.") == true)
        // That would drop the CA that another machine has introduced, so it is refused as well.
        var secrets = try #require(facts.secrets.value)
        let theirs = try await CertificateAuthority.make(commonName: "theirs", days: 30, now: Date()).summary
        secrets.outer?.certificates.append(theirs)
        facts.secrets = .known(secrets)
        #expect(verdict("authority", facts).hint?.hasPrefix("Copy the authority/ directory") == true)
    }

    @Test func anExpiredAuthorityIsReplacedAtOnce() async throws {
        let facts = try await facts(at: Date(timeIntervalSinceNow: 3700 * 86_400))
        #expect(verdict("authority", facts).evidence.hasPrefix("The CA expired on "))
        #expect(
            verdict("authority", facts).hint == "Create a new CA: buildkit-installer rotate --renew authority"
        )
        let plan = plan(facts) { $0.renew = .authority }
        #expect(plan.title == "Replace the CA immediately")
        #expect(plan.steps.map(\.id) == round)
    }

    @Test func expiredCertificatesAreRenewedAsOthersAre() async throws {
        let facts = try await facts(at: Date(timeIntervalSinceNow: 400 * 86_400))
        #expect(plan(facts).steps.map(\.id) == round)
        #expect(verdict("certificates", facts).evidence.contains("expired"))
    }
}
