import FoundationEssentials
@testable import Installer
import Testing

/// The queries of a status: each one once, and none that would wake a builder.
@Suite struct StatusLookTests {
    private static let kinds = ReleaseObjects.kinds.joined(separator: ",")
    private static let objects =
        "kubectl get \(kinds) --output json --request-timeout=5s --namespace team --context production"
    private static let secrets =
        "kubectl get secret buildkit-envoy-certs buildkit-secrets --ignore-not-found --output json "
        + "--request-timeout=5s --namespace team --context production"
    private static let history =
        "helm history buildkit --max 1 --output json --namespace team --kube-context production"
    private static let release = CommandResult(
        output: """
            [{"revision": 3, "status": "deployed", "chart": "buildkit-\(Chart.version)", \
            "app_version": "\(Chart.appVersion)"}]
            """)

    private func look(_ recordings: [ReplayRunner.Recording]) async -> (StatusReport, ReplayRunner) {
        let runner = ReplayRunner(recordings, order: .any)
        var answers = Answers()
        (answers.context, answers.namespace) = ("production", "team")
        let look = StatusCollector(
            dependencies: .test(runner), answers: answers, given: ["context", "namespace"])
        return (await look.status(), runner)
    }

    private func list(_ items: [JSONValue]) -> CommandResult {
        CommandResult(output: JSONValue.object(["items": .array(items)]).text)
    }

    @Test func everythingIsAskedOnce() async {
        let (status, runner) = await look([
            .init(
                Self.objects,
                list([
                    .deployment("builder"), .deployment("proxy"), .pod("builder"), .pod("proxy"),
                    // Pods of others with the labels of the release.
                    JSONValue.pod("builder").copied, JSONValue.pod("proxy").copied,
                ])),
            .init(Self.history, Self.release), .init(Self.secrets),
            .init(
                "kubectl port-forward pod/buildkit-proxy-1 :metrics --namespace team --context production",
                CommandResult(output: "Forwarding from 127.0.0.1:40001 -> 9902\n"), goesOn: true),
            .init(
                "kubectl get --raw /metrics --kubeconfig /dev/null --server http://127.0.0.1:40001 "
                    + "--request-timeout=5s",
                CommandResult(
                    output: #"envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix="buildkit"} 1"#
                        + "\n")),
            .init(
                "kubectl get --raw /api/v1/nodes/node-1/proxy/stats/summary --request-timeout=5s "
                    + "--context production",
                CommandResult(
                    output: """
                        {"pods": [{"podRef": {"name": "buildkit-builder-1", "namespace": "team"}, "volume": \
                        [{"name": "config"}, {"name": "cache", "usedBytes": 10, "availableBytes": 20}]}]}
                        """)),
        ])
        #expect(runner.unplayed == [])
        #expect(status.pods.map(\.name) == ["buildkit-builder-1", "buildkit-proxy-1"])
        #expect(status.builds == BuildActivity(running: 0, held: 1))
        #expect(status.cache?.use == CacheUse(used: 10, free: 20))
        #expect(status.release?.app == Chart.appVersion)
        #expect(status.release?.newerChart == nil)
        #expect(status.unknown == [])
        #expect(status.health == .well)
    }

    @Test func aPodThatIsNotReadyIsAskedForItsLog() async {
        let (status, runner) = await look([
            .init(
                Self.objects, list([.deployment("builder"), .pod("builder", waiting: "CrashLoopBackOff")])),
            .init(Self.history, Self.release), .init(Self.secrets),
            .init(
                "kubectl get --raw "
                    + "'/api/v1/namespaces/team/pods/buildkit-builder-1/log?container=buildkitd&tailLines=5' "
                    + "--request-timeout=5s --context production",
                CommandResult(output: "one\npassword AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKl\n")),
        ])
        #expect(runner.unplayed == [])
        #expect(status.pods.first?.lastLines == ["one", "password (removed)"])
        #expect(status.unknown.map(\.part).contains("builds"))
    }

    @Test func whatMayNotBeListedIsLeftOut() async {
        var partly = list([.deployment("builder", replicas: 0), .deployment("proxy"), .pod("proxy")])
        partly.status = 1
        partly.errors = """
            Error from server (Forbidden): events is forbidden: User "ada" cannot list resource "events" in API \
            group "" in the namespace "team"

            """
        let (status, _) = await look([.init(Self.objects, partly), .init(Self.history, Self.release)])
        #expect(status.sleep?.isAsleep == true)
        #expect(status.unknown.map(\.part).contains("events"))
        #expect(status.unknown.map(\.part).contains("Secrets"))
    }

    private struct NoTools: CommandRunner {
        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            throw InstallerError(unstarted: command.tool, on: "")
        }
    }

    /// The kubeconfig tells the current context in most cases; otherwise the files of the installation are unknown, and
    /// those of another one say nothing about it.
    @Test(arguments: [true, false])
    func withoutKubectlNothingUntrueIsSaidOfTheInstallation(isNamed: Bool) async throws {
        let home = try TemporaryFolder()
        defer { withExtendedLifetime(home) {} }
        var dependencies = Dependencies.test(NoTools(), home: home.path)
        dependencies.environment["KUBECONFIG"] = try home.write(
            isNamed ? "current-context: production" : "{current-context: production}", to: "kubeconfig")
        var answers = Answers(
            about: InstallationID(context: "production", namespace: "buildkit", release: "buildkit"))
        let folder = "\(dependencies.places.certificates(of: answers.installation))/client"
        try home.write(
            """
            {"Name": "remote-kubernetes", "Driver": "remote", "Nodes": [{"Name": "a", \
            "Endpoint": "tcp://127.0.0.1:1", "DriverOpts": {"cert": "\(folder)/cert.pem"}}]}
            """, to: ".docker/buildx/instances/remote-kubernetes")
        (answers.context, answers.endpoint) = ("", Endpoint(host: "127.0.0.1", port: 1))
        let status = await StatusCollector(
            dependencies: dependencies, answers: answers, given: ["endpoint"]
        ).status()
        #expect(status.installation.context == (isNamed ? "production" : ""))
        #expect(status.unknown.first?.part == "cluster")
        #expect(status.unknown.first?.failure.code == .toolMissing)
        #expect(
            status.lines.contains {
                $0.hasSuffix("  Install kubectl: https://kubernetes.io/docs/tasks/tools/")
            })
        #expect(!status.remarks.contains { $0.code == "BuilderFilesDiffer" })
        #expect((status.builder?.folder == folder) == isNamed)
        let unread = status.unknown.filter { $0.failure.message == "The current context is unknown" }
        #expect(unread.map(\.part) == (isNamed ? [] : ["certificates on this machine", "builder"]))
        #expect(status.lines.contains { $0.hasSuffix("  Specify it: --context NAME") } == !isNamed)
    }

    @Test func whereTheClusterDoesNotAnswerHelmIsGivenUp() async {
        let silent = CommandResult(
            status: 1,
            errors: """
                E1122 21:04:08.987757   22803 memcache.go:265] "Unhandled Error" err="connection refused"
                The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?

                """)
        let (status, runner) = await look([
            .init(Self.objects, silent), .init(Self.history, goesOn: true), .init(Self.secrets, silent),
        ])
        #expect(runner.unplayed == [])
        #expect(
            status.unknown.first?.failure
                == InstallerError(
                    "The cluster does not respond",
                    detail:
                        "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
                    hint:
                        "Check the network, a VPN and the context, then try it: kubectl version --request-timeout=5s --context production"
                ))
        #expect(status.health == .wrong)
    }
}
