@testable import Installer
import Testing

@Suite struct BuildxChecksTests {
    private func builders(
        _ builders: [Facts.Builder] = [], defaultConfiguration: String? = nil, contexts: [String] = []
    ) -> Fact<Facts.Builders> {
        .known(
            Facts.Builders(
                builders: builders, current: nil, defaultConfiguration: defaultConfiguration,
                dockerContexts: contexts))
    }

    private func builder(driver: String = "remote", _ endpoints: String...) -> Facts.Builder {
        Facts.Builder(
            name: "remote-kubernetes", driver: driver,
            nodes: endpoints.enumerated().map {
                Facts.BuilderNode(name: "remote-kubernetes\($0)", endpoint: $1, options: [:], platforms: [])
            })
    }

    @Test func aMissingPluginIsNamedWithItsPackages() {
        let failure = InstallerError("Cannot read the version of docker buildx")
        #expect(
            verdict(.buildxPlugin) { facts, _ in facts.buildx = .unavailable(failure) }
                == .failed(
                    "docker has no buildx plugin",
                    hint: "Install the package docker-buildx-plugin, or docker-buildx on Debian: "
                        + "apt-get install docker-buildx"))
        #expect(
            verdict(.buildxPlugin) { facts, _ in
                facts.docker = .unavailable(failure)
                facts.buildx = .unavailable(failure)
            } == .skipped("docker is not usable"))
        #expect(
            verdict(.buildxPlugin) { facts, _ in
                facts.docker = .pending
                facts.buildx = .unavailable(failure)
            } == .pending)
    }

    @Test(arguments: [
        ("0.8.1-docker", "failed"), ("0.8.2+azure-1", "failed"), ("0.9.0", "ok"), ("0.29.1+ds1", "ok"),
    ])
    func aBuildxWithoutTheRemoteDriverFails(_ version: String, _ word: String) {
        #expect(verdict(.buildxPlugin) { facts, _ in facts.buildx = .known(version) }.word == word)
    }

    @Test func aDockerThatCannotTellItsEngineFails() {
        func judge(_ problem: Facts.EndpointProblem) -> CheckOutcome {
            verdict(.buildxPlugin) { facts, _ in
                var builders = facts.builders.value
                builders?.endpointProblem = problem
                facts.builders = builders.map { .known($0) } ?? .pending
            }
        }
        #expect(
            judge(.contextMissing("desktop-linux", isFromEnvironment: true))
                == .failed(
                    "DOCKER_CONTEXT names the Docker context 'desktop-linux', which does not exist",
                    hint: "Use the default context: unset DOCKER_CONTEXT"))
        #expect(
            judge(.contextMissing("colima", isFromEnvironment: false))
                == .failed(
                    "The current Docker context 'colima' does not exist",
                    hint: "Use the default context: docker context use default"))
        #expect(judge(.certificatesMissing("/x/ca.pem")).word == "failed")
        #expect(verdict(.buildxPlugin) { facts, _ in facts.builders = .pending } == .pending)
    }

    @Test func aDefaultConfigurationIsMovedAway() {
        let path = "/home/ada lovelace/.docker/buildx/buildkitd.default.toml"
        #expect(
            verdict(.defaultConfiguration) { facts, _ in facts.builders = builders(defaultConfiguration: path)
            }
                == .failed(
                    "buildx applies \(path) to every builder, and the remote driver rejects it",
                    hint: "mv '\(path)' '\(path).off'"))
    }

    @Test func theNameOfADockerContextIsRefused() {
        #expect(
            verdict(.builderName) { facts, _ in facts.builders = builders(contexts: ["remote-kubernetes"]) }
                == .failed(
                    "A Docker context is also named remote-kubernetes, so buildx rejects the name",
                    hint: "Choose another name: --builder remote-kubernetes-2"))
    }

    @Test func aBuilderOfAnotherDriverIsLeftAlone() {
        #expect(
            verdict(.builderName) { facts, _ in
                facts.builders = builders([builder(driver: "docker-container", "")])
            }
                == .failed(
                    "The builder remote-kubernetes exists with the driver docker-container",
                    hint: "Choose another name: --builder remote-kubernetes-2, or remove it: "
                        + "docker buildx rm remote-kubernetes"))
    }

    @Test func aRemoteBuilderOfTheNameIsThisOne() {
        let same = builders([.reading("/certs/client", at: "tcp://localhost:1234")])
        #expect(
            verdict(.builderName) { facts, _ in facts.builders = same }
                == .passed("remote-kubernetes is registered"))
        #expect(
            verdict(.builderSettings) { facts, _ in facts.builders = same } == .passed("tcp://localhost:1234")
        )
        #expect(verdict(.builderName) == .passed("remote-kubernetes is available"))
        #expect(verdict(.builderSettings) == .skipped("not registered yet"))
    }

    private let first = "/home/ada/.config/buildkit-installer/production/buildkit/buildkit/certs/client"

    @Test func aBuilderOfAnotherInstallationIsLeftAlone() {
        func judge(_ builder: Facts.Builder, takesOver: Bool = false) -> CheckOutcome {
            verdict(.builderSettings) { facts, answers in
                (answers.namespace, answers.takeOver) = ("team", takesOver)
                facts.builders = builders([builder])
            }
        }
        let others = Facts.Builder.reading(first, at: "tcp://localhost:1234")
        let what =
            "The builder remote-kubernetes belongs to the release buildkit in namespace buildkit of context production"
        #expect(
            judge(others)
                == .failed(
                    what,
                    hint:
                        "Choose another name: --builder remote-kubernetes-team. To change it anyway: "
                        + "--take-over"))
        #expect(
            judge(others, takesOver: true)
                == .warning("\(what), and will be registered for this installation instead", hint: nil))
        // Registered manually, for another endpoint.
        #expect(
            judge(builder("tcp://elsewhere:1234")).evidence
                == "The builder remote-kubernetes belongs to another builder at tcp://elsewhere:1234")
        var own = verdict(.builderSettings) { facts, _ in
            facts.builders = builders([.reading("/certs/client", at: "tcp://localhost:1234")])
        }
        #expect(own == .passed("tcp://localhost:1234"))
        // By its name and its address together.
        own = verdict(.builderSettings) { facts, answers in
            answers.endpoint = Endpoint(host: "builder.example.com", port: 1234)
            facts.builders = builders([.reading("/elsewhere", at: "tcp://builder.example.com:1234")])
        }
        #expect(own.word == "ok")
    }

    @Test func aBuilderWhoseFileCannotBeReadIsNotAbsent() {
        let unreadable = verdict(.builderName) { facts, _ in
            facts.builders = .known(
                Facts.Builders(
                    builders: [], current: nil, defaultConfiguration: nil, dockerContexts: [],
                    unreadable: ["remote-kubernetes"]))
        }
        #expect(unreadable.word == "failed")
    }

    @Test func aSecondInstallationNamesItsBuilderAfterItself() {
        var answers = Answers()
        answers.namespace = "team"
        func name(_ all: [Facts.Builder], reading folder: String = "/certs/client") -> String? {
            builders(all).value?.defaultName(answers, Facts.ClientFolders(own: folder))
        }
        #expect(name([]) == "remote-kubernetes")
        let other = Facts.Builder.reading(first, at: "tcp://localhost:1234")
        #expect(name([other]) == "remote-kubernetes-team")
        #expect(name([other], reading: first) == "remote-kubernetes")
        // Once a builder is registered, its name is used, regardless of the other builder.
        let own = Facts.Builder.reading("/certs/client", at: "tcp://localhost:1234", "remote-kubernetes-team")
        #expect(name([other, own]) == "remote-kubernetes-team")
        #expect(name([own]) == "remote-kubernetes-team")
        let taken = Facts.Builder.reading("/c/client", at: "tcp://localhost:1234", "remote-kubernetes-team")
        #expect(name([other, taken]) == "remote-kubernetes-team-buildkit")
    }

    @Test func aBuilderElsewhereWillBeChanged() {
        #expect(
            verdict(.builderSettings) { facts, _ in
                facts.builders = builders([.reading("/certs/client", at: "tcp://192.0.2.1:1234")])
            }
                == .warning(
                    "remote-kubernetes is registered at tcp://192.0.2.1:1234; "
                        + "it will be changed to tcp://localhost:1234",
                    hint: nil))
    }

    /// A node of the user, as `docker buildx create --append` adds it.
    private let appended = Facts.BuilderNode(
        name: "remote-kubernetes1", endpoint: "tcp://b.example.com:1234", options: [:], platforms: [])

    @Test func furtherNodesAreKept() {
        var builder = Facts.Builder.reading("/certs/client", at: "tcp://localhost:1234")
        builder.nodes.append(appended)
        #expect(
            verdict(.builderSettings) { facts, _ in facts.builders = builders([builder]) }
                == .warning(
                    "remote-kubernetes has additional nodes, which are kept: remote-kubernetes1",
                    hint: "To remove one: docker buildx create --name remote-kubernetes --node "
                        + "remote-kubernetes1 --leave"))
    }

    /// Registered manually, for the address of this machine: nothing shows that its first node is ours.
    @Test func aBuilderWithNodesOfOthersIsChangedByConsentAlone() {
        func judge(takesOver: Bool) -> CheckOutcome {
            verdict(.builderSettings) { facts, answers in
                (answers.namespace, answers.takeOver) = ("team", takesOver)
                facts.builders = builders([builder("tcp://localhost:1234", "tcp://b.example.com:1234")])
            }
        }
        let what = "The builder remote-kubernetes belongs to another builder at tcp://localhost:1234"
        let kept = "; its other nodes are kept: remote-kubernetes1"
        #expect(
            judge(takesOver: false)
                == .failed(
                    what,
                    hint: "Choose another name: --builder remote-kubernetes-team. To change it anyway: "
                        + "--take-over\(kept)"))
        #expect(
            judge(takesOver: true)
                == .warning("\(what), and will be registered for this installation instead\(kept)", hint: nil)
        )
    }

    /// buildx changes a node by its name, and adds none to a builder without a flag for it.
    @Test(arguments: [false, true]) func aBuilderOfOtherNodesAloneIsNotChanged(_ takesOver: Bool) {
        var builder = builder("tcp://localhost:1234")
        builder.nodes[0].name = "mine"
        #expect(
            verdict(.builderSettings) { facts, answers in
                (answers.namespace, answers.takeOver) = ("team", takesOver)
                facts.builders = builders([builder])
            }
                == .failed(
                    "The builder remote-kubernetes has only nodes that buildkit-installer cannot change: mine",
                    hint: "Choose another name: --builder remote-kubernetes-team, or remove it: "
                        + "docker buildx rm remote-kubernetes"))
    }

    /// The user supplies the Secrets, but the builder at that address is not one that the user registered.
    @Test func aBuilderOfAnotherInstallationIsNotAdopted() {
        let theirs = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [], isOurs: false)
        func judge(_ check: Check, _ builder: Facts.Builder) -> String {
            verdict(check) { facts, answers in
                answers.namespace = "team"
                facts.secrets = .known(Facts.Secrets(outer: theirs, inner: theirs, findings: []))
                facts.builders = builders([builder])
            }.word
        }
        let other = Facts.Builder.reading(first, at: "tcp://localhost:1234")
        let byHand = Facts.Builder.reading("/by-hand", at: "tcp://localhost:1234")
        for check in [Check.builderSettings, .secrets] {
            #expect(judge(check, other) == "failed")
            #expect(judge(check, byHand) == "ok")
        }
    }
}
