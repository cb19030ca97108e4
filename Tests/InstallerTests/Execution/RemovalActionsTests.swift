import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite(.timeLimit(.minutes(10)))
struct FileActionTests {
    private let home: TemporaryFolder
    private let dependencies: Dependencies
    private let certs: String

    init() throws {
        home = try TemporaryFolder()
        dependencies = .test(ReplayRunner([ReplayRunner.Recording]()), home: home.path)
        certs = dependencies.places.certificates(of: Plan.installation)
    }

    private func plan(_ actions: Action...) -> Plan {
        .test(
            actions.enumerated().map { Step(id: "\($0.offset)", title: "\($0.offset)", action: $0.element) })
    }

    private func order() throws -> CertificateOrder {
        CertificateOrder(names: [try SubjectName("localhost")], client: "admin")
    }

    // MARK: Certificates

    @Test func certificatesAreIssuedAndAgainNothingIsDone() async throws {
        let action = Action.issueCertificates(order: try order(), folder: certs, registry: nil)
        let rehearsal = await rehearse(plan(action, action), in: dependencies)
        #expect(rehearsal.run.failure == nil)
        #expect(rehearsal.run["0"].lines.map(\.text).contains("\(certs)/client/key.pem"))
        #expect(rehearsal.run["1"].lines.map(\.text) == ["All files already exist"])
    }

    @Test func bakedCertificatesAreInPlaceOnlyOnceTheyAreComplete() async throws {
        let tools = try FakeTools([
            .docker: """
            mkdir daemon client
            for part in daemon client; do
                for file in ca cert key; do echo $part > $part/$file.pem; done
                chmod 600 $part/key.pem
            done
            """
        ])
        let bake = Action.bakeCertificates(command: Command(.docker, ["buildx", "bake"]), folder: certs)
        let rehearsal = await rehearse(plan(bake), in: .test(tools.runner, home: home.path))
        #expect(rehearsal.run.failure == nil)
        let inside = String(certs.dropFirst(home.path.count + 1))
        #expect(try home.text(of: "\(inside)/client/key.pem") == "client\n")
        #expect(try home.mode(of: "\(inside)/client/key.pem") == 0o600)
        #expect(try home.mode(of: "\(inside)/client") == 0o700)
    }

    @Test func aBakeThatMakesNothingIsAFailureAndLeavesNothing() async throws {
        let tools = try FakeTools([.docker: "mkdir daemon; touch daemon/ca.pem"])
        let bake = Action.bakeCertificates(command: Command(.docker, ["buildx", "bake"]), folder: certs)
        let rehearsal = await rehearse(plan(bake), in: .test(tools.runner, home: home.path))
        #expect(rehearsal.run.failure?.message == "The bake definition did not generate daemon/cert.pem")
        #expect(try FileManager.default.contentsOfDirectory(atPath: certs.parentFolder) == [])
    }

    // MARK: The client's files

    private let secret = SecretName(context: "", namespace: "team", name: "buildkit-secrets")
    private let get = "kubectl get secret buildkit-secrets --output json --namespace team"

