@testable import Installer
import Testing

/// Which pods are a release's: labels can be copied.
@Suite struct ReleaseObjectsTests {
    private func pods(
        _ items: [JSONValue], _ component: String? = nil, of installation: InstallationID = .team
    ) -> [String] {
        ReleaseObjects(items: items, refused: []).pods(of: installation, component).map(\.name)
    }

    private let deployments = [
        JSONValue.deployment("builder").madeByHelm, JSONValue.deployment("proxy").madeByHelm,
    ]

    private func named(_ name: String, _ pod: JSONValue) -> JSONValue {
        pod.setting(.string(name), at: ["metadata", "name"])
    }

    private func controlled(by kind: String, _ name: String, _ isController: Bool = true) -> JSONValue {
        let owner: JSONValue = [
            "kind": .string(kind), "name": .string(name), "uid": "1", "controller": .bool(isController),
        ]
        return JSONValue.pod("proxy").setting([owner], at: ["metadata", "ownerReferences"])
    }

    @Test func podsOfTheDeploymentsAreTheReleases() {
        let items = deployments + [.pod("builder"), .pod("proxy")]
        #expect(pods(items) == ["buildkit-builder-1", "buildkit-proxy-1"])
        #expect(pods(items, "proxy") == ["buildkit-proxy-1"])
        #expect(pods(items, of: Plan.installation.sibling("other")) == [])
    }

    @Test func podsThatOnlyHaveTheLabelsAreNot() {
        let strangers = [
            JSONValue.pod("proxy").copied, controlled(by: "Job", "buildkit-proxy-a1"),
            controlled(by: "ReplicaSet", "mine-a1"), controlled(by: "ReplicaSet", "buildkit-proxy-b2"),
            controlled(by: "ReplicaSet", "buildkit-proxy-a1", false),
            // A component that the chart does not have.
            JSONValue.pod("proxy").setting(
                "worker", at: ["metadata", "labels", KubernetesLabels.component]),
        ]
        #expect(pods(deployments + strangers) == [])
        // Where no Deployment is known, labels still are no proof of a controller.
        #expect(pods([JSONValue.pod("proxy").copied, controlled(by: "Job", "buildkit-proxy-a1")]) == [])
    }

    @Test func aDeploymentThatOnlyHasTheLabelsHasNoneOfTheReleases() {
        let copy = JSONValue.deployment("proxy").setting("mine", at: ["metadata", "name"])
        let stranger = named("theirs", controlled(by: "ReplicaSet", "mine-a1"))
        #expect(pods(deployments + [copy, stranger, .pod("proxy")]) == ["buildkit-proxy-1"])
        // Applied from the chart's output.
        let labelled = JSONValue.deployment("proxy")
        #expect(pods([labelled, .pod("proxy")]) == ["buildkit-proxy-1"])
    }

    /// They drain after the uninstall of a release, or the user may not list Deployments.
    @Test func withoutItsDeploymentAPodCountsUnlessItIsAnothersDeployments() {
        #expect(pods([.pod("proxy")]) == ["buildkit-proxy-1"])
        let other: JSONValue = ["kind": "Deployment", "metadata": ["name": "mine"]]
        let stranger = named("theirs", controlled(by: "ReplicaSet", "mine-a1"))
        #expect(pods([other, stranger, .pod("proxy")]) == ["buildkit-proxy-1"])
    }

    private func unknown(_ items: [JSONValue]) -> InstallerError? {
        ReleaseObjects(items: items, refused: []).doubt(aboutPodsOf: .team, "proxy")
    }

    private let chart = ["metadata", "labels", "helm.sh/chart"]

