@testable import Installer
import Testing

/// What the status reports of Secrets, and of objects that are being deleted.
@Suite struct StatusDiagnosticsTests {
    private let secret = Facts.SecretState(digests: [:], certificates: [], isOurs: true)

    private func report(_ change: (inout Facts) -> Void) throws -> StatusReport {
        var facts = try Facts.well
        facts.objects = .known(.mounting)
        facts.secrets = .known(.init(outer: secret, inner: secret, findings: []))
        change(&facts)
        var answers = Answers()
        (answers.context, answers.namespace) = ("production", "team")
        return StatusReport(
            facts, answers, places: InstallerPaths(home: "/home", environment: [:]), home: "/home",
            now: TestClock.start, days: 30)
    }

    /// Its pods run on until they are replaced.
    @Test func aSecretThatIsMissingIsNamedWhileAllPodsRun() throws {
        let report = try report { $0.secrets = .known(.init(outer: nil, inner: secret, findings: [])) }
        #expect(report.health == .wrong)
        #expect(report.remarks.map(\.code) == ["SecretMissing"])
        #expect(report.remarks.map(\.id) == ["secret/buildkit-envoy-certs"])
        #expect(
            report.lines.suffix(2) == [
                "  Error  Secret buildkit-envoy-certs not found: new pods cannot start without it.",
                "         Restore it: buildkit-installer install --context production --namespace team",
            ])
    }

    /// BuildKit works, with the former settings where other ones wait.
    @Test(arguments: [
        (1, "its pods are not replaced when the settings change"), (0, "its pods keep their former settings"),
    ])
    func aPausedRolloutIsNamed(_ updated: Int, _ effect: String) throws {
        let status: JSONValue = ["replicas": 1, "updatedReplicas": .number(Double(updated))]
        let objects: [JSONValue] = [
            JSONValue.deployment("builder").madeByHelm.setting(true, at: ["spec", "paused"])
                .setting(status, at: ["status"]),
            JSONValue.deployment("proxy").madeByHelm, .pod("builder"), .pod("proxy"),
        ]
        let report = try report { $0.objects = .known(ReleaseObjects(items: objects, refused: [])) }
        #expect(report.health == .well)
        #expect(report.remarks.map(\.code) == ["RolloutPaused"])
        #expect(
            report.lines.suffix(2) == [
                "  Warning  The rollout of deployment/buildkit-builder is paused: \(effect).",
                "           Resume it: kubectl rollout resume deployment/buildkit-builder --namespace team --context production",
            ])
    }

    /// No pod mounts the other one.
    @Test func aSecretIsMissedOnlyWhereItIsKnownToBeNeeded() throws {
        #expect(try report { _ in }.remarks.isEmpty)
        #expect(
            try report { $0.secrets = .known(.init(outer: secret, inner: nil, findings: [])) }.remarks.isEmpty
        )
        #expect(try report { $0.secrets = .unavailable(InstallerError("Forbidden")) }.remarks.isEmpty)
    }

    @Test func podsOfADeploymentThatHasLostItsLabelAreNotMissing() throws {
        let proxy = JSONValue.deployment("proxy").madeByHelm
            .setting(.null, at: ["metadata", "labels", "helm.sh/chart"])
        let objects: [JSONValue] = [
            JSONValue.deployment("builder").madeByHelm, proxy, .pod("builder"), .pod("proxy"),
        ]
        let report = try report { $0.objects = .known(ReleaseObjects(items: objects, refused: [])) }
        #expect(report.remarks.map(\.code) == ["PodsUnidentified"])
        #expect(report.remarks.first?.sentence.contains("the pod buildkit-proxy-1 has the labels") == true)
    }

    @Test func whatIsBeingDeletedIsNamed() throws {
        var ending = secret
        ending.deletion = PendingDeletion(finalizers: ["example.com/hold"])
        let secrets = try report { $0.secrets = .known(.init(outer: ending, inner: secret, findings: [])) }
        #expect(secrets.remarks.map(\.id) == ["secret/buildkit-envoy-certs"])
        let objects: [JSONValue] = [
            .deployment("builder"), JSONValue.deployment("proxy").ending, .pod("builder"), .pod("proxy"),
        ]
        let deployments = try report { $0.objects = .known(ReleaseObjects(items: objects, refused: [])) }
        #expect((secrets.remarks + deployments.remarks).map(\.code) == [.deletionBlocked, .deletionBlocked])
        #expect(
            deployments.remarks.map(\.sentence) == [
                "Deployment buildkit-proxy is being deleted and waits for its finalizer example.com/hold."
            ])
        #expect(deployments.health == .wrong)
    }
}
