@testable import Installer
import MutualTLS
import Testing

@Suite struct PausedReleasesCheckTests {
    private static let paused = OtherRelease(name: "b", backend: "b-buildkit-builder", isPaused: true)

    private func judge(
        _ check: Check, _ releases: [OtherRelease], _ change: (inout Facts, inout Answers) -> Void
    ) -> CheckOutcome? {
        var (facts, answers) = (Facts.empty, Answers())
        facts.otherReleases = .known(releases)
        change(&facts, &answers)
        return [check].results(facts, answers).first?.verdict
    }

    private func rotate(_ releases: [OtherRelease], _ scope: RotationScope = .inner) -> CheckOutcome? {
        judge(.pausedReleases, releases) { $1.renew = scope }
    }

    @Test func aPausedRolloutIsNamedBeforeAnythingIsChanged() {
        #expect(
            rotate([Self.paused, OtherRelease(name: "c", backend: "c-buildkit-builder")])
                == .failed(
                    "The release b uses the same Secrets, and the rollout of deployment/b-buildkit-builder is paused: "
                        + "it cannot restart with new certificates",
                    hint:
                        "Resume it: kubectl rollout resume deployment/b-buildkit-builder --namespace buildkit "
                        + "--context production"))
        let two = rotate([Self.paused, OtherRelease(name: "c", backend: "c", isPaused: true)])
        #expect(two?.evidence.hasPrefix("The releases b and c use the same Secrets") == true)
        #expect(
            two?.hint?.contains("rollout resume deployment/b-buildkit-builder deployment/c ") == true)
        #expect(Workflow.rotate.checks.contains { $0.id == "paused-releases" })
        #expect(Workflow.install.checks.contains { $0.id == "paused-releases" })
    }

    @Test func whereNothingRestartsNothingIsSaid() {
        #expect(rotate([OtherRelease(name: "b", backend: "b-buildkit-builder")]) == nil)
        #expect(rotate([Self.paused], .certificates) == nil)
        #expect(rotate([Self.paused], .authority) == nil)
    }

    /// Only one that replaces the Secret restarts the others.
    @Test func anInstallThatReplacesTheSecretIsRefused() {
        let keys = CertificateLayout.innerFiles(in: CertificateFolder(path: "")).keys
        let digests = Dictionary(uniqueKeysWithValues: keys.map { ($0, "of \($0)") })
        let state = Facts.SecretState(digests: digests, certificates: [], isOurs: true)
        func install(
            _ files: [String], exists: Bool = true, _ source: CertificateSource = .issue
        ) -> CheckOutcome? {
            judge(.pausedReleasesForInstall, [Self.paused]) { facts, answers in
                answers.certificates = source
                facts.secrets = .known(
                    Facts.Secrets(outer: state, inner: exists ? state : nil, findings: []))
                facts.files = .known(Dictionary(uniqueKeysWithValues: files.map { ("/certs/\($0)", $0) }))
            }
        }
        #expect(install([])?.word == "failed")
        #expect(install(["of another"])?.word == "failed")
        #expect(install(Array(digests.values)) == nil)
        #expect(install([], exists: false) == nil)
        #expect(install([], .secrets) == nil)
    }
}
