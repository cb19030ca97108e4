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
        let kinds = CommandResult(output: "configmaps\nevents\ndeployments.apps\n")
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
        #expect(arguments?.prefix(2) == ["get", "configmaps,deployments.apps"])
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

@Suite struct OtherReleasesTests {
    private func deployment(
        _ chart: String, instance: String, annotation: String? = nil, _ component: String = "proxy",
        reading secret: String = "buildkit-secrets"
    ) -> JSONValue {
        let annotations: JSONValue =
            annotation.map {
                ["meta.helm.sh/release-name": .string($0), "meta.helm.sh/release-namespace": "team"]
            } ?? [:]
        return [
            "metadata": [
                "name": .string("\(instance)-\(component)"), "annotations": annotations,
                "labels": [
                    "helm.sh/chart": .string(chart), "app.kubernetes.io/instance": .string(instance),
                    "app.kubernetes.io/component": .string(component),
                    "app.kubernetes.io/managed-by": "Helm",
                ],
            ],
            "spec": [
                "template": [
                    "spec": [
                        "volumes": .array([
                            ["name": "config", "configMap": ["name": "any"]],
                            ["name": "certificates", "secret": ["secretName": .string(secret)]],
                        ])
                    ]
                ]
            ],
        ]
    }

    private static let recorded = CommandResult(
        output: #"[{"revision": 1, "status": "deployed", "chart": "buildkit-0.1.0"}]"#)
    fileprivate static let unknown = CommandResult(status: 1, errors: "Error: release: not found\n")

    /// - Parameter records: Helm's answer for each release with a BuildKit of its own.
    private func others(
        _ deployments: JSONValue..., records: KeyValuePairs<String, CommandResult> = [:]
    ) async throws -> [OtherRelease] {
        let list: JSONValue = ["items": .array(deployments)]
        let look =
            "kubectl get deployments.apps --output json --request-timeout=5s --namespace team "
            + "--context production"
        let helm = records.map { release, record in
            ReplayRunner.Recording(
                "helm history \(release) --max 1 --output json --namespace team --kube-context production",
                record)
        }
        let runner = ReplayRunner([.init(look, CommandResult(output: list.text))] + helm, order: .any)
        let found = try await Query.otherReleases(beside: .team).value(from: runner)
        #expect(runner.unplayed == [])
        return found
    }

    @Test func aReleaseIsKnownByItsDeployments() async throws {
        let found = try await others(
            deployment("buildkit-0.1.0", instance: "buildkit", annotation: "buildkit"),
            deployment("buildkit-0.1.0", instance: "c", annotation: "c"),
            deployment("buildkit-0.1.0", instance: "c", annotation: "c"),
            // Applied from the output of `helm template`.
            deployment("buildkit-0.2.0", instance: "b"),
            deployment("buildkit-service-1.0.0", instance: "web", annotation: "web"),
            ["metadata": ["name": "theirs"]])
        #expect(found == [OtherRelease(name: "b"), OtherRelease(name: "c")])
        #expect(try await others() == [])
    }

    /// Its BuildKit needs a restart where the Secret changes; one that has the labels alone is not restarted.
    @Test func aBuildKitThatReadsTheSecretIsNamed() async throws {
        let stranger = deployment("buildkit-0.1.0", instance: "b", "builder").setting(
            "a-stranger", at: ["metadata", "name"])
        let paused = deployment("buildkit-0.1.0", instance: "e", annotation: "e", "builder").setting(
            true, at: ["spec", "paused"])
        let found = try await others(
            stranger, deployment("buildkit-0.1.0", instance: "b", annotation: "b"),
            deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder"),
            deployment("buildkit-0.1.0", instance: "c", annotation: "c", "builder", reading: "another"),
            deployment("buildkit-0.1.0", instance: "d", "builder"), paused,
            records: ["b": Self.recorded, "e": Self.recorded])
        #expect(
            found == [
                OtherRelease(name: "b", backend: "b-builder"), OtherRelease(name: "c"),
                OtherRelease(name: "d"), OtherRelease(name: "e", backend: "e-builder", isPaused: true),
            ])
    }

    /// Users can copy annotations, too. It may still need the Secrets.
    @Test(arguments: [
        OtherReleasesTests.unknown,
        CommandResult(output: #"[{"revision": 2, "status": "uninstalled", "chart": "buildkit-0.1.0"}]"#),
        CommandResult(output: #"[{"revision": 1, "status": "deployed", "chart": "web-1.0.0"}]"#),
    ])
    func aReleaseThatHelmDoesNotKnowIsNotRestarted(_ record: CommandResult) async throws {
        let paused = deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder").setting(
            true, at: ["spec", "paused"])
        #expect(try await others(paused, records: ["b": record]) == [OtherRelease(name: "b")])
    }

    @Test func aReleaseWhoseRecordCannotBeReadIsUnknown() async {
        await #expect(throws: InstallerError.self) {
            try await others(
                deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder"),
                records: ["b": CommandResult(status: 1, errors: "Error: secrets is forbidden\n")])
        }
    }

    @Test(arguments: [Recording.forbidden, CommandResult(output: "{not json")])
    func whatCannotBeReadIsNotNone(_ result: CommandResult) {
        #expect(throws: InstallerError.self) {
            try Query.otherReleases(beside: .team).value(of: result)
        }
    }
}
