import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The start page: installations and actions.
@Suite struct HomePageTests {
    @Test(arguments: [
        ("z", Sample.idleFacts, "Scale BuildKit to zero"), ("w", Sample.asleepFacts, "Wake BuildKit"),
    ])
    func theStateOfBuildKitDecidesWhatIsOffered(_ key: Character, _ facts: Facts, _ title: String) {
        var stage = Stage(facts: facts)
        let other: Character = key == "z" ? "w" : "z"
        stage.press(.character(other))
        #expect(stage.walk.place == .start)
        stage.press(.character(key))
        #expect(stage.walk.place == .proposal)
        #expect(stage.text.contains(title))
    }

    /// The cluster answers while the cursor is somewhere: it stays there.
    @Test func theCursorStaysWhereItIsWhenEntriesAppear() {
        var stage = Stage(facts: nil)
        stage.press(.down, .down, .down)
        #expect(stage.text.contains("› t  Status"))
        stage.send(.installations(Sample.manyInstallations))
        stage.look(Sample.sharedFacts)
        #expect(stage.text.contains("z  Sleep"))
        #expect(stage.text.contains("› t  Status"))
        stage.press(.enter)
        #expect(stage.walk.place == .status)
    }

    @Test func anInstallationOfAnotherMachineIsSelected() {
        var stage = Stage(facts: Sample.sharedFacts)
        stage.send(.installations(Sample.manyInstallations))
        stage.click("team-a")
        #expect(stage.answers.namespace == "team-a")
    }

    @Test func anotherInstallationIsSelected() {
        var stage = Stage()
        stage.send(.installations(Sample.manyInstallations))
        stage.click("team-b")
        #expect(stage.answers.namespace == "team-b")
        #expect(stage.walk.model.isLooking)
    }

    @Test func anotherContextIsSelectedWithTheNamespaceOfTheStart() {
        var stage = Stage(facts: Sample.sharedFacts)
        stage.send(.installations(Sample.manyInstallations))
        stage.click("team-b")
        stage.look(Sample.sharedFacts)
        stage.press(.character("x"))
        #expect(stage.text.contains("Context (/ to filter)"))
        stage.press(.down, .enter)
        #expect(stage.answers.context == "staging")
        #expect(stage.answers.namespace == "buildkit")
        #expect(stage.effects.last == .recall(stage.answers, number: stage.walk.model.look))
        #expect(stage.walk.place == .start)
    }

    @Test func theCurrentContextIsKeptAsItIs() {
        var stage = Stage()
        let effects = stage.effects
        stage.press(.character("x"), .enter)
        #expect(stage.effects == effects)
        #expect(!stage.text.contains("Context (/ to filter)"))
        // Without a kubeconfig there is nothing to choose from.
        var bare = Stage(facts: Sample.bareFacts)
        #expect(!bare.text.contains("x context"))
        bare.press(.character("x"))
        #expect(!bare.text.contains("Context (/ to filter)"))
    }

    @Test func theInstallationsAreFilteredAsOneTypes() {
        var stage = Stage(facts: Sample.sharedFacts)
        stage.send(.installations(Sample.manyInstallations))
        #expect(stage.text.contains("/ filter"))
        stage.press(.character("/"))
        stage.type("team-b")
        #expect(stage.text.contains("Installations  /team-b"))
        #expect(!stage.text.contains("team-a"))
        stage.type("q")
        #expect(stage.text.contains("no match"))
        #expect(stage.walk.outcome == nil)
        stage.press(.backspace, .enter)
        #expect(stage.text.contains("team-a"))
        stage.press(.enter)
        #expect(stage.answers.namespace == "team-b")
    }

    @Test func oneInstallationNeedsNoFilter() {
        var stage = Stage()
        #expect(!stage.text.contains("/ filter"))
        stage.press(.character("/"), .character("u"))
        #expect(stage.walk.guide.verb == .uninstall)
    }

