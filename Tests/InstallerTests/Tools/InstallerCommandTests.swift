import Testing

@testable import Installer

/// A command that is copied from a hint acts on the installation that the hint is about.
@Suite struct InstallerCommandTests {
    private let ci = InstallationID(context: "prod", namespace: "ci", release: "fast")

    @Test(arguments: [
        (
            "Register it: buildkit-installer install, or specify it: --endpoint HOST:PORT",
            "Register it: buildkit-installer install --context prod --namespace ci --release fast --builder b, "
                + "or specify it: --endpoint HOST:PORT"
        ),
        (
            "buildkit-installer rotate --finish --force",
            "buildkit-installer rotate --context prod --namespace ci --release fast --builder b --finish --force"
        ),
        (
            "List clients: buildkit-installer client list. Add a client: buildkit-installer client add alice",
            "List clients: buildkit-installer client list --context prod --namespace ci --release fast --builder b. "
                + "Add a client: buildkit-installer client add --context prod --namespace ci --release fast --builder b alice"
        ),
        (
            "buildkit-installer wake --namespace ci",
            "buildkit-installer wake --context prod --release fast --namespace ci"
        ),
        ("Another buildkit-installer process is running", "Another buildkit-installer process is running"),
        ("buildkit-installer installs", "buildkit-installer installs"),
    ])
    func everyCommandOfOursNamesTheInstallation(_ text: String, _ pinned: String) {
        #expect(ci.pinned(text, builder: "b") == pinned)
        #expect(ci.pinned(pinned, builder: "b") == pinned)
    }

    @Test func theDefaultsNeedNoFlags() {
        let plain = InstallationID(context: "", namespace: "buildkit", release: "buildkit")
        #expect(plain.installer("status", builder: Answers().builder) == "buildkit-installer status")
    }

    /// Whether every command of this program in the text names the installation.
    private func isPinned(_ text: String) -> Bool {
        ci.pinned(text, builder: "b") == text
    }

    private var answers: Answers {
        var answers = Answers()
        (answers.context, answers.namespace, answers.release, answers.builder) = ("prod", "ci", "fast", "b")
        return answers
    }

    @Test func noCheckLosesIt() {
        var facts = Facts()
        let none = InstallerError("It was not found", hint: "buildkit-installer install")
        for all in [Facts(), facts] {
            facts = all
            facts.release = .known(nil)
            facts.secrets = .known(Facts.Secrets(findings: []))
            facts.authorities = .unavailable(none)
            facts.server = .known("1.36.2")
            facts.objects = .known(ReleaseObjects(items: [], refused: []))
            for check
                in (Checks.install + Checks.rotate + Checks.uninstall + Checks.addClient + Checks.renewClient
                + Checks.revokeClient).results(facts, answers)
            {
                #expect(isPinned(check.verdict.hint ?? ""), "\(check.id): \(check.verdict)")
            }
        }
    }

    @Test func neitherStatusNorDoctorLosesIt() {
        var facts = Facts()
        facts.release = .known(nil)
        facts.objects = .known(ReleaseObjects(items: [], refused: []))
        facts.served = .unavailable(
            InstallerError("No address", hint: "Register it: buildkit-installer install"))
        let symptoms = DoctorFacts(facts, answers, in: .test(ReplayRunner([])))
        for line in DoctorReport(symptoms).lines + symptoms.status.lines {
            #expect(isPinned(line), "\(line)")
        }
        #expect(symptoms.status.remarks.contains { $0.hint?.contains("--namespace ci") == true })
    }
}
