import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct InstallPlanTests {
    private let places = InstallerPaths(home: "/home/ada", environment: [:])
    private let certs = "/home/ada/.config/buildkit-installer/production/buildkit/buildkit/certs"

    private func plan(_ answers: Answers = Answers(), _ facts: Facts = .empty) -> Plan {
        planned { try .install(answers, facts, places: places, home: "/home/ada") }
    }

    @Test func anEmptyClusterGetsEveryStepInOrder() {
        #expect(
            plan().steps.map(\.title) == [
                "Create the namespace buildkit",
                "Issue the certificates in \(certs)",
                "Create the Secret buildkit-envoy-certs for Envoy",
                "Create the Secret buildkit-secrets for BuildKit",
                "Unpack the chart \(Chart.label)",
                "Install the release buildkit",
                "Register the builder remote-kubernetes",
                "Verify the builder remote-kubernetes with a test build",
            ])
    }

    @Test func everyStepThatLeavesSomethingCanBeTakenBack() {
        for step in plan().steps where step.id != "verification" { #expect(!step.undo.isEmpty, "\(step.id)") }
    }

    @Test func aNamespaceThatWasThereIsNeitherMadeNorDeleted() {
        var facts = Facts.empty
        facts.namespace = .known(Facts.NamespaceState(exists: true, isTerminating: false, labels: [:]))
        let plan = plan(Answers(), facts)
        for step in plan.steps {
            if case .create(let object) = step.action { #expect(object.reference.kind != .namespace) }
        }
        #expect(plan.notes.contains("The namespace buildkit already exists and is kept unchanged."))
    }

    @Test func aLoadBalancerIsWaitedForBeforeTheBuilderIsRegistered() {
        var answers = Answers()
        answers.exposure = .loadBalancer
        let ids = plan(answers).steps.map(\.id)
        #expect(ids.suffix(4) == ["release", "address", "builder", "verification"])
    }

    @Test func aFolderOfSomebodyElseGetsNoFileOfOurs() {
        var answers = Answers()
        answers.certificates = .folder
        answers.certs = "~/my certs"
        let plan = plan(answers)
        #expect(plan.steps.map(\.id).contains("inner-certificates"))
        for step in plan.steps {
            if case .issueInner(let folder, _, _) = step.action { #expect(folder == certs) }
        }
    }

    @Test func buildxExpectsANameOfTheCertificateThatWasBrought() async throws {
        let authority = try await CertificateAuthority.make(commonName: "theirs", days: 30, now: Date())
        let server = try await authority.issue(
            .server(names: [SubjectName("*.example.com"), SubjectName("builder.example.com")]),
            days: 1, now: Date())
        var answers = Answers()
        answers.certificates = .folder
        answers.certs = "/certs"
        var facts = Facts.empty
        facts.folder = .known(Inspection(certificates: [server.summary]))
        let registered = plan(answers, facts).steps.compactMap { step -> BuilderRegistration? in
            guard case .register(let registration, _) = step.action else { return nil }
            return registration
        }
        #expect(registered.map(\.servername) == ["builder.example.com"])
    }

    @Test func aBuildKitThatRunsIsRestartedForNewCertificatesOfItsOwn() {
        var facts = Facts.empty
        let old = Facts.SecretState(digests: ["ca.crt": "old"], certificates: [], isOurs: true)
        facts.secrets = .known(Facts.Secrets(outer: old, inner: old, findings: []))
        #expect(!plan(Answers(), facts).steps.contains { $0.id == "restart" })
        facts.release = .known(
            Facts.Release(status: "deployed", revision: 1, chart: Chart.label, values: .null))
        let steps = plan(Answers(), facts).steps
        let restart = ["restart", "nudge", "ready"]
        #expect(steps.map(\.id).suffix(6) == ["release"] + restart + ["builder", "verification"])
        #expect(steps.first { $0.id == "buildkit-secret" }?.undo.count == 2)
        // Helm's own wait ends before the restart.
        var unverified = Answers()
        unverified.verify = false
        #expect(plan(unverified, facts).steps.map(\.id).suffix(5) == ["release"] + restart + ["builder"])
        // The chart's values determine the names of its objects.
        facts.backends = .known([BackendDeployment(release: "buildkit", name: "mine-builder")])
        #expect(
            plan(Answers(), facts).steps.first { $0.id == "restart" }?.action
                == .restart(installation: Answers().installation(facts), deployment: "mine-builder"))
    }

    /// It reads the same Secret; this release is not installed yet.
    @Test func aBuildKitOfAnotherReleaseIsRestartedForNewCertificatesOfItsOwn() {
        var facts = Facts.empty
        let old = Facts.SecretState(digests: ["ca.crt": "old"], certificates: [], isOurs: true)
        facts.secrets = .known(Facts.Secrets(outer: old, inner: old, findings: []))
        facts.backends = .known([BackendDeployment(release: "b", name: "b-buildkit-builder")])
        let plan = plan(Answers(), facts)
        #expect(
            plan.steps.map(\.id).suffix(5) == ["release", "restart-b", "nudge-b", "builder", "verification"])
        #expect(plan.steps.first { $0.id == "buildkit-secret" }?.undo.count == 2)
        #expect(plan.notes.contains("The release b uses the same Secrets, so its BuildKit restarts as well."))
        facts.secrets = .known(Facts.Secrets(outer: nil, inner: nil, findings: []))
        #expect(!self.plan(Answers(), facts).steps.contains { $0.id == "restart-b" })
    }

    @Test func existingSecretsAreNotTouched() {
        var answers = Answers()
        answers.certificates = .secrets
        let plan = plan(answers)
        #expect(!plan.steps.contains { if case .applySecret = $0.action { true } else { false } })
        #expect(plan.steps.map(\.id).contains("client"))
    }

    @Test(arguments: [
        ("pending-install", "Remove the leftovers of the interrupted Helm operation on buildkit"),
        ("uninstalling", "Remove the leftovers of the interrupted Helm operation on buildkit"),
        ("pending-upgrade", "Roll back the interrupted upgrade of buildkit"),
    ])
    func aLockedReleaseIsFreedFirst(_ status: String, _ title: String) {
        var facts = Facts.empty
        facts.release = .known(Facts.Release(status: status, revision: 2, chart: Chart.label, values: .null))
        #expect(plan(Answers(), facts).steps.first { $0.id == "free-release" }?.title == title)
    }

    @Test(arguments: [
        ("deployed", ReleaseChange.Base.revision(2), Int?(2), true), ("failed", .revision(2), 2, false),
        ("pending-upgrade", .revision(3), 1, false), ("pending-rollback", .revision(3), 1, false),
        ("pending-install", .none, nil, false), ("uninstalled", .uninstalled(last: 2), nil, false),
    ])
    func anUpgradeThatFailsGoesBackToWhatWasThere(
        _ status: String, _ base: ReleaseChange.Base, _ former: Int?, _ waits: Bool
    ) throws {
        var facts = Facts.empty
        facts.release = .known(Facts.Release(status: status, revision: 2, chart: Chart.label, values: .null))
        let step = try #require(plan(Answers(), facts).steps.first { $0.id == "release" })
        guard case .changeRelease(let change) = step.action else { throw InstallerError("no change") }
        #expect(change.base == base)
        #expect(change.returnsTo == former)
        #expect(change.waitsOnReturn == waits)
        #expect(step.undo == [.takeBack])
    }

    @Test func whatIsThereAlreadyIsNotPlannedAgain() throws {
        let first = plan()
        var facts = Facts.empty
        facts.namespace = .known(Facts.NamespaceState(exists: true, isTerminating: false, labels: [:]))
        facts.folder = .known(Inspection())
        var digests: [String: String] = [:]
        var secrets: [String: Facts.SecretState] = [:]
        for step in first.steps {
            guard case .applySecret(let recipe) = step.action else { continue }
            for path in recipe.files.values { digests[path] = "digest of \(path)" }
            secrets[recipe.secret.name] = Facts.SecretState(
                digests: recipe.files.mapValues { "digest of \($0)" }, certificates: [], isOurs: true)
        }
        facts.files = .known(digests)
        facts.secrets = .known(
            Facts.Secrets(
                outer: secrets["buildkit-envoy-certs"], inner: secrets["buildkit-secrets"], findings: []))
        let planner = try InstallPlanner(
            Answers(), InstallFacts(facts, Answers()), places: places, home: "/home/ada")
        facts.release = .known(
            Facts.Release(status: "deployed", revision: 1, chart: Chart.label, values: planner.values.json))
        facts.builders = .known(
            Facts.Builders(
                builders: [
                    Facts.Builder(
                        name: "remote-kubernetes", driver: "remote",
                        nodes: [
                            Facts.BuilderNode(
                                name: "remote-kubernetes0", endpoint: "tcp://localhost:1234",
                                options: [
                                    "cacert": "\(certs)/client/ca.pem", "cert": "\(certs)/client/cert.pem",
                                    "key": "\(certs)/client/key.pem",
                                ], platforms: [])
                        ])
                ], current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: []))
        let second = plan(Answers(), facts)
        #expect(second.title == "Nothing to change; a test connection follows")
        #expect(second.steps.map(\.id) == ["verification"])
        #expect(second.changes.isEmpty)
    }

    /// It has the CA and the outer certificates. Other internal certificates would restart BuildKit.
    @Test func aMachineThatHasOnlyRotatedKeepsTheInternalCertificates() {
        let layout = CertificateLayout(
            Answers(), installation: Answers().installation(.empty), places: places, home: "/home/ada")
        var facts = Facts.empty
        facts.folder = .known(Inspection())
        facts.files = .known(Dictionary(uniqueKeysWithValues: layout.outerFiles.values.map { ($0, $0) }))
        let outer = Facts.SecretState(digests: layout.outerFiles, certificates: [], isOurs: true)
        func planned(_ inner: Facts.SecretState?) -> [Step.ID] {
            facts.secrets = .known(Facts.Secrets(outer: outer, inner: inner, findings: []))
            return plan(Answers(), facts).steps.map(\.id)
        }
        func inner(_ files: [String: String]) -> Facts.SecretState {
            Facts.SecretState(digests: files, certificates: [], isOurs: true)
        }
        let kept = planned(inner(layout.innerFiles))
        #expect(!kept.contains("inner-certificates") && !kept.contains("buildkit-secret"))
        // They are issued where the Secret lacks them, or is replaced.
        for state in [nil, inner(["ca.crt": "x"])] {
            let steps = planned(state)
            #expect(steps.contains("inner-certificates") && steps.contains("buildkit-secret"), "\(steps)")
            #expect(!steps.contains("certificates"))
        }
        facts.files = .known([:])
        let taken = planned(inner(layout.innerFiles))
        #expect(taken.contains("inner-certificates") && taken.contains("buildkit-secret"), "\(taken)")
    }

    @Test func thePlanNamesKeysAndHoldsNone() throws {
        let text = "\(plan())"
        #expect(text.contains("key.pem"))
        #expect(!text.contains("PRIVATE KEY"))
    }
}

