@testable import Installer
import MutualTLS
import Testing

@Suite struct PausedReleasesCheckTests {
    private static let paused = BackendDeployment(release: "b", name: "b-buildkit-builder", isPaused: true)
    private static let own = BackendDeployment(release: "buildkit", name: "mine-builder", isPaused: true)

    private func judge(
        _ check: Check, _ backends: [BackendDeployment], _ change: (inout Facts, inout Answers) -> Void
    ) -> CheckOutcome? {
        var (facts, answers) = (Facts.empty, Answers())
        facts.backends = .known(backends)
        change(&facts, &answers)
        return [check].results(facts, answers).first?.verdict
    }

    private func rotate(_ backends: [BackendDeployment], _ scope: RotationScope = .inner) -> CheckOutcome? {
        judge(.pausedReleases, backends) { $1.renew = scope }
    }

    @Test func aPausedRolloutIsNamedBeforeAnythingIsChanged() {
        #expect(
            rotate([Self.paused, BackendDeployment(release: "c", name: "c-buildkit-builder")])
                == .failed(
                    "The release b uses the same Secrets, and the rollout of deployment/b-buildkit-builder is paused: "
                        + "it cannot restart with new certificates",
                    hint:
                        "Resume it: kubectl rollout resume deployment/b-buildkit-builder --namespace buildkit "
                        + "--context production"))
        let two = rotate([Self.paused, BackendDeployment(release: "c", name: "c", isPaused: true)])
        #expect(two?.evidence.hasPrefix("The releases b and c use the same Secrets") == true)
        #expect(
            two?.hint?.contains("rollout resume deployment/b-buildkit-builder deployment/c ") == true)
        #expect(Workflow.rotate.checks.contains { $0.id == "paused-releases" })
        #expect(Workflow.install.checks.contains { $0.id == "paused-releases" })
    }

    /// BuildKit of the installation itself could not be restarted either.
    @Test func thePausedRolloutOfTheReleaseItselfIsNamed() {
        let resume = "Resume it: kubectl rollout resume deployment/mine-builder"
        #expect(
            rotate([Self.own])
                == .failed(
                    "The rollout of deployment/mine-builder is paused: it cannot restart with new certificates",
                    hint: "\(resume) --namespace buildkit --context production"))
        let both = rotate([Self.own, Self.paused])
        #expect(
            both?.evidence
                == "The release b uses the same Secrets, and the rollout of deployment/mine-builder and "
                + "deployment/b-buildkit-builder is paused: it cannot restart with new certificates")
        #expect(both?.hint?.hasPrefix("\(resume) deployment/b-buildkit-builder ") == true)
    }

    @Test func whereNothingRestartsNothingIsSaid() {
        #expect(rotate([BackendDeployment(release: "b", name: "b-buildkit-builder")]) == nil)
        // It is not restarted.
        let stranger = BackendDeployment(release: "b", name: "b", isPaused: true, isRestarted: false)
        #expect(rotate([stranger]) == nil)
        #expect(rotate([Self.paused], .certificates) == nil)
        #expect(rotate([Self.paused], .authority) == nil)
    }

    /// Only one that replaces the Secret restarts the others.
    @Test func anInstallThatReplacesTheSecretIsRefused() {
        let place = CertificateLayout.innerFiles(in: CertificateFolder(path: "/certs"))
        let present = Dictionary(uniqueKeysWithValues: place.map { ($1, "of \($0)") })
        let state = Facts.SecretState(
            digests: place.mapValues { present[$0] ?? "" }, certificates: [], isOurs: true)
        func install(
            _ files: [String: String], exists: Bool = true, _ source: CertificateSource = .issue
        ) -> CheckOutcome? {
            judge(.pausedReleasesForInstall, [Self.paused]) { facts, answers in
                answers.certificates = source
                facts.secrets = .known(
                    Facts.Secrets(outer: state, inner: exists ? state : nil, findings: []))
                facts.files = .known(files)
                facts.clientFolders = .known(Facts.ClientFolders(own: "/certs/client"))
            }
        }
        #expect(install([:])?.word == "failed")
        #expect(install(present.mapValues { "another than \($0)" })?.word == "failed")
        #expect(install(present) == nil)
        #expect(install([:], exists: false) == nil)
        #expect(install([:], .secrets) == nil)
        // The same contents elsewhere are not those that would be written.
        let elsewhere = Dictionary(uniqueKeysWithValues: present.map { ("/elsewhere\($0)", $1) })
        #expect(install(elsewhere)?.word == "failed")
    }

    /// Whatever the name of its directory.
    @Test func aMachineThatHasOnlyRotatedReplacesNoSecret() {
        let folder = CertificateFolder(path: "/home/inner/certs")
        let outer = CertificateLayout.pairFiles(in: folder)
        let outcome = judge(.pausedReleasesForInstall, [Self.paused]) { facts, _ in
            facts.folder = .known(Inspection())
            facts.files = .known(Dictionary(uniqueKeysWithValues: outer.values.map { ($0, $0) }))
            facts.clientFolders = .known(Facts.ClientFolders(own: "\(folder.path)/client"))
            facts.secrets = .known(
                Facts.Secrets(
                    outer: Facts.SecretState(digests: outer, certificates: [], isOurs: true),
                    inner: Facts.SecretState(
                        digests: CertificateLayout.innerFiles(in: folder), certificates: [], isOurs: true),
                    findings: []))
        }
        #expect(outcome == nil)
    }

    /// Helm would wait for pods that never come, or report an upgrade that changed none.
    @Test func anUpgradeIsRefusedWhileARolloutOfTheReleaseIsPaused() {
        func install(
            _ admission: Fact<Admission>, _ paused: Fact<[String]> = .known(["buildkit-proxy"]),
            _ backends: [BackendDeployment] = []
        ) -> CheckOutcome? {
            judge(.pausedReleasesForInstall, backends) { facts, answers in
                (facts.admission, facts.pausedRollouts) = (admission, paused)
                guard !backends.isEmpty else { return }
                let state = Facts.SecretState(digests: [:], certificates: [], isOurs: true)
                facts.secrets = .known(Facts.Secrets(outer: state, inner: state, findings: []))
            }
        }
        let upgrade = Fact.known(Admission(asked: 7))
        #expect(
            install(upgrade)
                == .failed(
                    "The rollout of deployment/buildkit-proxy is paused: an upgrade would not replace its pods",
                    hint:
                        "Resume it: kubectl rollout resume deployment/buildkit-proxy --namespace buildkit "
                        + "--context production"))
        // Each is named once, also where it would be restarted as well.
        let both = install(upgrade, .known(["buildkit-proxy", "mine-builder"]), [Self.own])
        #expect(
            both?.evidence
                == "The rollout of deployment/mine-builder and deployment/buildkit-proxy is paused: an upgrade would not "
                + "replace its pods")
        // The release stays as it is, or nothing is paused.
        #expect(install(.known(.ofNothing)) == nil)
        #expect(install(upgrade, .known([])) == nil)
        #expect(install(upgrade, .unavailable(InstallerError("It cannot be looked at"))) == nil)
        // A rotation changes no release.
        let rotation = judge(.pausedReleases, []) { facts, answers in
            (facts.admission, facts.pausedRollouts) = (upgrade, .known(["buildkit-proxy"]))
            answers.renew = .inner
        }
        #expect(rotation == nil)
    }
}
