@testable import Installer
import Testing

@Suite struct OtherReleasesTests {
    private static let look =
        "kubectl get deployments.apps --output json --request-timeout=5s --namespace team "
        + "--context production"

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

    /// - Parameter records: Helm's answer for each release whose record is read.
    private func answer<Value>(
        of query: Query<Value>, _ deployments: [JSONValue],
        records: KeyValuePairs<String, CommandResult> = [:]
    ) async throws -> Value {
        let list: JSONValue = ["items": .array(deployments)]
        let helm = records.map { release, record in
            ReplayRunner.Recording(
                "helm history \(release) --max 1 --output json --namespace team --kube-context production",
                record)
        }
        let runner = ReplayRunner([.init(Self.look, CommandResult(output: list.text))] + helm, order: .any)
        let found = try await query.value(from: runner)
        #expect(runner.unplayed == [])
        return found
    }

    private func backends(
        _ deployments: JSONValue..., records: KeyValuePairs<String, CommandResult> = [:]
    ) async throws -> [BackendDeployment] {
        try await answer(of: Query<[BackendDeployment]>.backends(of: .team), deployments, records: records)
    }

    /// Names need no records, which the user may not be permitted to read.
    @Test func aReleaseIsKnownByItsDeployments() async throws {
        func others(_ deployments: JSONValue...) async throws -> [String] {
            try await answer(of: Query<[String]>.otherReleases(beside: .team), deployments)
        }
        let found = try await others(
            deployment("buildkit-0.1.0", instance: "buildkit", annotation: "buildkit"),
            deployment("buildkit-0.1.0", instance: "c", annotation: "c"),
            deployment("buildkit-0.1.0", instance: "c", annotation: "c", "builder"),
            // Applied from the output of `helm template`.
            deployment("buildkit-0.2.0", instance: "b"),
            deployment("buildkit-service-1.0.0", instance: "web", annotation: "web"),
            ["metadata": ["name": "theirs"]])
        #expect(found == ["b", "c"])
        #expect(try await others() == [])
    }

    /// Its BuildKit needs a restart where the Secret changes; one that has the labels alone is not restarted.
    @Test func aBuildKitThatReadsTheSecretIsNamed() async throws {
        let stranger = deployment("buildkit-0.1.0", instance: "b", "builder").setting(
            "a-stranger", at: ["metadata", "name"])
        let paused = deployment("buildkit-0.1.0", instance: "e", annotation: "e", "builder").setting(
            true, at: ["spec", "paused"])
        let found = try await backends(
            stranger, deployment("buildkit-0.1.0", instance: "b", annotation: "b"),
            deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder"),
            deployment("buildkit-0.1.0", instance: "c", annotation: "c", "builder", reading: "another"),
            deployment("buildkit-0.1.0", instance: "d", "builder"), paused,
            records: ["b": Self.recorded, "e": Self.recorded])
        #expect(
            found == [
                BackendDeployment(release: "b", name: "a-stranger", isRestarted: false),
                BackendDeployment(release: "b", name: "b-builder"),
                BackendDeployment(release: "d", name: "d-builder", isRestarted: false),
                BackendDeployment(release: "e", name: "e-builder", isPaused: true),
            ])
    }

    /// The chart's values determine its name. The record of its release is read for other reasons.
    @Test func theInstallationsOwnBuildKitIsTheFirst() async throws {
        let own = deployment("buildkit-0.1.0", instance: "buildkit", annotation: "buildkit", "builder")
            .setting("mine-builder", at: ["metadata", "name"]).setting(true, at: ["spec", "paused"])
        let template = deployment("buildkit-0.1.0", instance: "buildkit", "builder")
        let other = deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder")
        #expect(
            try await backends(template, other, own, records: ["b": Self.recorded]) == [
                BackendDeployment(release: "buildkit", name: "mine-builder", isPaused: true),
                BackendDeployment(release: "b", name: "b-builder"),
                BackendDeployment(release: "buildkit", name: "buildkit-builder", isRestarted: false),
            ])
        // Applied from the output of `helm template`.
        #expect(
            try await backends(template) == [
                BackendDeployment(release: "buildkit", name: "buildkit-builder")
            ])
    }

    /// Those of other charts and releases are not the installation's.
    @Test func pausedRolloutsOfTheReleaseAreNamed() async throws {
        func paused(_ deployment: JSONValue) -> JSONValue {
            deployment.setting(true, at: ["spec", "paused"])
        }
        func own(_ component: String) -> JSONValue {
            deployment("buildkit-0.1.0", instance: "buildkit", annotation: "buildkit", component)
        }
        func names(_ deployments: JSONValue...) async throws -> [String] {
            try await answer(of: Query<[String]>.pausedRollouts(of: .team), deployments)
        }
        let others = [
            deployment("buildkit-0.1.0", instance: "b", annotation: "b"),
            deployment("web-1.0.0", instance: "buildkit"),
        ].map(paused)
        #expect(try await names(own("proxy"), own("builder"), others[0], others[1]) == [])
        #expect(
            try await names(paused(own("proxy")), own("builder"), others[0], others[1]) == ["buildkit-proxy"])
        #expect(
            try await names(paused(own("proxy")), paused(own("builder"))) == [
                "buildkit-builder", "buildkit-proxy",
            ])
    }

    /// Users can copy annotations, too.
    @Test(arguments: [
        OtherReleasesTests.unknown,
        CommandResult(output: #"[{"revision": 2, "status": "uninstalled", "chart": "buildkit-0.1.0"}]"#),
        CommandResult(output: #"[{"revision": 1, "status": "deployed", "chart": "web-1.0.0"}]"#),
    ])
    func aReleaseThatHelmDoesNotKnowIsNotRestarted(_ record: CommandResult) async throws {
        let other = deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder")
        #expect(
            try await backends(other, records: ["b": record]) == [
                BackendDeployment(release: "b", name: "b-builder", isRestarted: false)
            ])
    }

    @Test func aReleaseWhoseRecordCannotBeReadIsUnknown() async {
        await #expect(throws: InstallerError.self) {
            try await backends(
                deployment("buildkit-0.1.0", instance: "b", annotation: "b", "builder"),
                records: ["b": CommandResult(status: 1, errors: "Error: secrets is forbidden\n")])
        }
    }

    @Test(arguments: [Recording.forbidden, CommandResult(output: "{not json"), CommandResult()])
    func whatCannotBeReadIsNotNone(_ result: CommandResult) {
        #expect(throws: InstallerError.self) {
            try Query.otherReleases(beside: .team).value(of: result)
        }
        #expect(throws: InstallerError.self) { try Query.backends(of: .team).value(of: result) }
        #expect(throws: InstallerError.self) { try Query.pausedRollouts(of: .team).value(of: result) }
    }
}
