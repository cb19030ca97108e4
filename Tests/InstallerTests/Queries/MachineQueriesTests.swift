import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct ToolQueryTests {
    @Test(arguments: [
        (
            Query.kubectl, #"{"clientVersion":{"major":"1","gitVersion":"v1.32.4-dispatcher"}}"#,
            "1.32.4-dispatcher"
        ),
        (Query.helm, "v3.21.4", "3.21.4"),
        (
            Query.helm, #"version.BuildInfo{Version:"v4.2.3", GitCommit:"", GitTreeState:"", GoVersion:""}"#,
            "4.2.3"
        ),
        (Query.docker, "Docker version 28.2.2, build e6534b4\n", "28.2.2"),
        (Query.buildx, "github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4\n", "0.29.1+ds1"),
        (Query.buildx, "github.com/docker/buildx v0.13.1 788433953a\n", "0.13.1"),
    ])
    func aVersionIsReadAsTheToolPrintsIt(_ query: Query<String>, _ output: String, _ version: String) throws {
        #expect(try query.value(of: CommandResult(output: output)) == version)
    }

    @Test func aMissingPluginIsToldByTheExitStatus() {
        let errors = "docker: unknown command: docker buildx\n\nRun 'docker --help' for more information\n"
        #expect(
            throws: InstallerError(
                "Cannot read the version of docker buildx", detail: errors.trimmed, code: .toolFailed)
        ) { try Query.buildx.value(of: CommandResult(status: 1, errors: errors)) }
    }

    @Test func podmanInDockersPlaceIsNamed() {
        #expect {
            try Query.docker.value(of: CommandResult(output: "podman version 4.9.3\n"))
        } throws: {
            ($0 as? InstallerError)?.message
                == "docker on this machine is podman, which cannot register builders"
        }
        #expect {
            try Query.buildx.value(of: CommandResult(output: "buildah 1.33.7\n"))
        } throws: { ($0 as? InstallerError)?.message == "docker buildx on this machine is another program" }
    }

    @Test func noToolIsAskedForAnythingThatNeedsAnEngineOrAServer() {
        #expect(
            [Query.kubectl, .helm, .docker, .buildx].flatMap(\.commands).map(\.description) == [
                "kubectl version --client --output json",
                "helm version --template '{{.Version}}'",
                "docker --version",
                "docker buildx version",
            ])
    }

    /// The name of a context becomes the name of a folder and a word of hints.
    @Test func whatIsNoNameIsNoContext() {
        let flood = String(repeating: "x", count: 100_000)
        #expect {
            try Query.contexts.value(of: CommandResult(output: #"["\#(flood)", [{"name": "\#(flood)"}]]"#))
        } throws: { ($0 as? InstallerError)?.code == .toolOutputUnknown }
    }

    /// Lines of text were taken for names before.
    @Test(arguments: [
        "", "\n", "[{}", "[{}\n", "error: the plugin failed\nPlease log in again.\n",
        "production\nproduction\n",
        "{}", "null", "[]", #"["production"]"#, #"["production", ["production"]]"#,
        #"[null, [{"name": "production"}]]"#, #"["production", [{"name": "production"}], "more"]"#,
        #"["production", [{"name": 5}]]"#, #"["production", null] and more"#,
    ]) func theOutputOfAnotherProgramIsNotAKubeconfig(_ output: String) {
        #expect {
            try Query.contexts.value(of: CommandResult(output: output))
        } throws: {
            ($0 as? InstallerError)?.sentence
                == "The kubeconfig cannot be read: The output of kubectl contains no contexts."
        }
    }

    @Test func theContextsComeWithoutTheirCredentials() throws {
        let output = """
            ["production", [{"name": "production", "context": {"cluster": "c", "user": "u"}}, {"name": "a\\nb"}]]
            """
        let contexts = try Query.contexts.value(of: CommandResult(output: output))
        #expect(contexts == Facts.Contexts(names: ["production", "a\nb"], current: "production"))
        #expect(
            Query.contexts.commands.map(\.arguments) == [
                ["config", "view", "--output", "jsonpath-as-json={['current-context','contexts']}"]
            ])
    }

    @Test func aKubeconfigThatIsNotThereHasNoContexts() throws {
        let contexts = try Query.contexts.value(of: CommandResult(output: "[\n    \"\",\n    null\n]\n"))
        #expect(contexts == Facts.Contexts(names: [], current: ""))
    }

    @Test(arguments: [
        ("v1.36.2", Version(1, 36, 2)), ("1.30", Version(1, 30)), ("6.8.0-45-generic", Version(6, 8)),
        ("1.33+", Version(1, 33)), ("2.1.4~ds1", Version(2, 1, 4)),
    ])
    func aVersionIsReadInEveryForm(_ text: String, _ version: Version) {
        #expect(Version(text) == version)
    }

    @Test func whatIsNoVersionIsNone() {
        #expect(Version("main") == nil)
        #expect(Version("") == nil)
        #expect("no version here".firstVersion == nil)
    }
}

/// A user's docker and buildx files, below a temporary folder.
private struct DockerFiles {
    let home: String

    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: "\(home)/.docker/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func builders(_ environment: [String: String] = [:]) -> Facts.Builders {
        do {
            return try BuildxState(
                of: Dependencies(runner: ReplayRunner([]), environment: environment, home: home)
            ).builders()
        } catch {
            Issue.record("\(error)")
            return Facts.Builders(
                builders: [], current: nil, defaultConfiguration: nil, dockerContexts: [])
        }
    }
}

