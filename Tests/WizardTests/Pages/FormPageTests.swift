import FoundationEssentials
import Terminal
import Testing

@testable import Installer
@testable import Wizard

/// The effects of keys on a form page.
@Suite struct FormPageTests {
    private func page(_ id: String, facts: Facts = Sample.facts) -> Stage {
        var stage = Stage(facts: facts)
        stage.go(to: .form(id))
        return stage
    }

    @Test func whatIsTypedBecomesTheAnswer() {
        var stage = page("release")
        stage.replace(with: "builds")
        #expect(stage.answers.namespace == "builds")
    }

    @Test func formerValuesOfAFieldComeBack() {
        var stage = page("release")
        stage.replace(with: "builds")
        stage.press(.tab, .backTab, .alt("p"))
        #expect(stage.answers.namespace == "buildkit")
        stage.press(.alt("n"))
        #expect(stage.answers.namespace == "builds")
    }

    @Test func aRefusalWaitsUntilTheFieldIsLeft() {
        var stage = page("release")
        stage.replace(with: "my_")
        #expect(!stage.text.contains("lower-case"))
        stage.press(.tab)
        #expect(stage.text.contains("must contain only lowercase letters"))
    }

    @Test func aRefusedFieldShowsWhatWasTypedAndKeepsTheAnswerBefore() {
        var stage = page("release")
        stage.replace(with: "my_space")
        stage.press(.tab)
        #expect(stage.answers.namespace == "buildkit")
        #expect(stage.text.contains("my_space"))
    }

    @Test func aRefusedFieldIsRightAgainAsSoonAsItIs() {
        var stage = page("release")
        stage.replace(with: "my_")
        stage.press(.tab, .backTab, .backspace)
        #expect(!stage.text.contains("lower-case"))
        #expect(stage.answers.namespace == "my")
    }

    @Test func nextStaysOnAPageWithAProblemAndShowsTheField() {
        var stage = page("release")
        stage.replace(with: "my_space")
        stage.press(.tab, .control("n"))
        #expect(stage.walk.place == .form("release"))
        #expect(stage.text.contains("› Namespace"))
    }

