import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct ClientPlanTests {
    private let places = InstallerPaths(home: "/home/ada", environment: [:])
    private let authority: CertificateAuthority
    private let admin: CertificateSummary
    private let bob: CertificateSummary

    init() async throws {
        authority = try await CertificateAuthority.make(commonName: "test", days: 30, now: Date())
        admin = try await authority.issue(.client(name: "admin"), days: 20, now: Date()).summary
        bob = try await authority.issue(.client(name: "bob"), days: 20, now: Date()).summary
    }

    private func facts(
        list: [ClientRoles.Client] = [], issued: [CertificateSummary]? = nil, revoked: [String] = []
    ) -> Facts {
        var facts = Facts.empty
        let issued = issued ?? [admin]
        facts.folder = .known(Inspection(certificates: [authority.summary, admin]))
        facts.issued = .known(issued)
        facts.clients = .known(
            Dictionary(
                issued.filter { $0 != admin }.map { ($0.clientName, Inspection(certificates: [$0])) },
                uniquingKeysWith: { $1 }))
        facts.authorities = .known(
            Facts.Authorities(
                current: AuthorityStatus(certificate: authority.summary, revoked: revoked), former: nil))
        facts.secrets = .known(
            Facts.Secrets(
                outer: Facts.SecretState(
                    digests: ["crl.pem": "x"], certificates: [authority.summary], isOurs: true,
                    revoked: revoked),
                inner: nil, findings: []))
        facts.release = .known(
            Facts.Release(
                status: "deployed", revision: 4, chart: Chart.label,
                values: [
                    "proxy": ["clients": ClientRoles(list).json, "certificates": ["revocations": true]]
                ]))
        facts.missingRights = .known([])
        return facts
    }

    private func answers(_ name: String, _ role: ClientRole? = nil) -> Answers {
        var answers = Answers()
        (answers.name, answers.role) = (name, role)
        return answers
    }

    private func add(_ answers: Answers, _ facts: Facts) -> Plan {
        planned { try .addClient(answers, facts, places: places, home: "/home/ada") }
    }

    private func revoke(_ answers: Answers, _ facts: Facts) -> Plan {
        planned { try .revokeClient(answers, facts, places: places, home: "/home/ada") }
    }

    private func commands(_ verb: Workflow, _ answers: Answers, _ facts: Facts) throws -> [String] {
        let plan = try verb.plan(answers, facts, places: places, home: "/home/ada")
        return "\(ShellScript(plan))".split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    /// A shell can neither register nor revoke a certificate, nor write a bundle.
    @Test func aPrintedScriptThatNeedsTheCAIsTheCommandItself() throws {
        let facts = facts(issued: [admin, bob])
        var (bundle, serial) = (answers("bob"), Answers())
        (bundle.bundle, serial.serials) = ("/tmp/bob.tar", ["abcd"])
        let cases: [(Workflow, Answers)] = [
            (.addClient, answers("carol")), (.addClient, bundle), (.renewClient, answers("bob")),
            (.revokeClient, answers("bob")), (.revokeClient, serial),
        ]
        for (verb, answers) in cases {
            let command = verb.commandLine(answers, at: answers.installation(facts))
            #expect(try commands(verb, answers, facts) == ["set -eu", command])
        }
    }

    @Test func aRoleIsChangedByCommands() throws {
        let facts = facts(
            list: [
                ClientRoles.Client(name: "admin", role: .admin),
                ClientRoles.Client(name: "bob", role: .builder),
            ], issued: [admin, bob])
        var answers = answers("bob", .admin)
        answers.verify = false
        let lines = try commands(.addClient, answers, facts)
        #expect(lines.contains { $0.hasPrefix("helm upgrade buildkit ") })
        #expect(!lines.contains { $0.hasPrefix("buildkit-installer client") })
    }

    private func input(_ plan: Plan) -> String {
        guard case .changeRelease(let change)? = plan.steps.first(where: { $0.id == "roles" })?.action else {
            return ""
        }
        return change.values.text(indented: true)
    }

    @Test func aClientWithoutARoleLeavesTheListAlone() {
        let plan = add(answers("bob"), facts())
        #expect(plan.steps.map(\.id) == ["client", "admitted"])
        #expect(plan.notes == ["Roles are disabled: bob has full access. --role enables roles."])
        #expect(plan.steps[0].undo.count == 1)
    }

    @Test func theFirstRoleMakesAListOfAllWhoAreKnown() {
        let plan = add(answers("carol", .builder), facts(issued: [admin, bob]))
        #expect(plan.steps.map(\.id) == ["client", "chart", "roles", "admitted"])
        #expect(plan.notes[0].contains("only admin (admin), bob (admin), carol (builder) have access."))
        #expect(input(plan).contains("\"bob\""))
    }

    @Test func whereRolesAreInForceANewClientIsABuilder() {
        let plan = add(answers("bob"), facts(list: [ClientRoles.Client(name: "admin", role: .admin)]))
        #expect(plan.steps.contains { $0.title == "Grant bob the role builder" })
    }

    @Test func aClientThatIsThereOnlyGetsItsRole() {
        let list = [
            ClientRoles.Client(name: "admin", role: .admin), ClientRoles.Client(name: "bob", role: .builder),
        ]
        let facts = facts(list: list, issued: [admin, bob])
        #expect(add(answers("bob", .admin), facts).steps.map(\.id) == ["chart", "roles", "admitted"])
        #expect(add(answers("bob", .builder), facts).steps.isEmpty)
        #expect(add(answers("bob"), facts).title == "Nothing to change")
    }

    @Test func aRevokedClientThatIsAddedGetsANewCertificate() {
        let plan = add(answers("bob"), facts(issued: [admin, bob], revoked: [bob.serial]))
        guard case .issueClient(_, _, let serial, _)? = plan.steps.first?.action else {
            Issue.record("\(plan)")
            return
        }
        #expect(serial == bob.serial)
        // The next run finds it in this state, so nothing is rolled back.
        #expect(plan.steps[0].undo.isEmpty)
    }

    @Test func aRevocationTakesTheNameFromTheListAndIsNeverTakenBack() {
        let list = [
            ClientRoles.Client(name: "admin", role: .admin), ClientRoles.Client(name: "bob", role: .builder),
        ]
        var answers = answers("bob")
        answers.now = true
        let plan = revoke(answers, facts(list: list, issued: [admin, bob]))
        #expect(
            plan.steps.map(\.id) == [
                "revocations", "envoy-secret", "refused", "chart", "roles", "roles-nudge", "end", "proxies",
            ])
        #expect(
            plan.steps.last?.action
                == .awaitPods(
                    component: "proxy", deployment: "buildkit-proxy",
                    installation: InstallationID(
                        context: "production", namespace: "buildkit", release: "buildkit"),
                    timeout: answers.timeout))
        #expect(!input(plan).contains("bob"))
        #expect(plan.steps.allSatisfy { $0.undo.isEmpty })
        #expect(plan.notes.contains { $0.contains("including those of other clients") })
    }

    @Test func aClientThatIsRevokedIsSaidToBeLetInAgain() {
        let plan = add(answers("bob"), facts(issued: [admin, bob], revoked: [bob.serial]))
        #expect(plan.notes.contains { $0.hasPrefix("bob was revoked. It gets access again") })
        let register = ClientReport(
            facts(issued: [admin, bob], revoked: [bob.serial]), answers("bob"),
            in: CertificateFolder(path: "/certs"), now: Date())
        #expect(register.clients.map(\.standing.word) == ["unrestricted", "revoked"])
    }

    @Test func aCertificateFromElsewhereIsRevokedByItsSerial() {
        var answers = Answers()
        answers.serials = ["abcd"]
        let plan = revoke(answers, facts())
        #expect(plan.title == "Revoke abcd")
        #expect(plan.steps.map(\.id) == ["revocations", "envoy-secret", "nudge"])
        #expect(
            plan.notes[0]
                == "The certificate files of abcd are not on this machine, so rejection cannot be verified.")
    }

    /// The proxy of the other one goes on accepting the client.
    @Test func aRevocationNamesTheInstallationsWithTheSameAuthority() throws {
        let other = KnownInstallation(
            InstallationID(context: "staging", namespace: "team", release: "buildkit"), builder: "theirs",
            certificatesEnd: nil, folder: "/shared")
        var facts = facts(issued: [admin, bob])
        facts.clientFolders = .known(Facts.ClientFolders(own: "/shared/client", sharers: [other]))
        func notes(_ answers: Answers) throws -> [String] {
            try Workflow.revokeClient.plan(answers, facts, places: places, home: "/home/ada").notes
        }
        let flags = "--context staging --namespace team --release buildkit --builder theirs"
        let named =
            "The release buildkit in namespace team of context staging uses the same CA. To revoke bob there, too: "
            + "buildkit-installer client revoke bob \(flags)"
        // The summary repeats it, after all else.
        #expect(try notes(answers("bob")).last == named)
        let run = RunState(revoke(answers("bob"), facts))
        #expect(Workflow.revokeClient.report.remarks(run).contains(named))
        var serials = Answers()
        serials.serials = ["ab", "cd"]
        #expect(
            try notes(serials).last?.hasSuffix("buildkit-installer client revoke --serial ab,cd \(flags)")
                == true)
        // Who is revoked here already may not be revoked there.
        facts = self.facts(issued: [admin, bob], revoked: [bob.serial])
        facts.clientFolders = .known(Facts.ClientFolders(own: "/shared/client", sharers: [other]))
        let again = revoke(answers("bob"), facts)
        #expect(again.steps.isEmpty)
        #expect(again.notes == ["bob is already revoked.", named])
        // Only the list there proves that it is revoked there, too.
        let lists: [(Fact<Set<String>>, isNamed: Bool)] = [
            (.known([bob.serial, "ab"]), false), (.known(["ab"]), true),
            (.unavailable(InstallerError("Forbidden")), true),
        ]
        for (list, isNamed) in lists {
            facts.revokedElsewhere = .known([other.id: list])
            #expect(revoke(answers("bob"), facts).notes.contains(named) == isNamed)
        }
    }

    @Test func theTitleSaysWhatIsDoneForAClientThatExists() throws {
        let list = [
            ClientRoles.Client(name: "admin", role: .admin), ClientRoles.Client(name: "bob", role: .builder),
        ]
        var facts = facts(list: list, issued: [admin, bob])
        func words(_ answers: Answers) -> [String?] {
            let plan = add(answers, facts)
            return [plan.title, Workflow.addClient.report.headline?(answers, RunState(plan))]
        }
        #expect(words(answers("carol")) == ["Add the client carol", "Client carol is added"])
        #expect(
            words(answers("bob", .admin)) == ["Change the role of bob", "The role of client bob is changed"])
        var bundled = answers("bob")
        bundled.bundle = "bob.tar"
        #expect(
            words(bundled) == ["Write the client bundle of bob", "The client bundle of bob is written"])
        // Its certificate was signed before there was a register.
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.clients = try ClientRegistry(json: #"{"issued": [], "revoked": []}"#)
        facts.secrets = .known(secrets)
        #expect(words(answers("bob")) == ["Register the client bob", "Client bob is registered"])
        #expect(
            words(answers("bob", .admin)) == ["Change the role of bob", "The role of client bob is changed"])
    }

    @Test func whatCannotBeDoneIsSaidBeforehand() {
        func problems(_ checks: [Check], _ answers: Answers, _ facts: Facts) -> [String] {
            checks.results(facts, answers).compactMap {
                if case .failed(let sentence, _) = $0.verdict { sentence } else { nil }
            }
        }
        #expect(
            problems(Checks.revokeClient, answers("admin"), facts())[0].contains(
                "This machine uses the client admin"))
        #expect(problems(Checks.revokeClient, answers("eve"), facts()) == ["Unknown client eve"])
        #expect(
            problems(Checks.renewClient, answers("eve"), facts()) == [
                "No certificate files for client eve on this machine"
            ])
        var moved = facts()
        moved.authorities = .known(
            Facts.Authorities(
                current: AuthorityStatus(certificate: authority.summary, trouble: "its key is not here"),
                former: nil))
        #expect(
            problems(Checks.addClient, answers("bob"), moved) == [
                "The CA on this machine cannot sign: its key is not here"
            ])
        var older = facts()
        older.release = .known(
            Facts.Release(status: "deployed", revision: 1, chart: "buildkit-0.0.1", values: .object([:])))
        #expect(problems(Checks.addClient, answers("bob"), older) == [])
        #expect(
            problems(Checks.addClient, answers("bob", .builder), older)[0].contains("uses buildkit-0.0.1"))
        let only = facts(list: [ClientRoles.Client(name: "bob", role: .admin)], issued: [admin, bob])
        #expect(
            problems(Checks.revokeClient, answers("bob"), only)[0].contains("the only listed client"))
    }

    @Test func theRightsOfThePlanAreAskedForAndNoOthers() {
        let list = [
            ClientRoles.Client(name: "admin", role: .admin), ClientRoles.Client(name: "bob", role: .builder),
        ]
        let plain = facts(issued: [admin, bob])
        expectRights(
            of: add(answers("carol"), plain), by: .clientRights(for: .add), plain, answers("carol"))
        let listed = facts(list: list, issued: [admin, bob])
        expectRights(
            of: add(answers("carol"), listed), by: .clientRights(for: .add), listed, answers("carol"))
        var now = answers("bob")
        now.now = true
        expectRights(of: revoke(now, plain), by: .clientRights(for: .revoke), plain, now)
        expectRights(of: revoke(now, listed), by: .clientRights(for: .revoke), listed, now)
        // Without the client's files nothing connects.
        var serial = answers("")
        serial.serials = ["abcd"]
        expectRights(of: revoke(serial, listed), by: .clientRights(for: .revoke), listed, serial)
    }

    @Test func anInstallKeepsTheListThatIsInForce() {
        let list = [ClientRoles.Client(name: "bob", role: .builder)]
        let plan = planned {
            try .install(Answers(), facts(list: list), places: places, home: "/home/ada")
        }
        let inputs = plan.steps.compactMap { step -> String? in
            guard case .changeRelease(let change) = step.action else { return nil }
            return change.values.text(indented: true)
        }
        #expect(inputs.count == 1 && inputs[0].contains("\"bob\""))
    }

    @Test func theRegisterTellsRolesAndRevocations() async throws {
        let old = try await authority.issue(.client(name: "bob"), days: 1, now: Date()).summary
        let list = [
            ClientRoles.Client(name: "bob", role: .builder), ClientRoles.Client(name: "eve", role: .admin),
        ]
        var facts = facts(list: list, issued: [admin, bob, old], revoked: [old.serial])
        facts.clients = .known(["bob": Inspection(certificates: [bob])])
        facts.sightings = .known([
            "bob": LastSeen(time: Date(timeIntervalSince1970: 1_800_000_000), serial: bob.serial)
        ])
        let register = ClientReport(
            facts, Answers(), in: CertificateFolder(path: "/certs"), now: Date())
        #expect(register.clients.map(\.name) == ["admin", "bob", "eve"])
        #expect(register.clients.map(\.standing.word) == ["no access", "builder", "admin"])
        #expect(register.clients[1].certificates.map(\.isRevoked).sorted { !$0 && $1 } == [false, true])
        #expect(register.lines.contains { $0.contains("2027-01-15 08:00Z") })
        #expect(register.lines.last?.hasPrefix("eve") == true)
        let json = String(decoding: try JSONEncoder().encode(register), as: UTF8.self)
        #expect(json.contains(#""role":"builder""#))
    }
}