    /// It still runs builds, although its Deployment is not known to be the release's any more.
    @Test func thePodsOfADeploymentThatHasLostItsLabelAreUnknown() {
        let proxy = JSONValue.deployment("proxy").madeByHelm.setting(.null, at: chart)
        for items in [[proxy, .pod("proxy")], [.deployment("builder").madeByHelm, proxy, .pod("proxy")]] {
            #expect(pods(items, "proxy") == [])
            #expect(
                unknown(items)?.message
                    == "The proxy pods cannot be determined: the pod buildkit-proxy-1 has the labels of the release "
                    + "buildkit, but no Deployment of it controls it")
            #expect(
                unknown(items)?.hint
                    == "Check the marks of the Deployments: kubectl get deployments,pods --show-labels --namespace team "
                    + "--context production")
        }
        let ended = JSONValue.pod("proxy").setting("Succeeded", at: ["status", "phase"])
        #expect(unknown([proxy, ended]) == nil)
    }

    @Test func aDeploymentWithTheLabelsDoesNotReplaceOneThatHasLostThem() {
        let mine = JSONValue.deployment("proxy").setting("mine", at: ["metadata", "name"])
        let theirs = named("theirs", controlled(by: "ReplicaSet", "mine-a1"))
        let helms = JSONValue.deployment("proxy").madeByHelm.setting(.null, at: chart)
        let applied = JSONValue.deployment("proxy").setting(.null, at: chart)
        for proxy in [helms, applied] {
            let items = [proxy, mine, theirs, .pod("proxy")]
            #expect(pods(items, "proxy") == [])
            #expect(unknown(items)?.message.contains("the pods theirs and buildkit-proxy-1 have") == true)
        }
    }

    /// What has marks of its own is known to be another's, also where the release's Deployment is not known.
    @Test func thePodsOfOtherChartsAndReleasesAreKnown() {
        let theirs = named("theirs", controlled(by: "ReplicaSet", "mine-a1"))
        let unmarked = JSONValue.deployment("proxy").setting("mine", at: ["metadata", "name"])
        let helmRelease = ["metadata", "annotations", KubernetesLabels.helmRelease]
        for other in [
            unmarked.setting("web-1.0.0", at: chart), unmarked.madeByHelm.setting("b", at: helmRelease),
            unmarked.setting("b", at: ["metadata", "labels", KubernetesLabels.instance]),
        ] {
            #expect(unknown([other, theirs]) == nil)
            #expect(pods([other, theirs]) == [])
        }
        #expect(unknown([unmarked.setting(.null, at: chart), theirs]) != nil)
        #expect(unknown(deployments + [unmarked.setting(.null, at: chart), theirs]) == nil)
    }

    @Test func aPodWithoutAControllerIsAStrangersOnlyBesideTheDeployment() {
        #expect(unknown(deployments + [JSONValue.pod("proxy").copied]) == nil)
        #expect(unknown([JSONValue.pod("proxy").copied])?.message.contains("the pod a-stranger has") == true)
        #expect(unknown([]) == nil)
    }

    /// They run whatever marks it has; a pod that its ReplicaSet does not control is not its.
    @Test func thePodsOfANamedDeploymentNeedNoMarks() {
        func names(_ items: [JSONValue]) -> [String] {
            ReleaseObjects(items: items, refused: []).runningPods(ofDeployment: "buildkit-proxy").map(\.name)
        }
        let unmarked = JSONValue.deployment("proxy").setting(.null, at: chart)
        #expect(names([unmarked, .pod("proxy"), .pod("builder")]) == ["buildkit-proxy-1"])
        #expect(names([.pod("proxy").ending]) == ["buildkit-proxy-1"])
        #expect(names([JSONValue.pod("proxy").copied, controlled(by: "ReplicaSet", "mine-a1")]) == [])
        for phase in ["Succeeded", "Failed"] {
            #expect(names([JSONValue.pod("proxy").setting(.string(phase), at: ["status", "phase"])]) == [])
        }
    }

    /// The proof before a deletion: UIDs, and Helm's marks on the Deployment.
    @Test func onlyReplicaSetsOfHelmsDeploymentAreProof() {
        func names(_ items: [JSONValue]) -> [String] {
            ReleaseObjects(items: items, refused: []).replicaSets(of: .team, "proxy").map(\.name)
        }
        let replicaSets = [JSONValue.replicaSet("proxy"), .replicaSet("builder")]
        #expect(names(deployments + replicaSets) == ["buildkit-proxy-a1"])
        #expect(names(replicaSets) == [])
        #expect(names([.deployment("proxy")] + replicaSets) == [])
        let again = JSONValue.deployment("proxy").madeByHelm.setting("2", at: ["metadata", "uid"])
        #expect(names([again] + replicaSets) == [])
    }

    @Test(arguments: [
        ["metadata", "labels", "helm.sh/chart"], ["metadata", "labels", KubernetesLabels.managedBy],
        ["metadata", "annotations", KubernetesLabels.helmRelease],
        ["metadata", "annotations", KubernetesLabels.helmNamespace],
    ])
    func eachMarkOfHelmIsNeeded(_ path: [String]) {
        let deployment = JSONValue.deployment("proxy").madeByHelm
        #expect(deployment.isMadeByHelm(for: .team))
        #expect(!deployment.setting("other", at: path).isMadeByHelm(for: .team))
        #expect(!deployment.setting(.null, at: path).isMadeByHelm(for: .team))
    }
}
