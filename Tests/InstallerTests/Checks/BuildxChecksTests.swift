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
        let failure = InstallerError("docker buildx does not say its version")
        #expect(
            verdict(.buildxPlugin) { facts, _ in facts.buildx = .unavailable(failure) }
                == .failed(
                    "docker has no buildx plugin",
                    hint: "Install the package docker-buildx-plugin, or docker-buildx from Debian: "
                        + "apt-get install docker-buildx"))
        #expect(
            verdict(.buildxPlugin) { facts, _ in
                facts.docker = .unavailable(failure)
                facts.buildx = .unavailable(failure)
            } == .skipped("docker cannot be asked"))
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
                    "DOCKER_CONTEXT names the docker context 'desktop-linux', which is not there",
                    hint: "Take docker's own: unset DOCKER_CONTEXT"))
        #expect(
            judge(.contextMissing("colima", isFromEnvironment: false))
                == .failed(
                    "docker's current context is 'colima', which is not there",
                    hint: "Take docker's own: docker context use default"))
        #expect(judge(.certificatesMissing("/x/ca.pem")).word == "failed")
        #expect(verdict(.buildxPlugin) { facts, _ in facts.builders = .pending } == .pending)
    }

    @Test func aDefaultConfigurationIsMovedAway() {
        let path = "/home/ada lovelace/.docker/buildx/buildkitd.default.toml"
        #expect(
            verdict(.defaultConfiguration) { facts, _ in facts.builders = builders(defaultConfiguration: path)
            }
                == .failed(
                    "buildx would give \(path) to every builder, which the remote driver refuses",
                    hint: "mv '\(path)' '\(path).off'"))
    }

    @Test func theNameOfADockerContextIsRefused() {
        #expect(
            verdict(.builderName) { facts, _ in facts.builders = builders(contexts: ["remote-kubernetes"]) }
                == .failed(
                    "A docker context is called remote-kubernetes, so buildx refuses the name",
                    hint: "Choose another name: --builder remote-kubernetes-2"))
    }

    @Test func aBuilderOfAnotherDriverIsLeftAlone() {
        #expect(
            verdict(.builderName) { facts, _ in
                facts.builders = builders([builder(driver: "docker-container", "")])
            }
                == .failed(
                    "The builder remote-kubernetes is there, with the driver docker-container",
                    hint: "Choose another name: --builder remote-kubernetes-2, or remove it: "
                        + "docker buildx rm remote-kubernetes"))
    }

    @Test func aRemoteBuilderOfTheNameIsThisOne() {
        let same = builders([builder("tcp://localhost:1234")])
        #expect(
            verdict(.builderName) { facts, _ in facts.builders = same }
                == .passed("remote-kubernetes is registered"))
        #expect(
            verdict(.builderSettings) { facts, _ in facts.builders = same } == .passed("tcp://localhost:1234")
        )
        #expect(verdict(.builderName) == .passed("remote-kubernetes is free"))
        #expect(verdict(.builderSettings) == .skipped("there is none"))
    }

    @Test func aBuilderElsewhereWillBeChanged() {
        #expect(
            verdict(.builderSettings) { facts, _ in
                facts.builders = builders([builder("tcp://192.0.2.1:1234")])
            }
                == .warning(
                    "remote-kubernetes is at tcp://192.0.2.1:1234; "
                        + "it will be changed to tcp://localhost:1234",
                    hint: nil))
    }

    @Test func furtherNodesAreTold() {
        #expect(
            verdict(.builderSettings) { facts, _ in
                facts.builders = builders([builder("tcp://localhost:1234", "tcp://b.example.com:1234")])
            }
                == .warning(
                    "remote-kubernetes has further nodes, which stay: remote-kubernetes1",
                    hint: "Begin anew: docker buildx rm remote-kubernetes"))
    }
}