extension Facts {
    /// A reachable cluster without objects, and a machine without files.
    static var empty: Facts {
        var facts = Facts()
        facts.contexts = .known(Contexts(names: ["production"], current: "production"))
        facts.server = .known("1.36.2")
        facts.namespace = .known(NamespaceState(exists: false, isTerminating: false, labels: [:]))
        facts.service = .known(nil)
        facts.secrets = .known(Secrets(outer: nil, inner: nil, findings: []))
        facts.release = .known(nil)
        facts.folder = .known(nil)
        facts.files = .known([:])
        facts.builders = .known(
            Builders(builders: [], current: nil, defaultConfiguration: nil, dockerContexts: []))
        facts.cacheClaim = .known(nil)
        facts.lacksKEDA = .known(false)
        facts.nodes = .known([])
        facts.kubectl = .known("1.36.2")
        facts.helm = .known("4.2.4")
        facts.authorities = .known(Authorities(current: nil, former: nil))
        facts.clients = .known([:])
        facts.issued = .known([])
        facts.renewal = .known(nil)
        facts.kept = .known([:])
        facts.clientFolders = .known(ClientFolders(own: "\(certs)/client"))
        facts.localState = .known(LocalState(clientFolder: "/certs/client"))
        facts.namespaceContents = .known(NamespaceContents())
        facts.otherReleases = .known([])
        facts.backends = .known([])
        facts.pausedRollouts = .known([])
        return facts
    }
}