    @Test func theClientsFilesOfASecretAreKeptForTheUserAlone() async throws {
        let runner = ReplayRunner([
            get: .init(
                output:
                    #"{"data":{"ca.crt":"YQ==","client.crt":"Yg==","client.key":"Yw==","server.key":"ZA=="}}"#
            )
        ])
        let rehearsal = await rehearse(
            plan(.saveClient(folder: certs, from: secret)), in: .test(runner, home: home.path))
        #expect(rehearsal.run.failure == nil)
        let inside = String(certs.dropFirst(home.path.count + 1))
        #expect(
            try ["ca.pem", "cert.pem", "key.pem"].map { try home.text(of: "\(inside)/client/\($0)") } == [
                "a", "b", "c",
            ])
        #expect(try home.mode(of: "\(inside)/client/key.pem") == 0o600)
        #expect(try home.mode(of: "\(inside)/client") == 0o700)
        #expect(!home.holds("\(inside)/client/server.key"))
    }

    @Test func aSecretWithoutTheClientsKeyIsSaid() async throws {
        let runner = ReplayRunner([get: .init(output: #"{"data":{"ca.crt":"YQ==","client.crt":"Yg=="}}"#)]
        )
        let rehearsal = await rehearse(
            plan(.saveClient(folder: certs, from: secret)), in: .test(runner, home: home.path))
        #expect(rehearsal.run.failure?.message == "The Secret buildkit-secrets has no key client.key")
    }

    // MARK: Deleting

    @Test func certificatesAreDeletedByTheirNamesAndNothingElseIs() async throws {
        let folder = "\(home.path)/elsewhere/certs"
        for name in [
            "client/key.pem", "client/cert.pem", "daemon/key.pem", "daemon/notes", ".issued/key.pem",
        ] {
            try home.write("x", to: "elsewhere/certs/\(name)")
        }
        try home.write("x", to: "elsewhere/certs.buildkit-installer-new/client/key.pem")
        let remove = Action.removeCertificates(
            folder: folder, files: CertificateFile.allCases.map(\.rawValue))
        let rehearsal = await rehearse(plan(remove, remove), in: dependencies)
        #expect(rehearsal.run.failure == nil)
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: "\(home.path)/elsewhere").sorted() == [
                "certs", "certs/daemon", "certs/daemon/notes",
            ])
    }

    @Test func aFolderThatIsEmptyThenGoesWithThoseAboveItThatAreOurs() async throws {
        let inside = String(certs.dropFirst(home.path.count + 1))
        try home.write("x", to: "\(inside)/client/key.pem")
        let remove = Action.removeCertificates(folder: certs, files: CertificateFile.client.map(\.rawValue))
        let rehearsal = await rehearse(plan(remove), in: dependencies)
        #expect(rehearsal.run.failure == nil)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: home.path) == [".config"])
    }

    @Test func aLinkIsDeletedAndNotWhatItLeadsTo() async throws {
        let precious = try home.write("x", to: "precious/key.pem")
        let files = FileManager.default
        try files.createDirectory(atPath: "\(home.path)/certs/client", withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: "\(home.path)/certs/client/key.pem", withDestinationPath: precious)
        try files.createSymbolicLink(
            atPath: "\(home.path)/certs/daemon", withDestinationPath: "\(home.path)/precious")
        let remove = Action.removeCertificates(
            folder: "\(home.path)/certs", files: CertificateFile.client.map(\.rawValue))
        let rehearsal = await rehearse(plan(remove), in: dependencies)
        #expect(rehearsal.run.failure == nil)
        #expect(home.holds("precious/key.pem"))
        #expect(!home.holds("certs/client"))
    }

    @Test(arguments: [
        "", "/", "~", "HOME", "HOME/.config", "HOME/.config/buildkit-installer", "CERTS", "CERTS/..",
        "CERTS/../../x", "CHART/../../../../../x", "relative", "/etc",
    ])
    func nothingElseIsDeleted(path: String) async throws {
        let path = path.replacing("HOME", with: home.path).replacing("CERTS", with: certs)
            .replacing("CHART", with: dependencies.places.chart(of: Plan.installation))
        try home.write("x", to: ".config/buildkit-installer/other/file")
        let rehearsal = await rehearse(plan(.forget(paths: [path])), in: dependencies)
        #expect(
            rehearsal.run.failure?.message
                == "\(path) was not deleted: it does not belong to this installation")
        #expect(home.holds(".config/buildkit-installer/other/file"))
    }

    // MARK: The chart

    @Test func theChartIsUnpackedAsAWhole() async throws {
        let folder = dependencies.places.chart(of: Plan.installation)
        let inside = String(folder.dropFirst(home.path.count + 1))
        try home.write("old", to: "\(inside)/Chart.yaml")
        try home.write("old", to: "\(inside)/templates/old.yaml")
        let rehearsal = await rehearse(plan(.unpackChart(folder: folder)), in: dependencies)
        #expect(rehearsal.run.failure == nil)
        #expect(!home.holds("\(inside)/templates/old.yaml"))
        for file in Chart.files { #expect(try home.text(of: "\(inside)/\(file.path)") == file.text) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.parentFolder) == ["chart"])
    }

    @Test func aFolderThatHoldsNoChartIsNotReplaced() async throws {
        for file in ["mine/file", "mine/Chart.yaml"] {
            try home.write("apiVersion: v2\nname: buildkit\nhome: https://example.com\n", to: file)
            let rehearsal = await rehearse(
                plan(.unpackChart(folder: "\(home.path)/mine")), in: dependencies)
            #expect(
                rehearsal.run.failure?.message
                    == "\(home.path)/mine already exists and is not a copy of this chart, so it was left unchanged"
            )
            #expect(home.holds(file))
        }
    }

    @Test func aCopyOfTheChartIsReplacedWhereverItIs() async throws {
        for text in ["fresh", "older"] {
            let rehearsal = await rehearse(
                plan(.unpackChart(folder: "\(home.path)/copy")), in: dependencies)
            #expect(rehearsal.run.failure == nil, "\(text)")
            try home.write(text, to: "copy/templates/old.yaml")
        }
    }
}

