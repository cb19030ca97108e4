import Testing

@testable import Installer

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
            throws: Failure("docker buildx does not say its version", detail: errors.trimmed)
        ) { try Query.buildx.value(of: CommandResult(status: 1, errors: errors)) }
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

    @Test func theContextsComeWithoutTheirCredentials() throws {
        let contexts = try Query.contexts.value(
            of: CommandResult(output: "production\nproduction\nstaging\n"))
        #expect(contexts == Facts.Contexts(names: ["production", "staging"], current: "production"))
        #expect(
            Query.contexts.commands.map(\.arguments) == [
                [
                    "config", "view", "--output",
                    #"jsonpath={.current-context}{"\n"}{range .contexts[*]}{.name}{"\n"}{end}"#,
                ]
            ])
    }

    @Test func aKubeconfigThatIsNotThereHasNoContexts() throws {
        let contexts = try Query.contexts.value(of: CommandResult(output: "\n"))
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
