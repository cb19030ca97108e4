import FoundationEssentials
@testable import Installer
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct SightingTests {
    @Test func onlyRequestsCountForTheirIdentityIsVerified() {
        let log = """
            [2026-11-22 20:00:00.000][1][warning] something of Envoy's own
            {"time":"2026-11-22T20:00:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"AB01","method":"/moby.buildkit.v1.Control/ListWorkers"}
            {"time":"2026-11-22T21:00:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"ab02","method":"/moby.buildkit.v1.Control/Solve"}
            {"time":"2026-11-22T20:30:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"ab01","method":"/moby.buildkit.v1.Control/Solve"}
            {"time":"2026-11-22T22:00:00.000Z","peer_uri":"spiffe://buildkit/client/eve","tls_error":"CERTIFICATE_VERIFY_FAILED","conn_closed":7}
            {"time":"2026-11-22T22:00:00.000Z","peer_uri":null,"peer_serial":"ab03","method":"/x"}
            """
        let sightings = [String: LastSeen](accessLogs: ["", log])
        #expect(sightings.keys.sorted() == ["bob"])
        #expect(sightings["bob"]?.serial == "ab02")
    }

    private let pods =
        "kubectl get deployments.apps,pods --selector app.kubernetes.io/instance=buildkit,"
        + "app.kubernetes.io/component=proxy --output json --request-timeout=5s --namespace team"

    private func sightings(_ runner: ReplayRunner) async throws -> [String: LastSeen] {
        try await Query.sightings(Plan.installation).value(from: runner)
    }

    /// A stranger's log could name any client.
    @Test func onlyTheLogsOfTheReleasesOwnProxiesAreRead() async throws {
        let request =
            #"{"time":"2026-11-22T20:00:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"ab","#
            + #""method":"/x"}"#
        let starting = JSONValue.pod("proxy").setting("starting", at: ["metadata", "name"])
            .setting("Pending", at: ["status", "phase"])
        let list: JSONValue = [
            "items": [.deployment("proxy"), .pod("proxy"), JSONValue.pod("proxy").copied, starting]
        ]
        // Another container may have been added to the pod.
        let log =
            "kubectl get --raw '/api/v1/namespaces/team/pods/buildkit-proxy-1/log?container=envoy&tailLines=20000' "
            + "--request-timeout=5s"
        let runner = ReplayRunner([
            pods: CommandResult(output: list.text), log: CommandResult(output: request),
        ])
        #expect(try await sightings(runner).keys.sorted() == ["bob"])
        #expect(runner.unplayed == [])
    }

    @Test(arguments: KubernetesLabels.components) func theContainerIsThatOfTheChart(_ component: String) {
        let deployment = Chart.files.first { $0.path == "templates/\(component)/deployment.yaml" }
        let name = KubernetesLabels.container(of: component)
        #expect(deployment?.text.contains("containers:\n        - name: \(name)\n") == true)
    }

    @Test func withoutProxiesNobodyHasConnected() async throws {
        let none = ReplayRunner([pods: CommandResult(output: #"{"items": []}"#)])
        #expect(try await sightings(none).isEmpty)
        let refused = ReplayRunner([pods: Recording.forbidden])
        await #expect(throws: InstallerError.self) { try await sightings(refused) }
    }
}

@Suite struct SlumberTests {
    private static let labels =
        #"{"helm.sh/chart":"buildkit-0.1.0","app.kubernetes.io/instance":"buildkit"}"#
    private static let asleep = CommandResult(
        output:
            #"{"items":[{"metadata":{"name":"b","labels":\#(labels)},"spec":{"replicas":0},"status":{}}]}"#
    )
    private static let awake = CommandResult(
        output:
            #"{"items":[{"metadata":{"name":"b","labels":\#(labels)},"spec":{"replicas":1},"status":{"readyReplicas":1}}]}"#
    )
    private static let noKEDA = CommandResult(
        status: 1, errors: "error: the server doesn't have a resource type \"scaledobjects\"\n")

    private func slumber(_ deployment: CommandResult, _ scaledObjects: CommandResult) async throws
        -> ScaleState
    {
        let runner = ReplayRunner(
            [
                "kubectl get deployments.apps --selector "
                    + "app.kubernetes.io/instance=buildkit,app.kubernetes.io/component=builder "
                    + "--output json --request-timeout=5s --namespace team": deployment,
                "kubectl get scaledobjects.keda.sh --output json --request-timeout=5s --namespace team":
                    scaledObjects,
            ], order: .any)
        let slumber = try await ScaleState.look(in: .test(runner), at: Plan.installation)
        #expect(runner.unplayed == [])
        return slumber
    }

    @Test func aBuilderWithoutPodsSleeps() async throws {
        let slumber = try await slumber(Self.asleep, Self.noKEDA)
        #expect(slumber == ScaleState(builder: "b", wanted: 0, ready: 0))
        #expect(slumber.isAfter(.sleep))
        #expect(!slumber.isAfter(.wake))
    }

    @Test func aBuilderIsAwakeOnceItIsReady() async throws {
        #expect(try await slumber(Self.awake, Self.noKEDA).isAfter(.wake))
        #expect(!ScaleState(builder: "b", wanted: 1, ready: 0).isAfter(.wake))
    }

    /// Labels alone make a Deployment the release's only where Helm has created none.
    @Test func aDeploymentWithTheLabelsAloneIsNotScaled() async throws {
        let copy = JSONValue.deployment("builder").setting("a-stranger", at: ["metadata", "name"])
        let list: JSONValue = ["items": [copy, JSONValue.deployment("builder").madeByHelm]]
        let found = try await slumber(CommandResult(output: list.text), Self.noKEDA)
        #expect(found.builder == "buildkit-builder")
        let labelled: JSONValue = ["items": [copy]]
        #expect(
            try await slumber(CommandResult(output: labelled.text), Self.noKEDA).builder == "a-stranger")
    }

    @Test func whereThereIsNoneThatIsSaid() async {
        await #expect(
            throws: InstallerError(
                "BuildKit not found: release buildkit in namespace team",
                hint: "List the releases: helm list --all-namespaces")
        ) { try await slumber(CommandResult(output: #"{"items":[]}"#), Self.noKEDA) }
    }

    /// kubectl prints a list even where there are none.
    @Test func anEmptyOutputIsNotNone() async {
        let builder = await #expect(throws: InstallerError.self) {
            try await slumber(CommandResult(), Self.noKEDA)
        }
        #expect(builder?.message == "The BuildKit Deployment cannot be read")
        let scaler = await #expect(throws: InstallerError.self) {
            try await slumber(Self.awake, CommandResult())
        }
        #expect(scaler?.message == "Cannot determine whether KEDA scales BuildKit")
    }

    @Test(arguments: [
        (#""scaleTargetRef":{"name":"b"}"#, "", "s"),
        (#""scaleTargetRef":{"kind":"Deployment","name":"b"}"#, "", "s"),
        (#""scaleTargetRef":{"kind":"StatefulSet","name":"b"}"#, "", nil),
        (#""scaleTargetRef":{"name":"other"}"#, "", nil),
        (#""scaleTargetRef":{"name":"b"}"#, #","annotations":{"autoscaling.keda.sh/paused":"true"}"#, nil),
    ])
    func kedaDecidesWhereAScaledObjectNamesTheBuilder(
        _ spec: String, _ metadata: String, _ scaledObject: String?
    ) async throws {
        let text = #"{"items":[{"metadata":{"name":"s"\#(metadata)},"spec":{\#(spec)}}]}"#
        #expect(
            try await slumber(Self.awake, CommandResult(output: text)).scaledObject == scaledObject)
    }

    @Test func whoMayNotSeeKEDAIsLeftAlone() async throws {
        #expect(try await slumber(Self.awake, Recording.forbidden).scaledObject == nil)
    }

    @Test(arguments: [
        ("builder:\n  sleep:\n    enabled: true\n", true),
        ("builder:\n  sleep:\n    after: 5m # not long\n    enabled: true\n", true),
        (#"{"builder": {"sleep": {"enabled": true}}}"#, true), ("builder: {sleep: {enabled: true}}", true),
        ("builder:\n  sleep:\n    enabled: false\n", false),
        ("builder:\n  # sleep: {enabled: true}\n  security: rootless\n", false),
        ("builder:\n  sleep:\n    after: 5m\n  cache:\n    enabled: true\n", false), ("", false),
    ])
    func aFileOfValuesMayAskForSleep(_ text: String, _ asks: Bool) {
        #expect(text.asksForSleep == asks)
    }

    @Test(arguments: ["apps/v1\nkeda.sh/v1alpha1\nv1\n", "apps/v1\nv1\n"])
    func theClusterIsAskedForKEDAWhereValuesNeedIt(_ versions: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("builder: {sleep: {enabled: true}}", to: "values.yaml")
        var answers = Answers()
        answers.values = "\(folder.path)/values.yaml"
        let runner = ReplayRunner([
            "kubectl api-versions --request-timeout=5s": CommandResult(output: versions)
        ])
        let lacks = try await Facts.lacksKEDA(answers, in: .test(runner))
        #expect(lacks != versions.contains("keda"))
    }

    @Test func aValuesFileCanBeReadMoreThanOnce() async throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
        for (path, message) in [
            (folder.path, "\(folder.path) is a directory"),
            ("\(folder.path)/none", "\(folder.path)/none cannot be read"),
            ("\(folder.path)/pipe", "\(folder.path)/pipe is not a regular file"),
            ("/dev/null", "/dev/null is not a regular file"),
        ] {
            var answers = Answers()
            answers.values = path
            let failure = await #expect(throws: InstallerError.self) {
                try await Facts.lacksKEDA(answers, in: .test(ReplayRunner([ReplayRunner.Recording]())))
            }
            #expect(failure?.message == message)
            var facts = Facts.empty
            facts.lacksKEDA = .unavailable(try #require(failure))
            #expect(Check.values.verdict(facts, answers).word == "failed")
        }
    }
}

@Suite(.timeLimit(.minutes(10)))
struct ActivityTests {
    private let installation = InstallationID(context: "", namespace: "team", release: "buildkit")
    private static let pods =
        "kubectl get deployments.apps,pods --selector app.kubernetes.io/instance=buildkit,"
        + "app.kubernetes.io/component=proxy --output json --request-timeout=5s --namespace team"

    /// The proxies of these names, and a stranger's pod that has their labels.
    private func list(_ names: String...) -> CommandResult {
        let pods = names.map { JSONValue.pod("proxy").setting(.string($0), at: ["metadata", "name"]) }
        let items = [JSONValue.deployment("proxy"), JSONValue.pod("proxy").copied] + pods
        return CommandResult(output: JSONValue.object(["items": .array(items)]).text)
    }

    /// The metrics of Envoy 1.40 while two builds ran through the chart's proxy.
    private var twoBuilds: String { get throws { try Recording.text("envoy-metrics-two-builds", "txt") } }

    @Test func envoysFiguresSayHowManyClientsAreServed() throws {
        #expect(try BuildActivity(metrics: twoBuilds) == BuildActivity(running: 2, held: 0))
    }

    @Test func whatIsAskedButNotPassedOnIsHeld() throws {
        let metrics = try twoBuilds.replacing(
            #"rq_active{envoy_http_conn_manager_prefix="buildkit"} 6"#,
            with: #"rq_active{envoy_http_conn_manager_prefix="buildkit"} 9"#)
        #expect(try BuildActivity(metrics: metrics) == BuildActivity(running: 2, held: 3))
    }

    @Test func aConnectionWithoutRequestsIsNobodysBuild() throws {
        let metrics = try twoBuilds.replacing("\"} 6", with: "\"} 0")
        #expect(try BuildActivity(metrics: metrics).isNone)
    }

    @Test func otherFiguresAreNone() {
        #expect(throws: InstallerError.self) { try BuildActivity(metrics: "up 1\n") }
    }

    @Test func everyProxyIsAsked() async throws {
        let figures = try twoBuilds
        let runner = ReplayRunner(
            [
                .init(Self.pods, list("one", "two")),
                forward("one", "40001"), forward("two", "40002"), get("40001", figures),
                get("40002", figures),
            ], order: .any)
        #expect(
            try await BuildActivity.look(in: .test(runner), at: installation)
                == BuildActivity(running: 4, held: 0))
        #expect(runner.unplayed == [])
    }

    /// Clients connect to proxies only, so this is known and not unknown.
    @Test func withoutARunningProxyThereIsNoLoad() async throws {
        let runner = ReplayRunner([Self.pods: list()])
        #expect(try await BuildActivity.look(in: .test(runner), at: installation).isNone)
        let refused = ReplayRunner([Self.pods: Recording.forbidden])
        await #expect(throws: InstallerError.self) {
            try await BuildActivity.look(in: .test(refused), at: installation)
        }
    }

    @Test func podsOfADeploymentThatHasLostItsLabelAreNotNone() async {
        let proxy = JSONValue.deployment("proxy").madeByHelm
            .setting(.null, at: ["metadata", "labels", "helm.sh/chart"])
        let items: JSONValue = ["items": [proxy, .pod("proxy")]]
        let failure = await #expect(throws: InstallerError.self) {
            try await BuildActivity.look(
                in: .test(ReplayRunner([Self.pods: CommandResult(output: items.text)])), at: installation)
        }
        #expect(failure?.message.hasPrefix("The proxy pods cannot be determined: ") == true)
    }

    @Test func withoutPermissionToListPodsTheProxiesAreUnknown() {
        let failure = #expect(throws: InstallerError.self) {
            try ReleaseObjects(items: [.deployment("proxy")], refused: ["pods"]).runningProxies(
                of: installation)
        }
        #expect(
            failure?.message
                == "The proxy pods cannot be listed: no permission to list pods in namespace team")
        #expect(failure?.code == .forbidden)
    }

    @Test(arguments: ["", "\n", "null", "[]", "{}"])
    func anOutputThatIsNoListDoesNotMeanThatThereIsNone(_ output: String) async {
        let failure = await #expect(throws: InstallerError.self) {
            try await BuildActivity.look(
                in: .test(ReplayRunner([Self.pods: CommandResult(output: output)])), at: installation)
        }
        #expect(failure?.message == "The pods of the release buildkit cannot be listed")
        #expect(failure?.code == .toolOutputUnknown)
    }

    @Test func aForwardThatDoesNotComeAboutIsSaid() async throws {
        let runner = ReplayRunner([
            .init(Self.pods, list("one")),
            .init(
                "kubectl port-forward pod/one :metrics --namespace team",
                CommandResult(status: 1, errors: "error: unable to forward port: pod is not running\n")),
        ])
        await #expect(
            throws: InstallerError(
                "The port-forward to the proxy one terminated",
                detail: "error: unable to forward port: pod is not running",
                hint: "Try it manually: kubectl port-forward pod/one :metrics --namespace team")
        ) {
            try await BuildActivity.look(in: .test(runner), at: installation)
        }
    }

    @Test func aProxyThatIsCrashingIsSaid() async throws {
        let runner = ReplayRunner([
            .init(Self.pods, list("one")),
            .init(
                "kubectl port-forward pod/one :metrics --namespace team",
                CommandResult(status: 1, errors: "error: lost connection to pod\n")),
            .init(
                "kubectl get pod one --output json --request-timeout=5s --namespace team",
                CommandResult(output: JSONValue.pod("proxy", waiting: "CrashLoopBackOff").text)),
        ])
        await #expect(
            throws: InstallerError(
                "The proxy pod one is crashing, so its builds cannot be counted",
                hint: "Check its log: kubectl logs one --container envoy --previous --namespace team")
        ) {
            try await BuildActivity.look(in: .test(runner), at: installation)
        }
    }

    private func forward(_ pod: String, _ port: String) -> ReplayRunner.Recording {
        .init(
            "kubectl port-forward pod/\(pod) :metrics --namespace team",
            CommandResult(
                output: "Forwarding from 127.0.0.1:\(port) -> 9902\nForwarding from [::1]:\(port) -> 9902\n"),
            goesOn: true)
    }

    private func get(_ port: String, _ figures: String) -> ReplayRunner.Recording {
        .init(
            "kubectl get --raw /metrics --kubeconfig /dev/null --server http://127.0.0.1:\(port) "
                + "--request-timeout=5s", CommandResult(output: figures))
    }
}