@Suite struct SecretRemovalTests {
    @Test func theSecretsOfAReleaseThatCameMeanwhileStay() async {
        let other: JSONValue = [
            "items": [
                [
                    "metadata": [
                        "name": "b-buildkit-proxy",
                        "labels": ["helm.sh/chart": .string(Chart.label), "app.kubernetes.io/instance": "b"],
                    ]
                ]
            ]
        ]
        let runner = ReplayRunner([
            "kubectl get deployments.apps --output json --request-timeout=5s --namespace team":
                CommandResult(output: other.text)
        ])
        let removal = Removal(
            context: "", namespace: "team", objects: ["secret/buildkit-secrets"], timeout: 1,
            exclusive: Plan.installation)
        let step = Step(id: "secrets", title: "Delete", action: .delete(removal: removal))
        let run = await rehearse(.test([step]), in: .test(runner)).run
        #expect(
            run.failure?.message
                == "The Secrets in the namespace team were kept: other releases use them, too: b")
        #expect(run.failure?.code == .objectKept)
        #expect(runner.unplayed == [])
    }
}

/// Pods that end at once, with the builds that they serve.
@Suite struct PodRemovalTests {
    private let installation = Plan.installation

    private func look(_ selection: String) -> String {
        "kubectl get deployments.apps,replicasets.apps,pods --selector "
            + "'app.kubernetes.io/instance=buildkit,app.kubernetes.io/component\(selection)' --output json "
            + "--request-timeout=5s --namespace team"
    }

    private var proxies: String { look("=proxy").replacing("'", with: "") }
    private let delete = "kubectl delete --raw /api/v1/namespaces/team/pods/buildkit-proxy-1 --filename -"

    private var pod: JSONValue { JSONValue.pod("proxy").setting("pod-1", at: ["metadata", "uid"]) }
    /// With every label of the release, and with a Deployment of its own that has them, too.
    private var strangers: [JSONValue] {
        let deployment = JSONValue.deployment("proxy").setting("theirs", at: ["metadata", "name"])
            .setting("theirs", at: ["metadata", "uid"])
        let owner: JSONValue = ["kind": "Deployment", "uid": "theirs", "controller": true]
        let replicaSet = JSONValue.replicaSet("proxy").setting("theirs-a1", at: ["metadata", "uid"])
            .setting([owner], at: ["metadata", "ownerReferences"])
        let controller: JSONValue = [
            "kind": "ReplicaSet", "name": "theirs-a1", "uid": "theirs-a1", "controller": true,
        ]
        let controlled = pod.setting("theirs-a1-x", at: ["metadata", "name"])
            .setting([controller], at: ["metadata", "ownerReferences"])
        return [deployment, replicaSet, controlled, pod.copied]
    }

    private func list(_ items: [JSONValue]) -> CommandResult {
        CommandResult(output: JSONValue.object(["items": .array(items)]).text)
    }

    private func run(
        _ owners: PodRemoval.Owners, _ runner: ReplayRunner, gracePeriod: Int = 1
    ) async -> RunState {
        let removal = PodRemoval(installation: installation, owners: owners, gracePeriod: gracePeriod)
        let step = Step(id: "end", title: "End", action: .deletePods(removal: removal))
        let run = await rehearse(.test([step]), in: .test(runner)).run
        #expect(runner.unplayed == [])
        return run
    }

    private let own = PodRemoval.Owners.deployment(component: "proxy", name: "buildkit-proxy")

