import FoundationEssentials
import LabSupport
import Testing

/// Obstacles are reported before any change.
@Suite struct RefusalTests {
    @Test func withoutAKubeconfigItSaysHowToNameOne() async throws {
        try await Installation.begin(kubeconfig: "/nowhere/kubeconfig") { installation in
            let outcome = try await installation.install()
            #expect(outcome.status == 69)
            #expect(outcome.errors.contains("export KUBECONFIG="), "\(outcome)")
            #expect(outcome.errors.hasSuffix("No changes were made.\n"))
        }
    }

    @Test func aServerThatIsNotThereIsNamed() async throws {
        let real = try await Cluster.shared.kubeconfig
        try await withTemporaryFolder { folder in
            let text = try String(contentsOf: URL(filePath: real), encoding: .utf8)
            let port = try #require(text.firstMatch(of: /127\.0\.0\.1:(\d+)/)?.1)
            // Nothing listens at the port of discard.
            let kubeconfig = "\(folder)/kubeconfig"
            try Data(text.replacing(":\(port)\"", with: ":9\"").utf8).write(to: URL(filePath: kubeconfig))
            try await Installation.begin(kubeconfig: kubeconfig) { installation in
                let outcome = try await installation.install()
                #expect(outcome.status == 69)
                #expect(outcome.errors.contains("The cluster does not respond"), "\(outcome)")
                #expect(outcome.errors.contains("127.0.0.1:9"))
            }
        }
    }

    @Test(arguments: [
        (LabPart.kubectl, "Install kubectl"), (.helm, "Install Helm"),
        (.docker, "Install the Docker CLI"),
    ])
    func aToolThatIsMissingIsNamedWithWhereToGetIt(_ tool: LabPart, _ hint: String) async throws {
        try await Installation.begin(tools: [.kubectl, .helm, .docker].filter { $0 != tool }) {
            installation in
            let outcome = try await installation.install()
            #expect(outcome.status == 69)
            #expect(outcome.errors.contains(hint), "\(outcome)")
            #expect(try await !installation.cluster.has(installation.namespace))
        }
    }

    @Test func allThatIsWrongWithTheAnswersIsSaidAtOnceAndNoToolIsRun() async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            let wrong = [
                "--namespace", "Bad_Name", "--port", "0", "--sans", "*.*.x", "--days", "0", "--image", "??",
                "--cache", "much", "--builder", "UPPER", "--endpoint", "nowhere:99999",
            ]
            let outcome = try await installation.laptop.installer.run(["install", "--yes"] + wrong)
            #expect(outcome.status == 64)
            for flag in wrong where flag.hasPrefix("--") {
                #expect(outcome.errors.contains(flag), "\(flag) is not named:\n\(outcome.errors)")
            }
            #expect(outcome.output.isEmpty)
            #expect(try tools.calls.isEmpty)
            #expect(try installation.files().map(\.path) == [".docker", ".docker/config.json"])
        }
    }
}
