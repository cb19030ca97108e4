@testable import Installer
import Testing

@Suite struct ReleaseQueryTests {
    private let query = Query<Facts.Release?>.release(.team)
    private let history = CommandResult(
        output: """
            [{"revision":3,"updated":"2026-11-22T16:40:28.950876469Z","status":"deployed",\
            "chart":"buildkit-0.1.0","app_version":"","description":"Upgrade complete"}]
            """)

    private let manifest = CommandResult(
        output: """
            ---
            # Source: buildkit/templates/proxy/service.yaml
            ---
            # Source: buildkit/templates/builder/deployment.yaml
            """)

    @Test func aReleaseIsItsLastRevision() throws {
        let values = CommandResult(output: #"{"proxy":{"service":{"port":1234}}}"#)
        #expect(
            try query.value(of: history, values, manifest)
                == Facts.Release(
                    status: "deployed", revision: 3, chart: "buildkit-0.1.0",
                    values: ["proxy": ["service": ["port": 1234]]]))
    }

    @Test func theObjectsOfItsManifestAreKnown() throws {
        let text = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: buildkit-proxy\n"
        let release = try query.value(
            of: history, CommandResult(output: "null\n"), CommandResult(output: text))
        #expect(release??.objects == ["deployment.apps/buildkit-proxy"])
    }

    @Test func aReleaseWithoutValuesHasNone() throws {
        #expect(try query.value(of: history, CommandResult(output: "null\n"), manifest)??.values == [:])
    }

    @Test func anUnknownReleaseIsNoFailure() throws {
        let unknown = CommandResult(status: 1, errors: "Error: release: not found\n")
        #expect(try query.value(of: unknown, unknown, unknown) == .some(nil))
    }