    @Test func onlyPodsOfTheReleasesOwnReplicaSetsAreDeleted() async throws {
        let items = [JSONValue.deployment("proxy").madeByHelm, .replicaSet("proxy"), pod] + strangers
        let runner = ReplayRunner([proxies: list(items), delete: CommandResult()])
        let run = await run(own, runner)
        #expect(run.failure == nil)
        // Only while it is this very pod.
        let input = try #require(runner.played.last?.input)
        let options = try JSONValue(text: input)
        #expect(options["preconditions"]?["uid"] == "pod-1")
        #expect(options["gracePeriodSeconds"] == 1)
        let lines = run["end"].lines.map(\.text)
        #expect(lines.contains("pod buildkit-proxy-1 deleted"))
        for name in ["theirs-a1-x", "a-stranger"] {
            #expect(
                lines.contains("The pod \(name) was kept: it is not known to belong to the release"))
        }
    }

    /// They are deleted at the same time, and told in the order of the list.
    @Test func aPodThatCannotBeDeletedKeepsNoOther() async {
        let second = pod.setting("buildkit-proxy-2", at: ["metadata", "name"])
            .setting("pod-2", at: ["metadata", "uid"])
        let items = [JSONValue.deployment("proxy").madeByHelm, .replicaSet("proxy"), pod, pod.copied, second]
        func end(_ first: CommandResult) async -> RunState {
            await run(
                own,
                ReplayRunner(
                    [
                        proxies: list(items), delete: first,
                        delete.replacing("proxy-1", with: "proxy-2"): CommandResult(),
                    ], order: .any))
        }
        let kept = "The pod a-stranger was kept: it is not known to belong to the release"
        let done = await end(CommandResult())
        #expect(
            done["end"].lines.map(\.text)
                == ["pod buildkit-proxy-1 deleted", kept, "pod buildkit-proxy-2 deleted"])
        let failed = await end(Recording.forbidden)
        #expect(failed.failure?.detail?.contains("(Forbidden)") == true)
        #expect(failed["end"].lines.map(\.text) == [kept, "pod buildkit-proxy-2 deleted"])
    }

    @Test func withoutADeploymentOfHelmNoPodIsDeleted() async {
        for items in [strangers, [.deployment("proxy"), .replicaSet("proxy"), pod]] {
            let failure = await run(own, ReplayRunner([proxies: list(items)])).failure
            #expect(
                failure?.message
                    == "The proxy pods were kept: no Deployment that Helm has created for the release buildkit "
                    + "controls them")
            #expect(failure?.code == .objectKept)
        }
    }

    /// The user knows whether a release was applied from the chart's output, which has no marks of Helm.
    @Test func thePodsOfAReleaseWithoutHelmAreNamed() async {
        func hint(_ items: [JSONValue]) async -> String? {
            await run(own, ReplayRunner([proxies: list(items)])).failure?.hint
        }
        #expect(
            await hint([.deployment("proxy"), .replicaSet("proxy"), pod, pod.copied])
                == "If the release was applied without Helm, delete them: "
                + "kubectl delete pods buildkit-proxy-1 --grace-period=1 --wait=false --namespace team")
        #expect(
            await hint([])
                == "Check the Deployment: kubectl get deployment buildkit-proxy --output yaml --namespace team"
        )
    }

    @Test func whatCannotBeListedIsNotDeleted() async {
        let failure = await run(own, ReplayRunner([proxies: Recording.forbidden])).failure
        #expect(failure?.message == "The pods of the release buildkit cannot be listed")
    }

    @Test(arguments: ["NotFound", "Conflict"]) func aPodThatIsGoneIsNoFailure(_ reason: String) async {
        let items = [JSONValue.deployment("proxy").madeByHelm, .replicaSet("proxy"), pod]
        let gone = CommandResult(status: 1, errors: "Error from server (\(reason)): it is another one\n")
        #expect(await run(own, ReplayRunner([proxies: list(items), delete: gone])).failure == nil)
    }

    /// The release, and its Deployments with it, are deleted before its pods.
    @Test func podsOutliveTheReplicaSetsThatWereSeen() async throws {
        let runner = ReplayRunner([
            look(" in (builder,proxy)"): list([pod] + strangers), delete: CommandResult(),
        ])
        let seen = [ReplicaSetName(name: "buildkit-proxy-a1", uid: "buildkit-proxy-a1")]
        let run = await run(.replicaSets(seen: seen), runner, gracePeriod: 0)
        #expect(run.failure == nil)
        let input = try #require(runner.played.last?.input)
        let options = try JSONValue(text: input)
        #expect(options["gracePeriodSeconds"] == 0)
    }

    @Test func asCommandsOnlyPodsOfTheReplicaSetsAreSelected() {
        let removal = PodRemoval(installation: installation, owners: own, gracePeriod: 1)
        let selector = "app.kubernetes.io/instance=buildkit,app.kubernetes.io/component=proxy"
        #expect(
            ShellScript.lines(for: .deletePods(removal: removal)) == [
                "HASHES=$(kubectl get replicasets.apps --selector \(selector) --output "
                    + #"'jsonpath={.items[?(@.metadata.ownerReferences[0].name=="buildkit-proxy")]"#
                    + ".metadata.labels.pod-template-hash}' --namespace team)",
                #"kubectl delete pods --selector '\#(selector),pod-template-hash in ("#
                    + #"'"$(echo $HASHES | tr ' ' ,)"')' --wait=false --grace-period=1 --namespace team"#,
            ])
    }
}
