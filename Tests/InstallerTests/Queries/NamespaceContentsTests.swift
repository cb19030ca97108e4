@testable import Installer
import Testing

@Suite struct InhabitantsTests {
    private func row(
        _ version: String, _ kind: String, _ name: String, type: String = "", owner: String = "",
        release: String = "", chart: String = "", instance: String = "", manager: String = "",
        record: String = "", hook: String = "", uid: String = ""
    ) -> String {
        [
            version, kind, name, type, owner, release, chart, instance, manager,
            record.isEmpty ? "" : "helm", record, hook, uid,
        ].joined(separator: "\t")
    }

    /// The query after the kinds are known.
    private func second() throws -> Query<Facts.NamespaceContents>? {
        let kinds = CommandResult(output: "configmaps\nevents\ndeployments.apps\nreplicasets.apps\n")
        guard
            case .ask(let objects) = try Query<Facts.NamespaceContents>.namespaceContents(
                Answers().installation, cacheClaim: Answers().cacheClaim
            ).read([kinds])
        else {
            return nil
        }
        return objects
    }

    private func namespaceContents(
        _ rows: [String], status: Int = 0, errors: String = ""
    ) throws -> Facts.NamespaceContents? {
        try second()?.value(
            of: CommandResult(status: status, output: rows.map { "\($0)\n" }.joined(), errors: errors))
    }

    @Test func onlyKindsThatSomebodyWantedAreAskedFor() throws {
        let arguments = try second()?.commands[0].arguments
        #expect(arguments?.prefix(2) == ["get", "configmaps,deployments.apps,replicasets.apps"])
    }