    /// Only what is known: the cluster of another context was not asked.
    @Test func aWideWindowShowsWhatIsKnownOfTheSelectedEntry() {
        var stage = Stage(columns: 140, rows: 45, facts: Sample.rotationFacts)
        stage.send(.installations(Sample.manyInstallations))
        #expect(stage.text.contains("buildkit-installer install \\"))
        stage.press(.home)
        for text in [
            "Endpoint   tcp://localhost:1234", "Builder    remote-kubernetes",
            "Chart      buildkit-0.1.0, revision 3,", "Expires    2026-12-04, in 12 days",
        ] { #expect(stage.text.contains(text), "\(text)\n\(stage.text)") }
        stage.press(.down)
        #expect(stage.text.contains("Namespace  team-b"))
        #expect(stage.text.contains("Expires    2027-06-22, in 212 days"))
        #expect(!stage.text.contains("Endpoint   "))
        #expect(!stage.text.contains("Chart      "))
    }

    @Test func theEndpointIsCopied() {
        var stage = Stage(facts: Sample.installedFacts)
        stage.press(.character("y"))
        #expect(stage.effects.last == .copy("tcp://localhost:1234"))
        #expect(stage.text.contains("y copy endpoint"))
        stage.send(.copied)
        #expect(stage.text.contains("y copied"))
        stage.press(.down)
        #expect(!stage.text.contains("y copied"))
    }

    @Test func whereNothingIsInstalledThereIsNoEndpointToCopy() {
        var stage = Stage()
        #expect(!stage.text.contains("copy endpoint"))
        let effects = stage.effects
        stage.press(.character("y"))
        #expect(stage.effects == effects)
    }

    /// Fresh certificates do not make BuildKit answer.
    @Test func anInstallationWithoutAReadyPodIsAWarning() {
        var facts = Sample.sharedFacts
        facts.installations = .known([
            ClusterInstallation(
                InstallationID(context: "production", namespace: "buildkit", release: "buildkit"),
                scale: ScaleState(builder: "buildkit-builder", wanted: 1, ready: 0))
        ])
        var stage = Stage(facts: facts)
        stage.send(.installations(Sample.manyInstallations))
        #expect(stage.text.contains("! buildkit  buildkit in production   starting, expires in 12 days"))
    }

    @Test func whyTheClustersInstallationsAreUnknownIsSaid() {
        let sentence = "The cluster's installations are unknown: deployments.apps is forbidden"
        var facts = Sample.facts
        facts.installations = .unavailable(
            InstallerError(
                "The installations in the cluster cannot be listed",
                detail: "Error from server (Forbidden): deployments.apps is forbidden", code: .forbidden))
        var stage = Stage(facts: nil)
        stage.look(facts, isOver: false)
        #expect(!stage.text.contains(sentence))
        stage.look(facts)
        #expect(stage.text.contains(sentence))
        facts.server = .unavailable(InstallerError("The cluster does not respond"))
        stage.look(facts)
        #expect(stage.text.contains("unknown: The cluster does not respond"))
        // Without a kubeconfig there is no cluster to ask.
        facts.contexts = .known(.init(names: [], current: ""))
        stage.look(facts)
        #expect(!stage.text.contains("installations are unknown"))
    }

    @Test func aClientIsAddedByItsName() {
        var stage = Stage()
        stage.press(.character("c"))
        #expect(stage.effects.last == .takeClients(stage.answers))
        stage.send(.clients(Sample.clients))
        stage.press(.character("a"))
        #expect(stage.walk.place == .form("client"))
        stage.type("alice")
        stage.press(.control("n"))
        #expect(stage.walk.place == .proposal)
        #expect(stage.answers.name == "alice")
    }

    @Test func theSelectedClientIsRevoked() {
        var stage = Stage()
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        stage.click("ci ")
        stage.press(.character("R"))
        #expect(stage.walk.guide.verb == .revokeClient)
        #expect(stage.answers.name == "ci")
    }

    /// Consents and settings about one client or one removal do not pass to the next.
    @Test func whatWasMeantForOneRunIsForgotten() {
        var stage = Stage()
        stage.send(.installations(Sample.manyInstallations))
        stage.choose(.uninstall, finding: Sample.installedFacts)
        stage.go(to: .form("removal"))
        stage.press(.down, .down, .down, .down, .character(" "))
        #expect(stage.answers.remove.contains(.cache))
        for _ in 0..<8 where stage.walk.place != .start { stage.press(.escape) }
        #expect(stage.walk.place == .start)
        stage.press(.character("u"))
        #expect(stage.walk.place == .proposal)
        #expect(!stage.answers.remove.contains(.cache))
        stage.press(.escape)
        stage.click("team-b")
        #expect(stage.answers.namespace == "team-b" && stage.answers.release == "buildkit")
    }

    @Test func aLateReportOfAnotherInstallationIsDropped() {
        var stage = Stage()
        stage.send(.installations(Sample.manyInstallations))
        stage.press(.character("c"))
        let former = stage.answers.installation
        stage.press(.escape)
        stage.click("team-b")
        stage.press(.character("c"))
        #expect(stage.effects.last == .takeClients(stage.answers))
        stage.send(.clients(Sample.clients, of: former))
        #expect(stage.walk.model.clients == nil)
        stage.send(.clients(Sample.clients, of: stage.answers.installation))
        #expect(stage.walk.model.clients != nil)
    }

    @Test func theFilteredClientIsTheOneThatTheNextKeyMeans() {
        var stage = Stage()
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        stage.press(.character("/"), .character("c"), .character("i"), .enter, .character("R"))
        #expect(stage.answers.name == "ci")
    }

    @Test func aListIsFilteredAsOneTypes() {
        var stage = Stage()
        stage.press(.character("c"))
        stage.send(.clients(Sample.clients))
        stage.press(.character("/"), .character("c"), .character("i"))
        #expect(!stage.text.contains("admin"))
    }
}
