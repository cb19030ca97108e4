import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// While no proxy answers, its pods may show that waiting cannot help.
@Suite struct SilentProxyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Pods: CommandRunner {
        let pod: JSONValue

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            CommandResult(output: JSONValue.object(["items": [pod]]).text)
        }
    }

    /// Waits for an endpoint at which nothing listens.
    private func wait(_ pod: JSONValue, timeout: Int) async throws -> (RunState, seconds: Double) {
        try await CertificateFolder(path: folder.path).issue(
            CertificateOrder(names: [.ip([127, 0, 0, 1])], client: "admin"), now: Date())
        let registration = BuilderRegistration(
            builder: "team", address: .endpoint(endpoint: Endpoint(host: "127.0.0.1", port: 1)),
            servername: nil, folder: "\(folder.path)/client", platforms: [], use: true)
        let check = ClientAccessCheck(
            installation: Plan.installation, client: "admin", registration: registration, tunnel: nil,
            isRefused: false, isChange: false, timeout: timeout)
        let dependencies = Dependencies.test(Pods(pod: pod))
        let step = Step(id: "admitted", title: "Verify", action: .awaitClientAccess(look: check))
        let run = await rehearse(.test([step]), in: dependencies).run
        return (run, dependencies.now().timeIntervalSince(TestClock.start))
    }

    @Test func theCauseEndsTheWait() async throws {
        let (run, seconds) = try await wait(.pod("proxy", waiting: "InvalidImageName"), timeout: 180)
        #expect(run.failure?.message == "The image name of the proxy pods is not valid")
        #expect(run.failure?.code.rawValue == "InvalidImageName")
        #expect(seconds < 10)
    }

    @Test func withoutACauseItWaitsForTheWholeTime() async throws {
        let (run, seconds) = try await wait(.pod("builder", waiting: "InvalidImageName"), timeout: 6)
        #expect(run.failure?.message == "Client admin is not accepted at tcp://127.0.0.1:1")
        #expect(seconds >= 6)
    }
}

/// Steps that act on the pods of a release.
@Suite struct NudgeTests {
    private let look =
        "kubectl get deployments.apps,pods --selector app.kubernetes.io/instance=buildkit,"
        + "app.kubernetes.io/component=proxy --output json --request-timeout=5s --namespace team"

    private func run(_ action: Action, _ runner: ReplayRunner) async -> RunState {
        let step = Step(id: "one", title: "One", action: action)
        let run = await rehearse(.test([step]), in: .test(runner)).run
        #expect(runner.unplayed == [])
        return run
    }

    private func annotate(_ pods: String) -> String {
        "kubectl annotate pods \(pods) buildkit-installer/certificates-changed="
            + "\(TestClock.start.timeIntervalSince1970) --overwrite --namespace team"
    }

    private func list(_ pods: JSONValue...) -> CommandResult {
        let items = [JSONValue.deployment("proxy")] + pods
        return CommandResult(output: JSONValue.object(["items": .array(items)]).text)
    }

    @Test func onlyTheReleasesOwnProxiesAreAnnotated() async {
        let runner = ReplayRunner([
            look: list(.pod("proxy"), JSONValue.pod("proxy").copied),
            annotate("buildkit-proxy-1"): CommandResult(output: "pod/buildkit-proxy-1 annotated\n"),
        ])
        #expect(await run(.refreshProxies(installation: Plan.installation), runner).failure == nil)
    }

    @Test func podsThatAreNotKnownToBeTheReleasesAreNotAnnotated() async {
        let proxy = JSONValue.deployment("proxy").madeByHelm
            .setting(.null, at: ["metadata", "labels", "helm.sh/chart"])
        let items: JSONValue = ["items": [proxy, .pod("proxy")]]
        let runner = ReplayRunner([look: CommandResult(output: items.text)])
        let run = await run(.refreshProxies(installation: Plan.installation), runner)
        #expect(run.failure == nil)
        #expect(run["one"].lines.first?.text.contains("The proxy pods cannot be determined") == true)
    }

    /// It has ended since it was listed.
    @Test func aProxyThatIsGoneNeedsNoAnnotation() async {
        let second = JSONValue.pod("proxy").setting("buildkit-proxy-2", at: ["metadata", "name"])
        let gone = CommandResult(
            status: 1, errors: "Error from server (NotFound): pods \"buildkit-proxy-2\" not found\n")
        let both: [ReplayRunner.Recording] = [
            .init(look, list(.pod("proxy"), second)),
            .init(annotate("buildkit-proxy-1 buildkit-proxy-2"), gone),
        ]
        for rest: [ReplayRunner.Recording] in [
            [.init(look, list(.pod("proxy"))), .init(annotate("buildkit-proxy-1"))], [.init(look, list())],
        ] {
            let run = await run(
                .refreshProxies(installation: Plan.installation), ReplayRunner(both + rest))
            #expect(run.failure == nil)
            #expect(run["one"].lines.isEmpty)
        }
        // It is tried once more only.
        let last = await run(.refreshProxies(installation: Plan.installation), ReplayRunner(both + both))
        #expect(last.failure == nil)
        #expect(last["one"].lines.first?.text.hasPrefix("Cannot annotate the proxy pods") == true)
    }

    /// Then the update only takes longer.
    @Test func proxiesThatCannotBeListedAreNoFailure() async {
        let run = await run(
            .refreshProxies(installation: Plan.installation), ReplayRunner([look: Recording.forbidden]))
        #expect(run.failure == nil)
        #expect(run["one"].lines.first?.text.hasPrefix("Cannot annotate the proxy pods") == true)
    }

    private let gone = CommandResult(
        status: 1, errors: "Error from server (NotFound): deployments.apps \"b-builder\" not found\n")

    /// It was deleted since the plan was made: none of its pods has the former certificates.
    @Test func aDeploymentOfAnotherReleaseThatIsGoneNeedsNoRestart() async {
        let command = "kubectl rollout restart deployment/b-builder --namespace team"
        let other = await run(
            .restart(installation: Plan.installation.sibling("b"), deployment: "b-builder"),
            ReplayRunner([command: gone]))
        #expect(other.failure == nil)
        #expect(other["one"].lines.map(\.text).contains("The Deployment b-builder no longer exists"))
        let own = await run(
            .restart(installation: Plan.installation, deployment: "b-builder"),
            ReplayRunner([command: gone]))
        #expect(own.failure?.detail?.contains("(NotFound)") == true)
    }
}