    @Test func tabCompletesAPathBeforeItLeavesTheField() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["values-ci.yaml", "values.yaml"] {
            try Data().write(to: folder.appending(path: name))
        }
        func tab(_ stage: inout Stage) {
            stage.press(.tab)
            guard case .complete(let typed) = stage.effects.last else { return }
            stage.send(.completed(PathCompletion(typed, home: folder.path())))
        }
        var stage = page("builder")
        while !stage.text.contains("› Values file") { stage.press(.tab) }
        stage.type("~/va")
        tab(&stage)
        #expect(stage.answers.values == "~/values")
        // Several files match: a list to choose from.
        tab(&stage)
        #expect(stage.text.contains("~/values-ci.yaml"))
        stage.press(.down, .enter)
        #expect(stage.answers.values == "~/values.yaml")
        // Nothing is left to complete.
        tab(&stage)
        #expect(!stage.text.contains("› Values file"))
        #expect(stage.answers.values == "~/values.yaml")
    }

    @Test func aCompletionOfWhatIsTypedNoLongerChangesNothing() throws {
        var stage = page("builder")
        while !stage.text.contains("› Values file") { stage.press(.tab) }
        stage.type("/tm")
        stage.press(.tab)
        stage.type("x")
        stage.send(.completed(PathCompletion("/tm", home: "/")))
        #expect(stage.answers.values == "/tmx")
    }

    @Test func movingOverOptionsChoosesNone() {
        var stage = page("address")
        stage.press(.down, .down, .down, .up)
        #expect(stage.answers.exposure == .portForward)
    }

    @Test func enterTakesTheOptionAndGoesToTheNextField() {
        var stage = page("address")
        stage.press(.down, .enter)
        #expect(stage.answers.exposure == .loadBalancer)
        #expect(stage.walk.place == .form("address"))
        #expect(stage.text.contains("› Port"))
        stage.press(.enter, .enter, .enter)
        #expect(stage.text.contains("› Server name"))
        stage.press(.enter)
        #expect(stage.walk.place == .form("certificates"))
    }

    @Test func aHiddenFieldAppearsWhenItIsNeeded() {
        var stage = page("address")
        #expect(!stage.text.contains("Node port"))
        stage.press(.down, .down, .character(" "))
        #expect(stage.text.contains("Node port"))
    }

    @Test func fieldsThatNoLongerApplyVanish() {
        var stage = page("certificates")
        #expect(stage.text.contains("CA validity (days)"))
        stage.press(.down, .down, .enter)
        #expect(!stage.text.contains("CA validity (days)"))
        #expect(stage.text.contains("Directory"))
    }

    @Test func aContradictionIsShownAtItsField() {
        var stage = page("certificates")
        for _ in 0..<5 { stage.press(.tab) }
        stage.replace(with: "5000")
        stage.press(.enter)
        #expect(stage.walk.place == .form("certificates"))
        #expect(stage.text.contains("5000 days exceed the CA's validity of 3650"))
    }

    @Test func aLaterAnswerThatContradictsAnEarlierPageLeadsBackToIt() {
        var stage = page("address")
        stage.press(.tab, .tab)
        stage.type("builder.example.com")
        stage.press(.tab, .tab)
        stage.type("other.example.com")
        stage.press(.enter)
        #expect(stage.text.contains("no SAN covers other.example.com"))
        #expect(stage.text.contains("› Server name"))
    }

    @Test func spaceChangesASwitch() {
        var stage = page("registration")
        stage.press(.tab, .character(" "))
        #expect(!stage.answers.use)
        #expect(stage.text.contains("[ ] no"))
    }

    @Test func aProposalIsTakenWithAKey() {
        var stage = page("builder")
        stage.press(.tab, .tab)
        stage.press(.control("p"), .enter)
        #expect(stage.answers.storageClass == "fast-ssd")
    }

    @Test func proposalsForAListAreAddedAndTakenAwayOneByOne() {
        var stage = page("address")
        stage.press(.tab, .tab, .control("p"), .enter, .down, .enter, .up, .enter, .escape)
        #expect(stage.answers.sans.map { "\($0)" } == ["127.0.0.1"])
    }

    @Test func pastedLinesBecomeTheValuesOfAList() {
        var stage = page("address")
        stage.press(.tab, .tab)
        stage.send(.paste("a.example.com\nb.example.com\nlocalhost\n"))
        stage.press(.tab)
        #expect(stage.answers.sans.map { "\($0)" } == ["a.example.com", "b.example.com", "localhost"])
    }

    @Test func anInternationalNameIsShownInBothForms() {
        var stage = page("address")
        stage.press(.tab, .tab)
        stage.replace(with: "bücher.example.com")
        stage.press(.tab)
        #expect(stage.answers.sans.map { "\($0)" } == ["xn--bcher-kva.example.com"])
        #expect(stage.text.contains("xn--bcher-kva.example.com is bücher.example.com"))
        // The field keeps what was typed.
        #expect(stage.text.contains(/SANs +bücher\.example\.com/))
        stage.press(.backTab, .alt("y"))
        #expect(stage.copied == "bücher.example.com")
        stage.type(",*.wörld.example.com")
        stage.press(.tab)
        #expect(
            stage.answers.sans.map { "\($0)" } == ["xn--bcher-kva.example.com", "*.xn--wrld-5qa.example.com"])
        #expect(stage.text.contains(/SANs +bücher\.example\.com,\*\.wörld\.example\.com/))
    }

    @Test func aFilePastedByMistakeIsRefusedWhole() {
        var stage = page("address")
        stage.press(.tab, .tab)
        stage.replace(with: "a.example.com")
        stage.send(.paste(String(repeating: "x", count: 1_000_000)))
        #expect(stage.text.contains("A field takes up to 16384 characters; nothing was pasted"))
        stage.type("m")
        #expect(!stage.text.contains("nothing was pasted"))
        stage.press(.tab)
        #expect(stage.answers.sans.map { "\($0)" } == ["a.example.comm"])
    }

    @Test func theAddressPageSaysWhatBuildxDialsAndExpects() {
        var facts = Sample.facts
        facts.service = .known(.init(type: "LoadBalancer", addresses: ["203.0.113.7"], nodePort: nil))
        var stage = page("address", facts: facts)
        #expect(stage.text.contains("tcp://localhost:1234"))
        stage.press(.down, .enter)
        #expect(stage.text.contains("tcp://203.0.113.7:1234"))
        #expect(stage.text.contains("buildkit.buildkit.svc, a name in the certificate"))
    }

    @Test func anEmptyEndpointShowsTheAddressAsSoonAsItIsKnown() {
        var stage = page("address")
        #expect(stage.text.contains("tcp://localhost:1234 (auto)"))
        stage.press(.tab, .tab, .tab)
        stage.type("builder.example.com:2000")
        #expect(stage.text.contains("If empty: tcp://localhost:1234 (auto)."))
        stage = page("address")
        stage.press(.down, .enter)
        #expect(stage.text.contains("auto (from the exposure type)"))
        var facts = Sample.facts
        facts.service = .known(.init(type: "LoadBalancer", addresses: ["203.0.113.7"], nodePort: nil))
        stage = page("address", facts: facts)
        stage.press(.down, .enter)
        #expect(stage.text.contains("tcp://203.0.113.7:1234 (auto)"))
    }

    @Test func anEmptyServerNameShowsTheNameThatBuildxVerifies() {
        var stage = page("address")
        #expect(stage.text.contains("localhost (endpoint host)"))
        stage.press(.down, .enter)
        #expect(stage.text.contains("buildkit.buildkit.svc (first SAN)"))
        // The address that will be assigned may be one of these.
        stage.press(.tab)
        stage.type("203.0.113.7")
        stage.press(.tab)
        #expect(stage.text.contains("auto (endpoint host, else first SAN)"))
    }

    @Test func anEmptyNodePortShowsThatOfTheService() {
        var stage = page("address")
        stage.press(.down, .down, .enter)
        #expect(stage.text.contains("assigned by Kubernetes"))
        var facts = Sample.facts
        facts.service = .known(.init(type: "NodePort", addresses: [], nodePort: 31234))
        stage = page("address", facts: facts)
        stage.press(.down, .down, .enter)
        #expect(stage.text.contains("31234 (of the existing Service)"))
    }

    @Test func anEmptyFolderShowsWhereTheCertificatesAre() {
        var stage = page("certificates")
        #expect(stage.text.contains("~/.config/buildkit-installer/production/"))
        stage.press(.tab)
        #expect(stage.text.contains("~/.config/buildkit-installer/production/buildkit/buildkit/certs"))
    }

    @Test func anEmptyStorageClassShowsTheClustersDefault() {
        #expect(page("builder").text.contains("fast-ssd (cluster default)"))
        var facts = Sample.facts
        facts.storageClasses = .known([.init(name: "fast-ssd", isDefault: false)])
        let text = page("builder", facts: facts).text
        #expect(text.contains("cluster default"))
        #expect(!text.contains("fast-ssd"))
    }

    @Test func anEmptyImageShowsTheVariantOfTheSecurityProfile() {
        let image = "docker.io/moby/buildkit:\(Chart.appVersion)"
        var stage = page("builder")
        #expect(stage.text.contains("userns (every node supports user namespaces)"))
        #expect(stage.text.contains("\(image) (chart default)"))
        stage.press(.down, .enter)
        #expect(stage.answers.security == .rootless)
        #expect(stage.text.contains("\(image)-rootless (chart default)"))
        var facts = Sample.facts
        facts.server = .known("1.32.0")
        #expect(page("builder", facts: facts).text.contains("\(image)-rootless (chart default)"))
    }

    @Test func aQuestionMarkIsTypedIntoAFieldAndIsHelpElsewhere() {
        var stage = page("builder")
        stage.press(.character("?"))
        #expect(stage.text.contains("Esc close"))
        stage.press(.escape, .tab, .character("?"))
        #expect(!stage.text.contains("Esc close"))
    }

    /// Letters are typed, and Ctrl-Y inserts what was removed.
    @Test func theValueOfTheFieldIsCopiedWithAlt() {
        var stage = page("release")
        #expect(stage.text.contains("Alt-Y copy value"))
        stage.press(.alt("y"))
        #expect(stage.effects.last == .copy("buildkit"))
        stage.send(.copied)
        #expect(stage.text.contains("Alt-Y copied"))
        stage.type("y")
        #expect(stage.answers.namespace == "buildkity")
        #expect(!stage.text.contains("Alt-Y copied"))
        stage = page("address")
        stage.press(.alt("y"))
        #expect(stage.effects.last == .copy("port-forward"))
        // The SANs are empty: they are automatic.
        stage.press(.tab, .tab)
        let effects = stage.effects
        stage.press(.alt("y"))
        #expect(stage.effects == effects)
        stage.press(.function(1))
        #expect(!stage.text.contains("Alt-Y"))
    }

    @Test func everyFieldIsAskedOnSomePage() {
        #expect(
            Workflow.all.flatMap(\.forms).fields.allSatisfy { field in
                Workflow.all.contains { $0.place(asking: field.id) != nil }
            })
    }
}
