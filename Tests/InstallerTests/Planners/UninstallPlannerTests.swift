import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct UninstallPlanTests {
    private let places = InstallerPaths(home: "/home/ada", environment: [:])

    private func plan(_ answers: Answers = Answers(), _ facts: Facts = .installed) -> Plan {
        planned { try .uninstall(answers, facts, places: places) }
    }

    private func ids(_ answers: Answers = Answers(), _ facts: Facts = .installed) -> [Step.ID] {
        plan(answers, facts).steps.map(\.id)
    }

    @Test func whatCanBeHadAgainGoesTheClusterFirst() {
        #expect(
            plan().steps.map(\.title) == [
                "Uninstall the release buildkit",
                "Verify the removal",
                "Delete the Secrets buildkit-envoy-certs and buildkit-secrets",
                "Switch docker buildx to the default builder",
                "Remove the builder remote-kubernetes from docker buildx",
                "Delete the certificates in \(Facts.certs)",
                "Delete the local state",
            ])
        #expect(
            plan().notes == [
                "Kept: the cache volume (buildkit-cache, 50Gi, created on 2026-11-21).",
                "Kept: the namespace (buildkit), because it still contains the cache volume.",
                "Kept: the CA key (in \(Facts.certs)/authority).",
            ])
    }

    @Test func everythingIsAllThatAnInstallBrings() {
        var answers = Answers()
        answers.remove = RemovablePart.everything
        #expect(
            ids(answers) == [
                "release", "objects", "secrets", "cache", "namespace", "current-builder",
                "builder-remote-kubernetes", "certificates", "authority", "records",
            ])
        #expect(plan(answers).notes == [])
        #expect(plan(answers).steps.flatMap(\.undo) == [])
    }

    @Test func aClusterThatThisProgramMadeGoesWithAllThatIsInIt() {
        var facts = Facts.installed
        facts.localCluster = .known(
            Facts.LocalClusterState(cluster: LocalCluster(.kind), others: []))
        var answers = Answers()
        answers.remove = RemovablePart.everything
        #expect(
            plan(answers, facts).steps.prefix(2).map(\.title) == [
                "Delete the kind cluster buildkit", "Delete the record of the kind cluster buildkit",
            ])
        guard case .deleteLocalCluster(let removal) = plan(answers, facts).steps.first?.action else {
            Issue.record("the first step deletes something else")
            return
        }
        #expect("\(removal.cluster.delete)" == "kind delete cluster --name buildkit")
        #expect(removal.emptied.cacheClaim == "buildkit-cache")
        #expect(!ids(answers, facts).contains("release"))
        #expect(ids(answers, facts).contains("certificates"))
    }

    @Test func aClusterStaysWithWhatElseIsInIt() {
        var facts = Facts.installed
        func note(_ others: [String]?) -> String? {
            facts.localCluster = .known(
                Facts.LocalClusterState(cluster: LocalCluster(.kind), others: others))
            return plan(Answers(), facts).notes.first { $0.contains("the kind cluster") }
        }
        let stays = "Kept: the kind cluster buildkit, because"
        #expect(note(["namespace/web"]) == "\(stays) it also contains namespace/web.")
        #expect(note(nil) == "\(stays) some resources in it cannot be listed.")
        #expect(note([]) == "\(stays) it still contains the namespace.")
        #expect(!ids(Answers(), facts).contains("cluster"))
    }

    @Test func aClusterWhoseRecordCannotBeReadIsKeptAndSaid() {
        var facts = Facts.installed
        facts.localCluster = .unavailable(InstallerError("/state/cluster.json cannot be read"))
        var answers = Answers()
        answers.remove = RemovablePart.everything
        #expect(!ids(answers, facts).contains("cluster"))
        #expect(
            plan(answers, facts).notes.contains(
                "A local cluster that buildkit-installer may have created is kept: /state/cluster.json cannot be read."
            ))
    }

    @Test func nothingIsPlannedWhereNothingIs() {
        var facts = Facts.empty
        facts.namespaceContents = .known(Facts.NamespaceContents())
        facts.localState = .known(Facts.LocalState(clientFolder: "\(Facts.certs)/client"))
        #expect(plan(Answers(), facts).title == "Nothing to remove")
        #expect(plan(Answers(), facts).steps == [])
        #expect(plan(Answers(), facts).notes == [])
    }

    @Test func whatCameFromElsewhereStays() {
        var facts = Facts.installed
        facts.namespace = .known(Facts.NamespaceState(exists: true, isTerminating: false, labels: [:]))
        let byHand = Facts.SecretState(digests: [:], certificates: [], isOurs: false)
        facts.secrets = .known(Facts.Secrets(outer: byHand, inner: byHand, findings: []))
        var answers = Answers()
        answers.remove = RemovablePart.everything
        #expect(!ids(answers, facts).contains("secrets"))
        #expect(!ids(answers, facts).contains("namespace"))
        #expect(
            plan(answers, facts).notes == [
                "Kept: Secrets not created by buildkit-installer (buildkit-envoy-certs and buildkit-secrets).",
                "Kept: the namespace (buildkit), because it was not created by buildkit-installer.",
            ])
        answers.remove.append(.foreignSecrets)
        #expect(ids(answers, facts).contains("secrets"))
    }

    @Test func aNamespaceInWhichOthersLiveStays() {
        var facts = Facts.installed
        facts.cacheClaim = .known(nil)
        #expect(ids(Answers(), facts).contains("namespace"))
        facts.namespaceContents = .known(
            Facts.NamespaceContents(others: [
                "configmap/theirs", "secret/a", "secret/b", "secret/c", "secret/d",
            ]))
        #expect(!ids(Answers(), facts).contains("namespace"))
        #expect(
            plan(Answers(), facts).notes.contains(
                "Kept: the namespace (buildkit), because it also contains configmap/theirs, secret/a, secret/b and 2 "
                    + "more."))
        facts.namespaceContents = .known(Facts.NamespaceContents(areComplete: false))
        #expect(!ids(Answers(), facts).contains("namespace"))
        facts.namespaceContents = .unavailable(InstallerError("no"))
        #expect(
            Workflow.uninstall.refusal(Answers(), facts)?.unread.map(\.name) == [
                "the contents of the namespace buildkit"
            ])
    }

    @Test func aVolumeThatTheReleaseDidNotCreateStays() {
        var facts = Facts.installed
        var answers = Answers()
        answers.remove = RemovablePart.everything
        #expect(ids(answers, facts).contains("cache"))
        facts.cacheClaim = .known(Facts.CacheClaim(size: "50Gi"))
        #expect(!ids(answers, facts).contains("cache"))
        #expect(
            facts.installedParts(answers)[.cache]?.keptBecause == "it was not created by this release")
    }

    @Test func anotherChartsReleaseStaysAndSoDoesItsNamespace() {
        var facts = Facts.installed
        facts.cacheClaim = .known(nil)
        facts.release = .known(
            Facts.Release(status: "deployed", revision: 1, chart: "web-1.0.0", values: [:]))
        #expect(!ids(Answers(), facts).contains("release"))
        #expect(!ids(Answers(), facts).contains("objects"))
        #expect(!ids(Answers(), facts).contains("namespace"))
    }

    @Test func theRevisionThatWasReadIsUninstalled() {
        var facts = Facts.installed
        func removal() -> Action? { plan(Answers(), facts).steps.first { $0.id == "release" }?.action }
        guard case .uninstallRelease(_, let revision, _) = removal() else {
            Issue.record("no release is uninstalled")
            return
        }
        #expect(revision == 1)
        let before = plan(Answers(), facts)
        facts.release = .known(
            Facts.Release(status: "deployed", revision: 2, chart: Chart.label, values: [:]))
        #expect(before.differences(to: plan(Answers(), facts)).count == 2)
    }

    @Test func objectsWhoseReleaseIsGoneAreDeletedByName() throws {
        var facts = Facts.installed
        facts.release = .known(nil)
        let step = try #require(plan(Answers(), facts).steps.first)
        #expect(
            step.title
                == "Delete leftover resources: deployment.apps/buildkit-proxy and service/buildkit")
        #expect(
            ShellScript.lines(for: step.action) == [
                "kubectl delete deployment.apps/buildkit-proxy service/buildkit --ignore-not-found --wait "
                    + "--timeout=600s --namespace buildkit --context production"
            ])
    }

    /// Helm deletes only what is in its manifest; the rest is named before it is deleted.
    @Test func objectsThatAreNotInTheManifestAreNamed() throws {
        var facts = Facts.installed
        var contents = try #require(facts.namespaceContents.value)
        contents.ofRelease += ["configmap/extra", "pod/buildkit-test"]
        facts.namespaceContents = .known(contents)
        let plan = plan(Answers(), facts)
        #expect(
            plan.steps.first { $0.id == "objects" }?.title
                == "Delete further resources of the release: configmap/extra and pod/buildkit-test")
        let also = ["configmap/extra", "pod/buildkit-test"].map {
            "Also deleted: \($0). It is marked as a part of the release, but is not in its manifest."
        }
        #expect(plan.notes.filter { $0.hasPrefix("Also deleted") } == also)
        // Of a release that stays, nothing is.
        var answers = Answers()
        answers.remove = [.secrets]
        #expect(!self.plan(answers, facts).notes.contains { $0.hasPrefix("Also deleted") })
        #expect(!self.plan().notes.contains { $0.hasPrefix("Also deleted") })
    }

    /// Their ReplicaSets are the proof that they are the release's.
    @Test func onlyPodsOfTheReplicaSetsThatWereSeenAreForceDeleted() throws {
        var answers = Answers()
        answers.force = true
        var facts = Facts.installed
        let step = try #require(plan(answers, facts).steps.first { $0.id == "pods" })
        #expect(
            step.action
                == .deletePods(
                    removal: PodRemoval(
                        installation: answers.installation(facts),
                        owners: .replicaSets(seen: [ReplicaSetName(name: "buildkit-proxy-a1", uid: "1")]),
                        gracePeriod: 0)))
        #expect(
            ShellScript.lines(for: step.action) == [
                "kubectl delete pods --selector 'app.kubernetes.io/instance=buildkit,"
                    + "app.kubernetes.io/component in (builder,proxy),pod-template-hash in (a1)' --wait=false "
                    + "--grace-period=0 --force --namespace buildkit --context production"
            ])
        var contents = try #require(facts.namespaceContents.value)
        (contents.replicaSets, contents.areComplete) = (nil, false)
        facts.namespaceContents = .known(contents)
        let unknown = plan(answers, facts)
        #expect(!unknown.steps.contains { $0.id == "pods" })
        #expect(
            unknown.notes.contains(
                "Running builds are not canceled: the ReplicaSets of the release cannot be listed."))
        // Only objects of another kind cannot be listed.
        contents.replicaSets = []
        facts.namespaceContents = .known(contents)
        #expect(!plan(answers, facts).notes.contains { $0.hasPrefix("Running builds") })
    }

    /// Its ReplicaSets were deleted with the release; pods that still drain name them as their controllers.
    @Test(arguments: [true, false])
    func podsOfAnInterruptedUninstallAreForceDeleted(_ areDeleted: Bool) throws {
        var answers = Answers()
        answers.force = true
        let begun = plan(answers)
        let pods = try #require(begun.steps.first { $0.id == "pods" })
        var run = RunState(begun)
        for step in begun.steps.prefix(2) {
            run.apply(.started(step: step.id, at: .distantPast))
            if step.id == "release" || areDeleted {
                run.apply(.finished(step: step.id, at: .distantPast))
            }
        }
        var facts = Facts.installed
        facts.release = .known(nil)
        facts.namespaceContents = .known(Facts.NamespaceContents())
        facts.interruptedRun = .known(InterruptedRun(run: run, journal: "/journal"))
        #expect(plan(answers, facts).steps.filter { $0.id == "pods" } == (areDeleted ? [] : [pods]))
        #expect(!ids(Answers(), facts).contains("pods"))
        facts.server = .unavailable(InstallerError("The cluster does not respond"))
        #expect(!ids(answers, facts).contains("pods"))
        answers.remove = [.certificates]
        facts.server = Facts.installed.server
        #expect(!ids(answers, facts).contains("pods"))
    }

    @Test func inANamespaceThatGoesNothingIsDeletedApart() {
        var facts = Facts.installed
        facts.namespace = .known(Facts.NamespaceState(exists: true, isTerminating: true, labels: [:]))
        #expect(plan(Answers(), facts).steps.first?.title == "Wait until the namespace buildkit is deleted")
        #expect(ids(Answers(), facts).filter { ["release", "secrets", "cache"].contains($0) } == [])
    }

    // MARK: The builder

    @Test func theBuilderThatWasTheCurrentOneBeforeIsItAgain() {
        var facts = Facts.installed
        var localState = facts.localState.value
        localState?.formerBuilder = "mine"
        facts.localState = localState.map { .known($0) } ?? .pending
        var builders = facts.builders.value
        builders?.builders.append(Facts.Builder(name: "mine", driver: "remote", nodes: []))
        facts.builders = builders.map { .known($0) } ?? .pending
        #expect(
            plan(Answers(), facts).steps.map(\.title).contains(
                "Set the builder mine as the current builder again"))
    }

    @Test func aBuilderOfAnotherInstallationStays() {
        var facts = Facts.installed
        let node = Facts.BuilderNode(
            name: "remote-kubernetes0", endpoint: "tcp://localhost:1234",
            options: ["cacert": "/home/ada/.config/buildkit-installer/test/a/b/certs/client/ca.pem"],
            platforms: [])
        facts.builders = .known(
            Facts.Builders(
                builders: [Facts.Builder(name: "remote-kubernetes", driver: "remote", nodes: [node])],
                current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: []))
        #expect(!ids(Answers(), facts).contains { $0.contains("builder") })
        #expect(
            plan(Answers(), facts).notes.contains(
                "Kept: the builder (remote-kubernetes at tcp://localhost:1234), because it belongs to another "
                    + "installation."))
    }

    /// The user has added a node to the builder.
    @Test func aBuilderWithNodesOfOthersOnlyLosesItsOwn() {
        var facts = Facts.installed
        var builders = facts.builders.value
        builders?.builders[0].nodes.append(
            Facts.BuilderNode(name: "arm", endpoint: "tcp://arm:1234", options: [:], platforms: []))
        facts.builders = builders.map { .known($0) } ?? .pending
        let steps = plan(Answers(), facts).steps
        #expect(
            steps.map(\.title).contains(
                "Remove the node remote-kubernetes0 from the builder remote-kubernetes"))
        #expect(!steps.contains { ["current-builder", "builder-remote-kubernetes"].contains($0.id) })
        #expect(
            steps.first { $0.id == "node-remote-kubernetes0" }.map { ShellScript.lines(for: $0.action) } == [
                "docker buildx create --name remote-kubernetes --node remote-kubernetes0 --leave"
            ])
        #expect(
            facts.installedParts(Answers())[.builder]?.what
                == "remote-kubernetes0 of the builder remote-kubernetes")
    }

    // MARK: Revocations

    /// A CA that is kept must not readmit who was revoked on another machine: their revocations are saved before anything
    /// is deleted, also where the Secret goes with its cluster.
    @Test func revocationsAreSavedBeforeAnythingIsDeleted() async throws {
        let authority = try await CertificateAuthority.make(commonName: "ours", days: 30, now: Date())
        var facts = Facts.installed
        facts.authorities = .known(
            Facts.Authorities(current: AuthorityStatus(certificate: authority.summary), former: nil))
        var secrets = try #require(facts.secrets.value)
        secrets.outer?.digests["crl.pem"] = "a list"
        secrets.outer?.certificates = [authority.summary]
        facts.secrets = .known(secrets)
        #expect(!ids(Answers(), facts).contains("revocations"))
        secrets.outer?.revoked = ["abcd"]
        facts.secrets = .known(secrets)
        #expect(ids(Answers(), facts).prefix(2) == ["revocations", "release"])
        guard case .saveRevocations(let folder, let source) = plan(Answers(), facts).steps.first?.action
        else {
            Issue.record("the first step saves nothing")
            return
        }
        #expect(folder == Facts.certs)
        #expect(source.name == "buildkit-envoy-certs")
        facts.activity = .known(BuildActivity(running: 1, held: 0))
        #expect(ids(Answers(), facts).prefix(3) == ["builds", "revocations", "release"])

        facts.localCluster = .known(
            Facts.LocalClusterState(cluster: LocalCluster(.kind), others: []))
        var answers = Answers()
        answers.remove = RemovablePart.everything.filter { $0 != .authority }
        #expect(ids(answers, facts).prefix(4) == ["builds", "revocations", "cluster", "cluster-record"])
        // A CA that is deleted signs for nobody.
        answers.remove = RemovablePart.everything
        #expect(!ids(answers, facts).contains("revocations"))
    }

    // MARK: Builds

    @Test func buildsThatRunAreWaitedForUnlessNobodyIsTo() {
        var facts = Facts.installed
        facts.activity = .known(BuildActivity(running: 2, held: 1))
        #expect(
            plan(Answers(), facts).steps.first?.title
                == "Wait until no builds are running: 2 active builds, 1 queued request")
        var answers = Answers()
        answers.force = true
        #expect(ids(answers, facts).prefix(3) == ["release", "pods", "objects"])
        facts.activity = .known(BuildActivity(running: 0, held: 0))
        #expect(ids(Answers(), facts).first == "release")
    }
}