    /// Helm reports a missing release explicitly.
    @Test(arguments: ["", "[]", "null"]) func anAnswerWithNothingInItIsNoAnswer(_ output: String) {
        #expect(throws: InstallerError.self) {
            try query.value(of: CommandResult(output: output), CommandResult(output: "null\n"), manifest)
        }
    }

    @Test(arguments: [
        "", "# Source: buildkit/templates/deployment.yaml", "# Source: other/templates/proxy/a.yaml",
    ])
    func aReleaseOfOtherTemplatesIsNotOurs(_ manifest: String) throws {
        let release = try query.value(
            of: history, CommandResult(output: "null\n"), CommandResult(output: manifest))
        #expect(release??.isOurs == false)
    }

    @Test func anUnknownReleaseIsNoFailureInDebugModeEither() throws {
        let errors = """
            history.go:56: 2026-11-28 01:20:31 [debug] getting history for release buildkit
            Error: release: not found
            helm.go:84: 2026-11-28 01:20:31 [debug] release: not found
            helm.sh/helm/v3/pkg/storage/driver.init
            """
        let unknown = CommandResult(status: 1, errors: errors)
        #expect(try query.value(of: unknown, unknown) == .some(nil))
    }

    @Test func helmsLogBeforeItsErrorIsLeftOut() {
        let errors = """
            level=WARN msg="something else"
            Error: kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: \
            connect: connection refused
            """
        let result = CommandResult(status: 1, errors: errors)
        #expect {
            try query.value(of: result, result, result)
        } throws: { error in
            (error as? InstallerError)?.detail?.hasPrefix("Error: kubernetes cluster unreachable") == true
        }
    }

    /// The output of Helm 3.21 and Helm 4.2 for the same release; only Helm 4 logs before its errors.
    @Test func helm3AndHelm4AreReadAlike() throws {
        let three = CommandResult(
            output: """
                [{"revision":7,"updated":"2026-11-22T16:40:28.950876469Z","status":"failed",\
                "chart":"buildkit-0.1.0","app_version":"v0.32.2","description":"Preparing upgrade"}]
                """)
        let four = CommandResult(
            output: """
                [
                  {"app_version": "v0.32.2", "chart": "buildkit-0.1.0", "description": "Preparing upgrade",
                   "revision": 7, "status": "failed", "updated": "2026-11-22T16:40:28.950876469Z"}
                ]
                """)
        let values = CommandResult(output: "null\n")
        let release = try query.value(of: three, values, manifest)
        #expect(release == (try query.value(of: four, values, manifest)))
        #expect(release??.appVersion == "v0.32.2")
        #expect(release??.revision == 7)
    }

    /// An upgrade compares the last revision with the one that was planned on, wherever Helm stores it.
    @Test func revisionsAreReadFromWhereHelmStoresThem() async throws {
        let installation = InstallationID(context: "production", namespace: "team", release: "buildkit")
        for (driver, kind) in [("", "secrets"), ("memory", "secrets"), ("configmap", "configmaps")] {
            let storage = HelmStorage(environment: ["HELM_DRIVER": driver])
            let command = Query.releaseRevisions(installation, in: storage).commands[0]
            #expect(command.arguments.starts(with: ["get", kind]), "\(driver)")
        }
        #expect(HelmStorage(environment: ["HELM_DRIVER": "sql"]) == .elsewhere)
    }

    /// Without one of its rows, an earlier revision would be taken for the last.
    @Test(arguments: ["error: unexpected EOF\n", "1\tdeployed\t\n2 deployed\n", "none\tdeployed\t\n"])
    func recordsThatCannotBeReadAreUnknown(_ output: String) throws {
        #expect {
            try Query.releaseRevisions(.team).value(of: CommandResult(output: output))
        } throws: { ($0 as? InstallerError)?.code == .toolOutputUnknown }
        #expect(try Query.releaseRevisions(.team).value(of: CommandResult())?.isEmpty == true)
    }

    /// The run that created it determines whether this machine may unlock it.
    @Test func ofALockedReleaseItIsAskedWhoHasMadeItsLastRevision() async throws {
        let history =
            #"[{"revision":2,"status":"pending-upgrade","chart":"buildkit-0.1.0","app_version":"v0.32.2"}]"#
        let place = "--namespace team --kube-context production"
        let records =
            #"kubectl get secrets --selector 'owner=helm,name=buildkit' --output 'jsonpath={range .items[*]}"#
            + #"{.metadata.labels.version}{"\t"}{.metadata.labels.status}{"\t"}"#
            + #"{.metadata.labels.buildkit-installer/run}{"\n"}{end}' --request-timeout=5s --namespace team "#
            + "--context production"
        let runner = ReplayRunner(
            [
                .init("helm history buildkit --max 1 --output json \(place)", .init(output: history)),
                .init("helm get values buildkit --output json \(place)", .init(output: "null")),
                .init("helm get manifest buildkit \(place)", manifest),
                .init(
                    records.replacing("'owner=helm,name=buildkit'", with: "owner=helm,name=buildkit"),
                    .init(output: "2\tpending-upgrade\tword\n1\tdeployed\t\n")),
            ], order: .any)
        let release = try await query.value(from: runner)
        #expect(runner.unplayed.isEmpty)
        #expect(release?.mark == "word")
    }

    @Test(arguments: [
        "Error: Kubernetes cluster unreachable: Get \"https://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: refused",
        "Error: kubernetes cluster unreachable: Get \"https://127.0.0.1:1/version\": dial tcp 127.0.0.1:1: refused",
        "Error: query: failed to query with labels: secrets is forbidden: User \"half\" cannot list resource "
            + "\"secrets\" in API group \"\" in the namespace \"team\"",
    ])
    func whatEitherHelmSaysOfItsFailureIsPassedOn(_ said: String) {
        let result = CommandResult(status: 1, errors: "\(said)\n")
        #expect {
            try query.value(of: result, result, result)
        } throws: { error in
            guard let failure = error as? InstallerError else { return false }
            return "\(failure.message)\(failure.detail ?? "")".contains(said.dropFirst("Error: ".count))
        }
    }

    @Test(arguments: [
        (
            "Error: UPGRADE FAILED: conflict occurred while applying object demo/app apps/v1, Kind=Deployment: Apply "
                + "failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using apps/v1: "
                + ".spec.replicas", "kubectl"
        ), ("error: Apply failed with 2 conflicts: conflicts with \"argocd\" using v1:\n- .data", "argocd"),
        ("Error: UPGRADE FAILED: context deadline exceeded", nil),
    ])
    func whoeverHasSetAFieldIsNamed(_ said: String, _ owner: String?) {
        #expect(InstallerError("Helm ended with 1", detail: said, hint: "").conflictingManager == owner)
    }

    @Test func eachOfItsCommandsNamesTheInstallation() {
        #expect(
            query.commands.map(\.description) == [
                "helm history buildkit --max 1 --output json --namespace team --kube-context production",
                "helm get values buildkit --output json --namespace team --kube-context production",
                "helm get manifest buildkit --namespace team --kube-context production",
            ])
    }
}
