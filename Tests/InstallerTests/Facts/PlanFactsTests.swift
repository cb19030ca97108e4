import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// Each query of each workflow fails in turn: no plan then contains a step that it would not contain otherwise.
@Suite struct FailingLookTests {
    private let home: TemporaryFolder
    private let folder: CertificateFolder

    init() async throws {
        home = try TemporaryFolder()
        var installation = Answers().installation
        installation.context = "test"
        let places = InstallerPaths(home: home.path, environment: [:])
        folder = CertificateFolder(path: places.certificates(of: installation))
    }

    private static let verbs: [Workflow] = [
        .install, .rotate, .uninstall, .addClient, .renewClient, .revokeClient, .sleep, .wake,
    ]

    private func answers(for verb: Workflow) -> Answers {
        var answers = Answers()
        answers.name = verb == .renewClient || verb == .revokeClient ? "bob" : "alice"
        answers.role = verb == .addClient ? .builder : nil
        if verb == .uninstall { (answers.remove, answers.confirm) = (RemovablePart.everything, "buildkit") }
        return answers
    }

    private func look(_ verb: Workflow, _ cluster: ScriptedCluster) async -> Facts {
        let dependencies = Dependencies(runner: cluster, environment: [:], home: home.path)
        return await verb.survey(answers(for: verb), in: dependencies).complete()
    }

    /// The steps of the plan; empty where there is no plan, or a check prevents it.
    private func steps(_ verb: Workflow, _ facts: Facts) -> [Step] {
        let answers = answers(for: verb)
        guard verb.checks.results(facts, answers).allowPlan else { return [] }
        do throws(PlanRefusal) {
            return try verb.plan(
                answers, facts, places: InstallerPaths(home: home.path, environment: [:]), home: home.path
            ).steps
        } catch { return [] }
    }

    @Test(arguments: [false, true]) func noPlanIsMadeOnAnAnswerThatIsMissing(_ isInstalled: Bool) async throws
    {
        if isInstalled {
            try await folder.issue(
                CertificateOrder(names: Answers().names, client: "admin"), now: Date())
            try await folder.issueClient(
                ClientOrder(name: "bob", algorithm: .p256, days: 30), replacing: nil, now: Date())
        }
        var pairs = 0
        for verb in Self.verbs {
            let intact = try ScriptedCluster(isInstalled ? folder : nil)
            let wanted = steps(verb, await look(verb, intact))
            // BuildKit is asleep here already.
            let plansNothing = !isInstalled || verb == .install || verb == .sleep
            #expect(!wanted.isEmpty || plansNothing, "\(verb.id) plans nothing")
            for command in intact.commands {
                for fault in ScriptedCluster.Fault.allCases {
                    pairs += 1
                    let spoilt = try ScriptedCluster(isInstalled ? folder : nil, spoiling: (command, fault))
                    let planned = steps(verb, await look(verb, spoilt))
                    for step in planned
                    where !wanted.contains(where: { $0.action == step.action && $0.undo == step.undo }) {
                        Issue.record("\(verb.id), \(command) \(fault): \(step.title)")
                    }
                }
            }
        }
        print("Looks that went wrong × verbs: \(pairs)")
        #expect(pairs > 200)
    }

    /// The same for every single fact, including those that are read from files.
    @Test func noPlanIsMadeOnAFactThatIsMissing() {
        let silence = InstallerError("It cannot be looked at")
        let changes: [@Sendable (inout Facts) -> Void] = [
            { $0.kubectl = .unavailable(silence) }, { $0.helm = .unavailable(silence) },
            { $0.docker = .unavailable(silence) }, { $0.buildx = .unavailable(silence) },
            { $0.builders = .unavailable(silence) }, { $0.folder = .unavailable(silence) },
            { $0.authorities = .unavailable(silence) }, { $0.clients = .unavailable(silence) },
            { $0.issued = .unavailable(silence) }, { $0.renewal = .unavailable(silence) },
            { $0.files = .unavailable(silence) }, { $0.interruptedRun = .unavailable(silence) },
            { $0.kept = .unavailable(silence) }, { $0.localState = .unavailable(silence) },
            { $0.contexts = .unavailable(silence) }, { $0.server = .unavailable(silence) },
            { $0.missingRights = .unavailable(silence) }, { $0.namespace = .unavailable(silence) },
            { $0.storageClasses = .unavailable(silence) }, { $0.nodes = .unavailable(silence) },
            { $0.service = .unavailable(silence) }, { $0.secrets = .unavailable(silence) },
            { $0.release = .unavailable(silence) }, { $0.cacheClaim = .unavailable(silence) },
            { $0.namespaceContents = .unavailable(silence) }, { $0.lacksKEDA = .unavailable(silence) },
            { $0.otherReleases = .unavailable(silence) }, { $0.backends = .unavailable(silence) },
            { $0.pausedRollouts = .unavailable(silence) },
            { $0.activity = .unavailable(silence) }, { $0.served = .unavailable(silence) },
            { $0.sightings = .unavailable(silence) }, { $0.clientFolders = .unavailable(silence) },
            { $0.revokedElsewhere = .unavailable(silence) },
            { $0.scale = .unavailable(silence) }, { $0.installations = .unavailable(silence) },
            { $0.namespaces = .unavailable(silence) }, { $0.localCluster = .unavailable(silence) },
            { $0.admission = .unavailable(silence) },
        ]
        var pairs = 0
        var awake = Facts.installed
        awake.scale = .known(ScaleState(builder: "buildkit-builder", wanted: 1, ready: 1))
        awake.activity = .known(BuildActivity(running: 0, held: 0))
        var asleep = awake
        asleep.scale = .known(ScaleState(builder: "buildkit-builder", wanted: 0, ready: 0))
        #expect(steps(.sleep, awake).map(\.id) == ["scale", "wait"])
        #expect(steps(.wake, asleep).map(\.id) == ["scale", "wait"])
        for verb in Self.verbs {
            for facts in [Facts.empty, .installed, awake, asleep] {
                let wanted = steps(verb, facts)
                for change in changes {
                    pairs += 1
                    var facts = facts
                    change(&facts)
                    for step in steps(verb, facts) where !wanted.contains(where: { $0.action == step.action })
                    {
                        Issue.record("\(verb.id): \(step.title)")
                    }
                }
            }
        }
        print("Facts that were missing × verbs: \(pairs)")
    }
}
