@testable import Installer
@testable import MutualTLS
import Testing

@Suite struct MachineChecksTests {
    private let missing = InstallerError(
        "helm not found", detail: "It is not on the PATH.", hint: "Install it.")

    @Test func aMissingToolIsNamedWithWhatMendsIt() {
        #expect(
            verdict(.helm) { facts, _ in facts.helm = .unavailable(missing) }
                == .failed("helm not found: It is not on the PATH.", hint: "Install it."))
    }

    @Test(arguments: ["3.14.0", "3.21.4", "4.2.4"])
    func aHelmThatIsNewEnoughPasses(_ version: String) {
        #expect(verdict(.helm) { facts, _ in facts.helm = .known(version) } == .passed(version))
    }

    @Test func anOldHelmFails() {
        #expect(
            verdict(.helm) { facts, _ in facts.helm = .known("3.13.9") }
                == .failed("helm is 3.13.9; 3.14 or later is required", hint: Tool.helm.remedy))
    }

    @Test(arguments: [("1.21.14", "failed"), ("1.22.0", "ok"), ("1.36.2", "ok")])
    func aKubectlWithoutServerSideApplyFails(_ version: String, _ word: String) {
        #expect(verdict(.kubectl) { facts, _ in facts.kubectl = .known(version) }.word == word)
    }

    private static let version = "kubectl version --client --output json"

    @Test(arguments: [("1.10.0", true), ("1.36.2", false)])
    func aFlagThatKubectlDoesNotKnowIsExplainedByItsVersion(_ version: String, _ isOld: Bool) async {
        let failure = InstallerError(
            Kubectl(context: "production").scale("deployment/a", to: 0),
            CommandResult(status: 1, errors: "error: unknown flag: --replicas"))
        let reply = CommandResult(output: #"{"clientVersion": {"gitVersion": "v\#(version)"}}"#)
        let runner = ReplayRunner([Self.version: reply])
        let explained = await failure.explained(by: runner)
        #expect(runner.unplayed == [])
        guard isOld else { return #expect(explained == failure) }
        #expect(explained.message == "kubectl is 1.10.0; 1.22 or later is required")
        #expect(
            explained.detail == "kubectl exited with status 1\nerror: unknown flag: --replicas")
        #expect(explained.hint == Tool.kubectl.remedy)
        #expect(explained.code == "KubectlCheck")
    }

    /// What the cluster rejects has nothing to do with it, and the version of kubectl is no answer to Helm.
    @Test(arguments: [
        (Command(.kubectl, ["scale"]), "Error from server (Forbidden): no"),
        (Command(.helm, ["upgrade"]), "Error: unknown flag: --force-conflicts"),
    ])
    func forOtherFailuresTheVersionIsNotRead(_ command: Command, _ said: String) async {
        let failure = InstallerError(command, CommandResult(status: 1, errors: said))
        let runner = ReplayRunner([Self.version: CommandResult(output: "v1.10.0")])
        #expect(await failure.explained(by: runner) == failure)
        #expect(runner.unplayed.count == 1)
    }

    @Test func aNameThatIsLackingIsAddedByRotating() {
        let finding = Finding(
            kind: .nameNotCovered, severity: .error, file: "daemon/cert.pem",
            sentence: "daemon/cert.pem is not valid for b.", hint: "Reissue it with that name.")
        let outcome = verdict(.certificateFolder) { facts, answers in
            facts.folder = .known(Inspection(findings: [finding]))
            answers.namespace = "team"
            answers.sans = [.dns("a.example.com"), .dns("b.example.com")]
        }
        #expect(
            outcome.hint
                == "Reissue it with the new names: buildkit-installer rotate --namespace team "
                + "--sans a.example.com,b.example.com --yes")
    }

    @Test func aHelmOfNoVersionIsAWarning() {
        #expect(verdict(.helm) { facts, _ in facts.helm = .known("canary") }.word == "warning")
    }

    @Test func certificatesThatWillBeMadeNeedNoFolder() {
        #expect(verdict(.certificateFolder) == .passed("will be generated"))
    }

    @Test func aPartOfAnAuthorityIsInTheWayOfANewOne() {
        let problem = InstallerError("/certs contains a key", hint: "Move it")
        for (discards, expected) in [
            (false, CheckOutcome.failed("/certs contains a key", hint: "Move it")),
            (true, .passed("will be generated")),
        ] {
            let outcome = verdict(.certificateFolder) { facts, answers in
                facts.authorities = .known(Facts.Authorities(incomplete: problem))
                answers.discardAuthority = discards
            }
            #expect(outcome == expected)
        }
    }

    @Test func aFolderWithoutCertificatesIsRefusedOnlyWhereTheyShouldBeThere() {
        let result = verdict(.certificateFolder) { _, answers in
            answers.certificates = .folder
            answers.certs = "/srv/certs"
        }
        #expect(
            result
                == .failed(
                    "No certificates found in '/srv/certs'",
                    hint: "Specify the directory that contains daemon/ and client/: --certs ~/buildkit/certs")
        )
    }

    @Test func certificatesOfSecretsAreNotLookedForInAFolder() {
        #expect(
            verdict(.certificateFolder) { _, answers in answers.certificates = .secrets }
                == .skipped("certificates are read from the cluster"))
    }

    @Test func errorsOfCertificatesAreToldBeforeWarnings() {
        let expired = Finding(
            kind: .expired, severity: .error, file: "daemon/cert.pem", sentence: "It has ended.",
            hint: "Renew it.")
        let soon = Finding(
            kind: .expiresSoon, severity: .warning, file: "client/cert.pem", sentence: "It ends soon.",
            hint: "Hurry.")
        #expect(CheckOutcome.certificates([soon, expired]) == .failed("It has ended.", hint: "Renew it."))
        #expect(CheckOutcome.certificates([soon]) == .warning("It ends soon.", hint: "Hurry."))
        #expect(CheckOutcome.certificates([]) == .passed("valid and consistent"))
    }

    @Test func aRunThatWasInterruptedIsNamedWithItsStep() {
        let step = Step(
            id: "release", title: "Install the release buildkit", action: .unpackChart(folder: "/chart"))
        var run = RunState(
            Plan(
                title: "Install BuildKit",
                installation: InstallationID(context: "", namespace: "buildkit", release: "buildkit"),
                steps: [step]))
        run.apply(.started(step: "release", at: .distantPast))
        #expect(
            verdict(.interruptedRun) { facts, _ in
                facts.interruptedRun = .known(InterruptedRun(run: run, journal: "/journal"))
            }
                == .warning(
                    "\"Install BuildKit\" was interrupted at \"Install the release buildkit\"",
                    hint: "To resume: buildkit-installer install"))
        run.apply(.failed(step: "release", failure: InstallerError("no"), at: .distantPast))
        run.apply(.ended(at: .distantPast))
        #expect(
            verdict(.interruptedRun) { facts, _ in
                facts.interruptedRun = .known(InterruptedRun(run: run, journal: "/journal"))
            }.evidence
                == "\"Install BuildKit\" stopped at \"Install the release buildkit\", and its changes were kept"
        )
    }
}