@Suite struct BuildxStateTests {
    /// A user with the builder `x`.
    private func withBuilder(_ body: (DockerFiles) throws -> Void) throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "buildx-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: home) } }
        let files = DockerFiles(home: home)
        try files.write(Recording.text("buildx-instance"), to: "buildx/instances/x")
        try body(files)
    }

    @Test func aBuilderIsReadWithItsOptions() throws {
        try withBuilder { files in
            #expect(
                files.builders().builders == [
                    Facts.Builder(
                        name: "x", driver: "remote",
                        nodes: [
                            Facts.BuilderNode(
                                name: "x0", endpoint: "tcp://localhost:1234",
                                options: [
                                    "cacert": "/a/ca.pem", "cert": "/a/cert.pem", "key": "/a/key.pem",
                                    "servername": "b",
                                ], platforms: ["linux/amd64", "linux/arm64"])
                        ])
                ])
        }
    }

    @Test func whoNeverUsedBuildxHasNothing() throws {
        #expect(
            DockerFiles(home: "/nonexistent").builders()
                == Facts.Builders(builders: [], current: nil, defaultConfiguration: nil, dockerContexts: []))
    }

    @Test func theCurrentBuilderIsTheOneOfThisEngine() throws {
        try withBuilder { files in
            try files.write(
                #"{"Key":"unix:///var/run/docker.sock","Name":"x","Global":false}"#, to: "buildx/current")
            #expect(files.builders().current == "x")
            #expect(files.builders(["DOCKER_HOST": "tcp://192.0.2.1:2375"]).current == nil)
            #expect(files.builders(["DOCKER_CONTEXT": "elsewhere"]).current == nil)
        }
    }

    @Test func aBuilderChosenForAllEnginesIsCurrentEverywhere() throws {
        try withBuilder { files in
            try files.write(#"{"Key":"","Name":"x","Global":true}"#, to: "buildx/current")
            #expect(files.builders(["DOCKER_HOST": "tcp://192.0.2.1:2375"]).current == "x")
        }
    }

    @Test func theEnginesDefaultCounts() throws {
        try withBuilder { files in
            // buildx created this file name for unix:///var/run/docker.sock.
            try files.write("x", to: "buildx/defaults/13c4025c96f36e94b348")
            #expect(files.builders().current == "x")
        }
    }

    @Test func theContextOfDockersConfigurationIsTheEngine() throws {
        try withBuilder { files in
            try files.write(#"{"auths": {}, "currentContext": "remote"}"#, to: "config.json")
            try files.write(#"{"Key":"remote","Name":"x","Global":false}"#, to: "buildx/current")
            #expect(files.builders().current == "x")
        }
    }

    @Test func aBuilderThatWasRemovedIsNotCurrent() throws {
        try withBuilder { files in
            try files.write(
                #"{"Key":"unix:///var/run/docker.sock","Name":"gone","Global":false}"#, to: "buildx/current")
            #expect(files.builders().current == nil)
        }
    }

    @Test func dockersContextsAndTheDefaultConfigurationAreSeen() throws {
        try withBuilder { files in
            try files.write(
                #"{"Name":"remote","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2375"}}}"#,
                to: "contexts/meta/9f2c/meta.json")
            try files.write("", to: "buildx/buildkitd.default.toml")
            #expect(files.builders().dockerContexts == ["remote"])
            #expect(
                files.builders().defaultConfiguration == "\(files.home)/.docker/buildx/buildkitd.default.toml"
            )
        }
    }

    @Test func aDockerContextThatIsNotThereIsSeen() throws {
        try withBuilder { files in
            #expect(files.builders().endpointProblem == nil)
            #expect(
                files.builders(["DOCKER_CONTEXT": "gone"]).endpointProblem
                    == .contextMissing("gone", isFromEnvironment: true))
            try files.write(#"{"currentContext":"desktop-linux"}"#, to: "config.json")
            #expect(
                files.builders().endpointProblem
                    == .contextMissing("desktop-linux", isFromEnvironment: false))
            // An address needs no context.
            #expect(files.builders(["DOCKER_HOST": "tcp://10.0.0.1:2375"]).endpointProblem == nil)
            try files.write(
                #"{"Name":"desktop-linux","Endpoints":{}}"#, to: "contexts/meta/fe9c/meta.json")
            #expect(files.builders().endpointProblem == nil)
        }
    }

    @Test func leftOverTLSSettingsWithoutTheirFilesAreSeen() throws {
        try withBuilder { files in
            let path = "\(files.home)/.docker/ca.pem"
            #expect(
                files.builders(["DOCKER_TLS_VERIFY": "1"]).endpointProblem == .certificatesMissing(path))
            #expect(
                files.builders(["DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nonexistent"]).endpointProblem
                    == .certificatesMissing("/nonexistent/ca.pem"))
            try files.write("", to: "ca.pem")
            #expect(files.builders(["DOCKER_TLS_VERIFY": "1"]).endpointProblem == nil)
        }
    }

    @Test func anotherFolderIsReadWhereTheEnvironmentNamesOne() throws {
        try withBuilder { files in
            #expect(files.builders(["DOCKER_CONFIG": "/nonexistent"]).builders.isEmpty)
            #expect(files.builders(["BUILDX_CONFIG": "\(files.home)/.docker/buildx"]).builders.count == 1)
        }
    }

    @Test func aFileThatIsHalfWrittenIsPassedOver() throws {
        try withBuilder { files in
            try files.write(#"{"Name":"y","Driver":"#, to: "buildx/instances/y")
            #expect(files.builders().builders.map(\.name) == ["x"])
        }
    }
}