    @Test func everybodyIsToldFromTheRest() throws {
        let found = try namespaceContents([
            row("v1", "ConfigMap", "kube-root-ca.crt"), row("v1", "ServiceAccount", "default"),
            row("v1", "Secret", "default-token-x", type: "kubernetes.io/service-account-token"),
            row(
                "apps/v1", "Deployment", "buildkit-proxy", release: "buildkit", chart: "buildkit-0.1.0",
                manager: "Helm"),
            row("apps/v1", "ReplicaSet", "buildkit-proxy-1", owner: "buildkit-proxy"),
            row(
                "v1", "Pod", "buildkit-test", chart: "buildkit-0.1.0", instance: "buildkit", manager: "Helm",
                hook: "test"),
            row("v1", "PersistentVolumeClaim", "buildkit-cache", release: "buildkit"),
            row("v1", "Secret", "buildkit-envoy-certs", type: "Opaque"),
            row("v1", "Secret", "sh.helm.release.v1.buildkit.v1", record: "buildkit"),
            row("v1", "Secret", "sh.helm.release.v1.web.v1", record: "web"),
            row("v1", "ConfigMap", "web", release: "web"), row("v1", "ConfigMap", "theirs"),
        ])
        #expect(
            found
                == Facts.NamespaceContents(
                    ofRelease: ["deployment.apps/buildkit-proxy", "pod/buildkit-test"],
                    others: ["configmap/theirs", "configmap/web", "secret/sh.helm.release.v1.web.v1"]))
    }

    /// Users add the labels to objects of their own, and another chart may have the release's name.
    @Test(arguments: [
        ("", "buildkit-0.1.0", "buildkit", ""), ("", "buildkit-0.1.0", "buildkit", "Helm"),
        ("", "", "buildkit", "Helm"), ("buildkit", "", "", "Helm"),
        ("buildkit", "buildkit-service-1.0.0", "buildkit", "Helm"), ("buildkit", "buildkit-0.1.0", "", ""),
        ("other", "buildkit-0.1.0", "other", "Helm"),
    ])
    func aLabelAloneMakesNothingOurs(
        _ release: String, _ chart: String, _ instance: String, _ manager: String
    )
        throws
    {
        let found = try namespaceContents([
            row(
                "v1", "ConfigMap", "mine", release: release, chart: chart, instance: instance,
                manager: manager)
        ])
        #expect(found == Facts.NamespaceContents(others: ["configmap/mine"]))
    }

    /// Their pods are the release's; those of a Deployment that only has the labels are not.
    @Test func theReplicaSetsOfTheReleasesDeploymentsAreKnown() throws {
        let found = try namespaceContents([
            row(
                "apps/v1", "Deployment", "buildkit-proxy", release: "buildkit", chart: "buildkit-0.1.0",
                manager: "Helm", uid: "1"),
            row("apps/v1", "ReplicaSet", "buildkit-proxy-b2", owner: "1", uid: "3"),
            row("apps/v1", "ReplicaSet", "buildkit-proxy-a1", owner: "1", uid: "2"),
            row("v1", "Pod", "buildkit-proxy-a1-x", owner: "2", uid: "4"),
            row(
                "apps/v1", "Deployment", "mine", chart: "buildkit-0.1.0", instance: "buildkit",
                manager: "Helm", uid: "5"),
            row("apps/v1", "ReplicaSet", "mine-a1", owner: "5", uid: "6"),
        ])
        #expect(
            found
                == Facts.NamespaceContents(
                    ofRelease: ["deployment.apps/buildkit-proxy"], others: ["deployment.apps/mine"],
                    replicaSets: [
                        ReplicaSetName(name: "buildkit-proxy-a1", uid: "2"),
                        ReplicaSetName(name: "buildkit-proxy-b2", uid: "3"),
                    ]))
    }

    @Test func theObjectsOfAManifestAreNamedAsByKubectl() {
        let manifest = """
            ---
            # Source: buildkit/templates/proxy/service.yaml
            apiVersion: v1
            kind: Service
            metadata:
              name: buildkit
              labels:
                name: other
            spec:
              ports:
                - name: grpc
            ---
            # Source: buildkit/templates/builder/deployment.yaml
            kind: "Deployment"
            apiVersion: apps/v1
            metadata:
              labels: {name: other}
              name: 'buildkit-builder'
            spec:
              template:
                metadata:
                  name: other
            ---
            # Source: buildkit/templates/checks.yaml
            """
        #expect(
            NamespaceObject.names(inManifest: manifest) == [
                "service/buildkit", "deployment.apps/buildkit-builder",
            ])
        #expect(NamespaceObject.names(inManifest: "") == [])
    }

    @Test func whatMayNotBeListedMakesItIncomplete() throws {
        let found = try namespaceContents(
            [row("v1", "ConfigMap", "theirs")], status: 1, errors: Recording.forbidden.errors)
        #expect(found == Facts.NamespaceContents(others: ["configmap/theirs"], areComplete: false))
    }

    /// Pods cannot be proven to be the release's then.
    @Test func replicaSetsThatMayNotBeListedAreUnknown() throws {
        func replicaSets(_ errors: String...) throws -> [ReplicaSetName]? {
            let found = try namespaceContents(
                [], status: 1, errors: errors.map { "Error from server (\($0)\n" }.joined())
            #expect(found?.areComplete == false)
            return found?.replicaSets
        }
        func refusal(_ kind: String) -> String {
            "Forbidden): \(kind) is forbidden: User \"half\" cannot list"
        }
        #expect(try replicaSets(refusal("configmaps")) == [])
        #expect(try replicaSets(refusal("replicasets.apps")) == nil)
        #expect(try replicaSets(refusal("configmaps"), refusal("deployments.apps")) == nil)
        #expect(try replicaSets(refusal("configmaps"), "Timeout): the server was unable to answer") == nil)
    }

    /// The chart's values determine its name.
    @Test func aCacheVolumeOfAnyNameStays() throws {
        let found = try namespaceContents([
            row(
                "v1", "PersistentVolumeClaim", "mine-cache", release: "buildkit", chart: "buildkit-0.1.0",
                manager: "Helm")
        ])
        #expect(found == Facts.NamespaceContents(others: ["persistentvolumeclaim/mine-cache"]))
    }

    @Test func aNamespaceThatIsHeldSaysBy() throws {
        let text = """
            {"metadata": {"name": "team"}, "status": {"phase": "Terminating", "conditions": [
             {"type": "NamespaceDeletionDiscoveryFailure", "status": "False", "message": "All resources successfully discovered"},
             {"type": "NamespaceFinalizersRemaining", "status": "True",
              "message": "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"}]}}
            """
        let state = try Query<Facts.NamespaceState>.namespace(.team).value(of: CommandResult(output: text))
        #expect(
            state?.heldBy == [
                "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
            ])
    }
}