extension Facts {
    static let certs = "/home/ada/.config/buildkit-installer/production/buildkit/buildkit/certs"

    /// The facts of an installation with the default answers.
    static var installed: Facts {
        var facts = Facts.empty
        facts.namespace = .known(
            NamespaceState(
                exists: true, isTerminating: false, labels: [KubernetesLabels.managedBy: KubernetesLabels.us])
        )
        let objects = ["deployment.apps/buildkit-proxy", "service/buildkit"]
        facts.release = .known(
            Release(status: "deployed", revision: 1, chart: Chart.label, values: [:], objects: objects))
        // Created from files on this machine.
        facts.files = .known(["\(certs)/daemon/ca.pem": "made here"])
        let secret = SecretState(digests: ["ca.pem": "made here"], certificates: [], isOurs: true)
        facts.secrets = .known(Secrets(outer: secret, inner: secret, findings: []))
        facts.cacheClaim = .known(
            CacheClaim(
                size: "50Gi", madeAt: Date(timeIntervalSince1970: 1_795_300_000), release: "buildkit"))
        facts.namespaceContents = .known(
            NamespaceContents(
                ofRelease: objects,
                replicaSets: [ReplicaSetName(name: "buildkit-proxy-a1", uid: "1")]))
        let options = ["cacert": "\(certs)/client/ca.pem"]
        let node = BuilderNode(
            name: "remote-kubernetes0", endpoint: "tcp://localhost:1234", options: options, platforms: [])
        facts.builders = .known(
            Builders(
                builders: [Builder(name: "remote-kubernetes", driver: "remote", nodes: [node])],
                current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: []))
        var localState = LocalState(clientFolder: "\(certs)/client")
        localState.certificates = [CertificateFolder(path: certs): CertificateFile.outer.map(\.rawValue)]
        localState.authority = [CertificateFolder(path: certs): CertificateFile.authority.map(\.rawValue)]
        localState.records = ["/answers.json", "/chart"]
        facts.localState = .known(localState)
        facts.activity = .known(BuildActivity(running: 0, held: 0))
        return facts
    }
}
