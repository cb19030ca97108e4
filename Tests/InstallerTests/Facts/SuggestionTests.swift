@testable import Installer
import MutualTLS
import Testing

@Suite struct ProposalTests {
    private var facts: Facts {
        var facts = Facts()
        facts.contexts = .known(Facts.Contexts(names: ["production", "staging"], current: "staging"))
        facts.service = .known(
            Facts.ServiceState(type: "LoadBalancer", addresses: ["203.0.113.7"], nodePort: 31234))
        facts.nodes = .known([
            Facts.Node(
                name: "a", addresses: ["198.51.100.4", "node_a"], architecture: "amd64", kernel: "",
                kubelet: "",
                runtime: "")
        ])
        facts.namespaces = .known(["builds", "buildkit", "kube-system"])
        facts.installations = .known([
            ClusterInstallation(
                InstallationID(context: "staging", namespace: "builds", release: "buildkit"),
                scale: ScaleState(builder: "buildkit-builder", wanted: 1, ready: 1))
        ])
        facts.storageClasses = .known([
            Facts.StorageClass(name: "slow", isDefault: false),
            Facts.StorageClass(name: "fast", isDefault: true),
        ])
        return facts
    }

    private func values(_ field: Field.ID, _ exposure: Exposure) -> [String] {
        var answers = Answers()
        answers.exposure = exposure
        return facts.proposals(for: field, with: answers).map(\.value)
    }

    @Test func aNamespaceWithAnInstallationIsMarked() {
        let offers = facts.proposals(for: "namespace", with: Answers())
        #expect(offers.map(\.value) == ["builds", "buildkit"])
        #expect(offers.map(\.reason) == ["has an installation", "namespace"])
    }

    @Test func theSANsFollowTheExposure() {
        let service = ["buildkit.buildkit.svc", "buildkit.buildkit.svc.cluster.local"]
        #expect(values("sans", .portForward) == ["localhost", "127.0.0.1", "::1"] + service)
        #expect(values("sans", .loadBalancer) == ["203.0.113.7"] + service)
        #expect(values("sans", .nodePort) == ["198.51.100.4"] + service)
    }

    @Test func theEndpointHasThePortThatIsOutside() {
        #expect(values("endpoint", .portForward) == ["tcp://localhost:1234"])
        #expect(values("endpoint", .loadBalancer) == ["tcp://203.0.113.7:1234"])
        #expect(values("endpoint", .nodePort) == ["tcp://198.51.100.4:31234"])
    }

    @Test func everyProposalIsAnAnswerThatItsFieldTakes() throws {
        for field in Field.all {
            for exposure in Exposure.allCases {
                for value in values(field.id, exposure) {
                    var answers = Answers()
                    try field.store(value, in: &answers)
                }
            }
        }
    }

    @Test func theDefaultStorageClassComesFirst() {
        #expect(values("storage-class", .portForward) == ["fast", "slow"])
    }

    @Test func theCurrentContextIsMarked() {
        #expect(
            facts.proposals(for: "context", with: Answers()) == [
                Suggestion(value: "production", reason: "context"),
                Suggestion(value: "staging", reason: "current context"),
            ])
    }

    @Test func nothingIsSaidToBeMissingBeforeItWasLookedUp() {
        func reasons(_ facts: Facts) -> Set<String> {
            Set(facts.proposals(for: Field.remove.id, with: Answers()).map(\.reason))
        }
        #expect(reasons(Facts()) == ["checking…"])
        var facts = Facts()
        facts.secrets = .unavailable(InstallerError("The Secrets cannot be read"))
        #expect(reasons(facts) == ["checking…", "unknown: The Secrets cannot be read"])
        facts.secrets = .known(.init(outer: nil, inner: nil, findings: []))
        #expect(reasons(facts) == ["checking…", "none found"])
    }

    @Test func theProfileSaysWhy() {
        #expect(facts.proposals(for: "security", with: Answers()).map(\.value) == ["rootless"])
        #expect(facts.proposals(for: "builder", with: Answers()).isEmpty)
    }
}
