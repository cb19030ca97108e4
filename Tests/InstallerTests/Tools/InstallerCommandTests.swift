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

    /// Its release and builder are not those of the installation that the hint is about.
    @Test func aCommandForAnotherInstallationStaysAsItIs() {
        let other = KnownInstallation(
            InstallationID(context: "", namespace: "buildkit", release: "buildkit"), builder: "mine",
            certificatesEnd: nil)
        let command = other.installer("rotate")
        #expect(
            command
                == "buildkit-installer rotate --context '' --namespace buildkit --release buildkit --builder mine"
        )
        #expect(ci.pinned("Then: \(command) && \(command)", builder: "b") == "Then: \(command) && \(command)")
    }

    /// Without them it would reset the settings that the other installation has.
    @Test func anInstallOfAnotherInstallationIsGivenItsSettings() {
        var other = KnownInstallation(ci, builder: "b", certificatesEnd: nil)
        other.settings = "/home/a b/answers.json"
        let flags = "--context prod --namespace ci --release fast --builder b"
        let install = "buildkit-installer install \(flags) --answers '/home/a b/answers.json'"
        #expect(other.installer("install") == install)
        #expect(ci.pinned(install, builder: "c") == install)
        #expect(other.installer("rotate") == "buildkit-installer rotate \(flags)")
    }

    /// Without them it would reset the settings of the installation that the hint is about.
    @Test func anInstallIsGivenTheSettingsOfTheLastOne() {
        func pinned(_ text: String) -> String {
            ci.pinned(text, builder: "b", settings: "/home/a b/answers.json")
        }
        let flags = "--context prod --namespace ci --release fast --builder b"
        let answers = "--answers '/home/a b/answers.json'"
        let install = "buildkit-installer install \(flags) \(answers)"
        #expect(
            pinned("Restore it: buildkit-installer install, or list them: kubectl get secrets")
                == "Restore it: \(install), or list them: kubectl --context prod get secrets")
        #expect(
            pinned("buildkit-installer install --platforms linux/arm64")
                == "\(install) --platforms linux/arm64")
        #expect(pinned(install) == install)
        #expect(pinned("buildkit-installer rotate") == "buildkit-installer rotate \(flags)")
        // The sentence already named the installation.
        #expect(
            pinned("Restore it: \(ci.installer("install", builder: "b")).")
                == "Restore it: buildkit-installer install \(answers) \(flags).")
    }

    @Test func anInstallWithOtherSettingsIsNotGivenThem() {
        let ids = [
            InstallationID(context: "prod.eu", namespace: "ci", release: "fast"),
            InstallationID(context: "prod", namespace: "ci-2", release: "fast"),
            InstallationID(context: "prod", namespace: "ci", release: "slow"),
        ]
        let others = ids.map {
            KnownInstallation($0, builder: "b", certificatesEnd: nil).installer("install")
        }
        let flags = "--context prod --namespace ci --release fast --builder b"
        let complete = answers.commandLine(of: "install", [.builder], at: ci)
        #expect(complete == "buildkit-installer install \(flags) --yes")
        for command in others + [complete, "buildkit-installer install \(flags) --answers mine.json"] {
            #expect(ci.pinned(command, builder: "b", settings: "/saved.json") == command)
        }
    }

    @Test(arguments: [
        ("Try it: kubectl version", "Try it: kubectl --context prod version"),
        (
            "kubectl get pods --namespace ci, or buildkit-installer doctor",
            "kubectl --context prod get pods --namespace ci, or buildkit-installer doctor --context prod "
                + "--namespace ci --release fast --builder b"
        ),
        (
            "kubectl create namespace ci --context prod && kubectl label namespace ci a=b",
            "kubectl create namespace ci --context prod && kubectl --context prod label namespace ci a=b"
        ),
        (
            "List the releases: helm list --all-namespaces",
            "List the releases: helm --kube-context prod list --all-namespaces"
        ),
        ("kubectl is not usable", "kubectl is not usable"),
        ("List them: kubectl config get-contexts", "List them: kubectl config get-contexts"),
    ])
    func everyCommandOfAToolNamesTheCluster(_ text: String, _ pinned: String) {
        #expect(ci.pinned(text, builder: "b") == pinned)
        #expect(ci.pinned(pinned, builder: "b") == pinned)
    }

    /// Its own name is an argument of some commands of kubectl, and `&` is part of some URLs.
    @Test func aCommandThatNamesTheClusterStaysAsItIs() {
        let commands = [
            ci.kubectl.apply(""), ci.kubectl.create("", output: ChangeRequest.uid),
            ci.pod("a").log(of: "envoy", lines: 5), ci.helm.history(),
        ].map { "Command: \($0)" }
        for command in commands + [commands.joined(separator: " && ")] {
            #expect(ci.pinned(command, builder: "b") == command)
        }
        #expect(
            ci.pinned("kubectl create --field-manager buildkit-installer --filename a & helm list")
                == "kubectl --context prod create --field-manager buildkit-installer --filename a & "
                + "helm --kube-context prod list")
    }

    @Test func theDefaultsNeedNoFlags() {
        let plain = InstallationID(context: "", namespace: "buildkit", release: "buildkit")
        #expect(plain.installer("status", builder: Answers().builder) == "buildkit-installer status")
    }

    /// Whether every command in the text names the installation, as far as it depends on it.
    private func isPinned(_ text: String) -> Bool {
        ci.pinned(text, builder: "b") == text && commands(in: text).allSatisfy(namesNamespace)
    }

    /// The commands of kubectl, Helm and oc in a text, each up to the next one.
    private func commands(in text: String) -> [String] {
        text.matches(
            of:
                /\b(?:kubectl|helm|oc) [a-z-][^\n&]*?(?=\b(?:kubectl|helm|oc|buildkit-installer) [a-z-]|\n|&|$)/
        ).map { String($0.output) }
    }

    /// Objects of the cluster itself have none.
    private func namesNamespace(_ command: String) -> Bool {
        let ofCluster = [
            "namespace", "node", "storageclass", "priorityclass", "webhookconfigurations",
            "validatingadmissionpolic", " version", " config", "--all-namespaces",
        ]
        return command.contains("--namespace ci") || ofCluster.contains(where: command.contains)
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

    @Test(arguments: CauseCode.allCases) func noCauseLosesIt(_ code: CauseCode) {
        for component in ["builder", "proxy"] {
            let cause = Cause(
                code: code, object: "Pod buildkit-\(component)-1", component: component, words: "no",
                log: "buildkit-\(component)-1", patience: code.patience, key: "1")
            let hint = cause.failure(ci).hint ?? ""
            // The name in docker buildx does not matter to it.
            #expect(ci.pinned(hint) == hint && commands(in: hint).allSatisfy(namesNamespace), "\(hint)")
        }
    }

    @Test(arguments: [
        "no such host", "connection refused", "i/o timeout", "signed by unknown authority",
        "certificate is valid for", "has expired or is not yet valid", "no such file or directory",
        "private key does not match public key", "unexpected EOF", "EOF", "tls: certificate required",
        "tls: expired certificate", "tls: revoked certificate", "tls: unsupported certificate",
        "first record does not look like a TLS handshake", "something new",
    ])
    func noConnectionFailureLosesIt(_ reason: String) {
        let diagnosis = ConnectionDiagnosis(
            builder: "b", target: DialTarget(Endpoint(host: "localhost", port: 1234), servername: nil),
            folder: "/certs", kubectl: ci.kubectl)
        let hint = diagnosis.failure(probe: nil, reasons: [reason]).pinned(to: ci, builder: "b").hint ?? ""
        #expect(isPinned(hint), "\(hint)")
    }

    @Test(arguments: Workflow.all + [.sleep, .wake, .addClient, .renewClient, .revokeClient])
    func noRefusalLosesIt(_ workflow: Workflow) {
        let none = InstallerError("It cannot be read")
        var facts = Facts()
        for server in [Fact<String>.pending, .unavailable(none)] {
            facts.server = server
            let hint = workflow.refusal(answers, facts)?.failure.hint
            #expect(hint?.contains("doctor --context prod --namespace ci --release fast") == true)
            #expect(isPinned(hint ?? ""))
        }
    }

    @Test func noNoteOfAPlanLosesIt() throws {
        let workflow = Workflow(
            id: "test", title: "Test", meaning: "", key: "t", forms: [], checks: [],
            report: Workflow.rotate.report
        ) { (_, _, _, _) throws(PlanRefusal) in
            Plan(
                title: "Test", installation: Plan.installation, steps: [],
                notes: ["Drop it: buildkit-installer rotate --finish", "See: kubectl get nodes"])
        }
        let plan = try workflow.plan(
            answers, Facts(), places: InstallerPaths(home: "/home", environment: [:]), home: "/home")
        #expect(plan.notes.allSatisfy(isPinned), "\(plan.notes)")
    }

    /// What a step says, and why it failed.
    @Test func noRunLosesIt() async {
        let command = Command(.kubectl, ["version"])
        let plan = Plan(
            title: "Test", installation: ci,
            steps: [Step(id: "one", title: "One", action: .run(command: command))])
        let run = await rehearse(
            plan, in: .test(ReplayRunner(["kubectl version": .init(status: 1, errors: "no")]))
        ).run
        #expect(run.failure?.hint == "Command: kubectl --context prod version")
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

    /// The reports know the file by the facts.
    @Test func noReportLosesTheSettings() {
        var facts = Facts()
        facts.clientFolders = .known(Facts.ClientFolders(own: "/certs/client", settings: "/saved.json"))
        facts.release = .known(nil)
        facts.objects = .known(ReleaseObjects(items: [], refused: []))
        facts.secrets = .known(Facts.Secrets(findings: []))
        let symptoms = DoctorFacts(facts, answers, in: .test(ReplayRunner([])))
        let reports = [
            DoctorReport(symptoms).lines, symptoms.status.lines,
            Checks.rotate.results(facts, answers).compactMap(\.verdict.hint),
        ]
        for report in reports {
            let installs = report.filter { $0.contains("buildkit-installer install") }
            #expect(!installs.isEmpty)
            #expect(installs.allSatisfy { $0.contains(" --answers /saved.json") }, "\(installs)")
        }
    }
}
