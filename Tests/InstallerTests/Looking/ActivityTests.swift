import Testing

@testable import Installer

@Suite(.timeLimit(.minutes(10)))
struct ActivityTests {
    private let site = Site(context: "", namespace: "team", release: "buildkit")
    private static let pods =
        "kubectl get pods --selector app.kubernetes.io/instance=buildkit,app.kubernetes.io/component=proxy "
        + "--field-selector status.phase=Running --output name --request-timeout=5s --namespace team"

    /// What Envoy 1.40 said while two builds ran through the chart's proxy.
    private var twoBuilds: String { get throws { try Recording.text("envoy-metrics-two-builds", "txt") } }

    @Test func envoysFiguresSayHowManyClientsAreServed() throws {
        #expect(try Activity(metrics: twoBuilds) == Activity(running: 2, held: 0))
    }

    @Test func whatIsAskedButNotPassedOnIsHeld() throws {
        let metrics = try twoBuilds.replacing(
            #"rq_active{envoy_http_conn_manager_prefix="buildkit"} 6"#,
            with: #"rq_active{envoy_http_conn_manager_prefix="buildkit"} 9"#)
        #expect(try Activity(metrics: metrics) == Activity(running: 2, held: 3))
    }

    @Test func aConnectionWithoutRequestsIsNobodysBuild() throws {
        let metrics = try twoBuilds.replacing("\"} 6", with: "\"} 0")
        #expect(try Activity(metrics: metrics).isNone)
    }

    @Test func otherFiguresAreNone() {
        #expect(throws: Failure.self) { try Activity(metrics: "up 1\n") }
    }

    @Test func everyProxyIsAsked() async throws {
        let figures = try twoBuilds
        let runner = TranscriptRunner(
            [
                .init(Self.pods, CommandResult(output: "pod/one\npod/two\n")),
                forward("one", "40001"), forward("two", "40002"), get("40001", figures),
                get("40002", figures),
            ], order: .any)
        #expect(try await Activity.look(in: .test(runner), at: site) == Activity(running: 4, held: 0))
        #expect(runner.unplayed == [])
    }

    @Test func aForwardThatDoesNotComeAboutIsSaid() async throws {
        let runner = TranscriptRunner([
            .init(Self.pods, CommandResult(output: "pod/one\n")),
            .init(
                "kubectl port-forward pod/one :metrics --namespace team",
                CommandResult(status: 1, errors: "error: unable to forward port: pod is not running\n")),
        ])
        await #expect(
            throws: Failure(
                "The port-forward to the proxy one ended",
                detail: "error: unable to forward port: pod is not running",
                hint: "Try it by hand: kubectl port-forward pod/one :metrics --namespace team")
        ) {
            try await Activity.look(in: .test(runner), at: site)
        }
    }

    private func forward(_ pod: String, _ port: String) -> TranscriptRunner.Recording {
        .init(
            "kubectl port-forward pod/\(pod) :metrics --namespace team",
            CommandResult(
                output: "Forwarding from 127.0.0.1:\(port) -> 9902\nForwarding from [::1]:\(port) -> 9902\n"),
            goesOn: true)
    }

    private func get(_ port: String, _ figures: String) -> TranscriptRunner.Recording {
        .init(
            "kubectl get --raw /metrics --kubeconfig /dev/null --server http://127.0.0.1:\(port) "
                + "--request-timeout=5s", CommandResult(output: figures))
    }
}
