import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

@Suite struct NamespaceChecksTests {
    private func namespace(labels: [String: String] = [:], isTerminating: Bool = false) -> Fact<
        Facts.NamespaceState
    > {
        .known(Facts.NamespaceState(exists: true, isTerminating: isTerminating, labels: labels))
    }

    @Test func aNamespaceThatGoesCannotBeUsed() {
        #expect(verdict(.namespace) == .passed("buildkit will be created"))
        #expect(
            verdict(.namespace) { facts, _ in facts.namespace = namespace() } == .passed("buildkit exists"))
        #expect(
            verdict(.namespace) { facts, _ in facts.namespace = namespace(isTerminating: true) }
                == .failed(
                    "The namespace buildkit is being deleted",
                    hint: "Wait until it is deleted: "
                        + "kubectl wait --for=delete namespace/buildkit --timeout=120s"))
    }

    @Test func missingRightsAreNamedInWords() {
        let missing = [Facts.Right("create", "deployments.apps"), Facts.Right("create", "services")]
        #expect(
            // Several lists of rights may have the same one.
            verdict(.rights) { facts, _ in facts.missingRights = .known(missing + missing) }
                == .failed(
                    "Missing permission: create deployments and services in namespace buildkit",
                    hint: "Ask an administrator to run: kubectl create rolebinding buildkit-installer-admin "
                        + "--clusterrole admin --user YOU --namespace buildkit"))
    }

    @Test func theRightToMakeANamespaceIsNeededOnlyForOneThatIsNotThere() {
        #expect(
            verdict(.rights) { facts, _ in facts.missingRights = .known([.createNamespace]) }
                == .failed(
                    "Missing permission: create the namespace buildkit",
                    hint: "Ask an administrator to run: kubectl create namespace buildkit"))
        #expect(
            verdict(.rights) { facts, _ in
                facts.missingRights = .known([.createNamespace])
                facts.namespace = namespace()
            } == .passed("all granted"))
        #expect(
            verdict(.rights) { facts, _ in
                facts.missingRights = .known([.createNamespace])
                facts.namespace = .pending
            } == .pending)
    }

    @Test(arguments: ["baseline", "restricted"])
    func aStrictLevelIsMendedByALabel(_ level: String) {
        let result = verdict(.podSecurity) { facts, answers in
            answers.context = "production"
            facts.namespace = namespace(labels: [KubernetesLabels.podSecurity: level])
        }
        #expect(
            result
                == .failed(
                    "buildkit enforces Pod Security level \(level), which rejects the BuildKit pod",
                    hint: "kubectl label namespace buildkit pod-security.kubernetes.io/enforce=privileged "
                        + "--overwrite --context production"))
    }

    @Test func aLooseLevelPasses() {
        #expect(
            verdict(.podSecurity) { facts, _ in
                facts.namespace = namespace(labels: [KubernetesLabels.podSecurity: "privileged"])
            } == .passed("privileged"))
        #expect(
            verdict(.podSecurity) { facts, _ in facts.namespace = namespace() }
                == .passed("the namespace sets no level"))
        #expect(
            verdict(.podSecurity) { facts, _ in facts.namespace = .unavailable(InstallerError("no")) }
                == .skipped("the namespace cannot be read"))
    }

    @Test(arguments: [
        ("deployed", CheckOutcome.passed("buildkit-0.1.0, revision 3")),
        (
            "pending-install",
            .warning(
                "buildkit-0.1.0, revision 3 has status pending-install: its remaining resources will be removed first",
                hint: nil)
        ),
        (
            "pending-upgrade",
            .warning(
                "buildkit-0.1.0, revision 3 has status pending-upgrade: it will be rolled back first",
                hint: nil)
        ),
        ("failed", .warning("buildkit-0.1.0, revision 3 has status failed: it will be upgraded", hint: nil)),
    ])
    func anEarlierInstallIsToldWithWhatFollows(_ status: String, _ expected: CheckOutcome) {
        let result = verdict(.release) { facts, answers in
            facts.release = .known(locked(status, mark: "ours"))
            facts.interruptedRun = .known(interrupted(answers, mark: "ours"))
        }
        #expect(result == expected)
    }

    /// A run of this machine was interrupted, too, but did not cause the lock.
    @Test(arguments: [
        ("pending-install", "theirs", "ours"), ("pending-upgrade", "theirs", "ours"),
        ("pending-install", nil, "ours"), ("pending-install", nil, nil), ("pending-install", "theirs", nil),
    ])
    func onlyTheRevisionOfTheRunThatWasInterruptedIsFreed(
        _ status: String, _ theirs: String?, _ ours: String?
    ) {
        let result = verdict(.release) { facts, answers in
            facts.release = .known(locked(status, mark: theirs))
            facts.interruptedRun = .known(interrupted(answers, mark: ours))
        }
        guard case .failed = result else { Issue.record("\(result)"); return }
    }

    private func locked(_ status: String, mark: String?) -> Facts.Release {
        var release = Facts.Release(status: status, revision: 3, chart: "buildkit-0.1.0", values: [:])
        release.mark = mark
        return release
    }

    /// A run that had Helm create revision 3, or, without a mark, had not started Helm.
    private func interrupted(_ answers: Answers, mark: String?) -> InterruptedRun {
        var run = RunState(Plan(title: "Install BuildKit", installation: answers.installation, steps: []))
        if let mark {
            for verb in [HelmWork.Verb.install, .upgrade] {
                let work = HelmWork(answers.installation, verb, revision: 3, mark: mark)
                run.apply(.reaching(step: "release", work: work, at: .distantPast))
            }
        }
        return InterruptedRun(run: run, journal: "/journal")
    }

    @Test(arguments: [
        ("pending-install", "helm uninstall buildkit --ignore-not-found --wait --timeout 300s"),
        ("pending-upgrade", "helm rollback buildkit 2"),
    ])
    func aReleaseThatSomebodyElseLockedIsLeftAlone(_ status: String, _ command: String) {
        let release = Facts.Release(status: status, revision: 3, chart: "buildkit-0.1.0", values: [:])
        let result = verdict(.release) { facts, _ in
            facts.release = .known(release)
            facts.interruptedRun = .known(nil)
        }
        #expect(
            result
                == .failed(
                    "buildkit-0.1.0, revision 3 has status \(status): another Helm operation is in progress, or was interrupted",
                    hint:
                        "If no operation is running: \(command) --namespace buildkit --kube-context production, "
                        + "or --take-over"
                ))
    }

    @Test func anotherChartsReleaseIsLeftAlone() {
        let release = Facts.Release(status: "deployed", revision: 1, chart: "redis-20.1.0", values: [:])
        #expect(
            verdict(.release) { facts, _ in facts.release = .known(release) }
                == .failed(
                    "The release buildkit belongs to another chart: redis-20.1.0",
                    hint: "Choose another name: --release buildkit-buildkit"))
    }

    @Test func withoutHelmTheReleaseIsNotJudged() {
        #expect(
            verdict(.release) { facts, _ in
                facts.helm = .unavailable(InstallerError("helm not found"))
                facts.release = .unavailable(InstallerError("helm not found"))
            } == .skipped("helm is not usable"))
    }

    @Test func secretsThatShouldBeThereAreMissed() {
        let state = Facts.SecretState(digests: [:], certificates: [], isOurs: false)
        func judge(_ secrets: Facts.Secrets) -> CheckOutcome {
            verdict(.secrets) { facts, answers in
                answers.certificates = .secrets
                facts.secrets = .known(secrets)
            }
        }
        #expect(
            judge(Facts.Secrets(outer: nil, inner: nil, findings: []))
                == .failed(
                    "Secret buildkit-envoy-certs and buildkit-secrets not found in namespace buildkit",
                    hint: "Generate certificates instead: --certificates issue"))
        let finding = Finding(
            kind: .expired, severity: .error, file: "buildkit-envoy-certs/server.pem",
            sentence: "It has ended.",
            hint: "Renew it.")
        #expect(
            judge(Facts.Secrets(outer: state, inner: state, findings: [finding]))
                == .failed("It has ended.", hint: "Renew it."))
        #expect(
            judge(Facts.Secrets(outer: state, inner: state, findings: [])) == .passed("valid and consistent"))
    }

    @Test func secretsOfSomebodyElseAreNotReplacedUnnoticed() {
        let foreign = Facts.SecretState(digests: [:], certificates: [], isOurs: false)
        let ours = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [], isOurs: true)
        #expect(verdict(.secrets) == .passed("will be created"))
        #expect(
            verdict(.secrets) { facts, _ in
                facts.files = .known(["/certs/daemon/ca.pem": "1"])
                facts.secrets = .known(Facts.Secrets(outer: ours, inner: ours, findings: []))
            } == .passed("created by buildkit-installer"))
        func judge(takesOver: Bool) -> CheckOutcome {
            verdict(.secrets) { facts, answers in
                answers.takeOver = takesOver
                facts.files = .known(["/certs/inner/ca.pem": "1"])
                facts.secrets = .known(Facts.Secrets(outer: foreign, inner: ours, findings: []))
            }
        }
        let cost = "clients with certificates of another CA lose access"
        #expect(
            judge(takesOver: false)
                == .failed(
                    "Secrets not created by buildkit-installer: buildkit-envoy-certs",
                    hint: "Use the existing Secrets: --certificates secrets. To replace them: --take-over; "
                        + cost))
        #expect(
            judge(takesOver: true)
                == .warning(
                    "Secrets not created by buildkit-installer will be replaced: buildkit-envoy-certs; \(cost)",
                    hint: nil))
    }

    /// A Secret that was created manually hides nothing: the other one has this program's label, and another machine's
    /// content.
    @Test(arguments: [true, false]) func oneSecretOfAnotherMachineIsEnough(isOuter: Bool) async throws {
        let authority = try await CertificateAuthority.make(commonName: "theirs", days: 30, now: Date())
            .summary
        let byHand = Facts.SecretState(digests: ["ca.pem": "2"], certificates: [], isOurs: false)
        let theirs = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [authority], isOurs: true)
        let secrets = Facts.Secrets(
            outer: isOuter ? theirs : byHand, inner: isOuter ? byHand : theirs, findings: [])
        for check in [Check.secrets, .rotationSecrets] {
            let refused = verdict(check) { facts, answers in
                answers.renew = .authority
                facts.secrets = .known(secrets)
            }
            #expect(refused.word == "failed")
            #expect(
                refused.evidence.contains(
                    isOuter
                        ? "the key of the CA \(authority.shortSerial) in the Secrets is not on this machine"
                        : "none of the source files of the Secrets is on this machine"))
            #expect(refused.evidence.contains("on another machine"))
        }
        var facts = Facts.installed
        facts.files = .known([:])
        facts.secrets = .known(secrets)
        #expect(
            facts.installedParts(Answers())[.release]?.keptBecause == "it was installed from another machine")
    }

    /// They have this program's label, regardless of the machine that created them.
    @Test func secretsOfAnotherMachineAreNotReplacedUnnoticed() async throws {
        let authority = try await CertificateAuthority.make(commonName: "theirs", days: 30, now: Date())
            .summary
        let theirs = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [authority], isOurs: true)
        func judge(_ check: Check, _ change: (inout Facts, inout Answers) -> Void) -> CheckOutcome {
            verdict(check) { facts, answers in
                facts.secrets = .known(Facts.Secrets(outer: theirs, inner: theirs, findings: []))
                change(&facts, &answers)
            }
        }
        // A client's files are on many machines, and prove nothing.
        let files = ["/certs/client/ca.pem": "1", "/certs/daemon/ca.pem": "2"]
        for check in [Check.secrets, .rotationSecrets] {
            let refused = judge(check) { facts, _ in facts.files = .known(files) }
            #expect(refused.word == "failed")
            #expect(
                refused.evidence.contains(
                    "on another machine: the key of the CA \(authority.shortSerial) in the Secrets"))
            #expect(refused.hint?.contains("Copy the authority/ directory") == true)
            #expect(
                refused.hint?.contains("--take-over; all clients with certificates of that CA lose access")
                    == true)
            #expect(judge(check) { $1.takeOver = true }.word == "warning")
            let proven = judge(check) { facts, _ in
                facts.authorities = .known(
                    Facts.Authorities(current: AuthorityStatus(certificate: authority), former: nil))
            }
            #expect(proven.word == "ok", "\(proven)")
        }
    }

    /// The releases of a namespace have the same Secrets, and by default a certificate folder each.
    @Test func secretsOfAnotherFolderOfThisMachineAreNotThoseOfAnotherMachine() async throws {
        let authority = try await CertificateAuthority.make(commonName: "ours", days: 30, now: Date())
            .summary
        let state = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [authority], isOurs: true)
        let first = InstallationID(context: "production", namespace: "buildkit", release: "first")
        let kept = Facts.Authorities(current: AuthorityStatus(certificate: authority))
        let folders = Facts.ClientFolders(
            own: "/certs/client",
            secretsFolders: [
                Facts.SecretsFolder("/theirs", of: first, Facts.Authorities(), files: [:]),
                Facts.SecretsFolder("/my certs", of: first, kept, files: [:]),
            ])
        func judge(_ check: Check, takesOver: Bool = false, settings: String? = nil) -> CheckOutcome {
            verdict(check) { facts, answers in
                var folders = folders
                folders.settings = settings
                (answers.context, answers.release) = ("production", "second")
                (answers.memory, answers.takeOver) = ("3Gi", takesOver)
                facts.secrets = .known(Facts.Secrets(outer: state, inner: state, findings: []))
                facts.clientFolders = .known(folders)
            }
        }
        let what =
            "The Secrets belong to another certificate directory of this machine: /my certs, of the \(first)"
        let place = "--context production --namespace buildkit --release second --certs '/my certs'"
        let cost = "all clients with certificates of its CA lose access"
        #expect(
            judge(.secrets)
                == .failed(
                    what,
                    hint:
                        "To use it: buildkit-installer install \(place) --memory 3Gi --yes. To replace the Secrets "
                        + "anyway: --take-over; \(cost), and its revocation list is lost"))
        #expect(
            judge(.rotationSecrets).hint?.hasPrefix("To use it: buildkit-installer rotate \(place) --yes. ")
                == true)
        // Otherwise it would reset the settings that are not given, such as the exposure.
        let own = "--context production --namespace buildkit --release second --answers '/my answers.json'"
        #expect(
            judge(.secrets, settings: "/my answers.json").hint?.hasPrefix(
                "To use it: buildkit-installer install \(own) --certs '/my certs' --memory 3Gi --yes. ")
                == true)
        // A rotation starts from them.
        #expect(
            judge(.rotationSecrets, settings: "/my answers.json") == judge(.rotationSecrets))
        for check in [Check.secrets, .rotationSecrets] {
            #expect(
                judge(check, takesOver: true)
                    == .warning("\(what). They will be replaced: \(cost)", hint: nil))
        }
        #expect(judge(.removalOwner).evidence.hasSuffix("of this machine: /my certs, of the \(first)"))
        #expect(judge(.removalOwner).hint?.hasPrefix("To use it: --certs '/my certs'. ") == true)
    }

    /// All releases of a namespace have one server certificate, so the printed command asks for no other names.
    @Test func theCommandForTheFolderOfTheSecretsHasTheNamesOfTheirCertificate() async throws {
        let temporary = try TemporaryFolder()
        defer { withExtendedLifetime(temporary) {} }
        let folder = CertificateFolder(path: "\(temporary.path)/certs")
        try await folder.issue(
            CertificateOrder(names: [try SubjectName("a.test")], client: "admin"), now: Date())
        let wanted = try SubjectName("b.test")
        let found = await PEMSet(server: folder.outer.server, client: nil).inspect(
            expecting: [wanted], now: Date())
        #expect(found.findings.map(\.kind) == [.nameNotCovered])
        let authority = try #require(found.certificates.first { $0.role == .authority })
        let state = Facts.SecretState(digests: [:], certificates: found.certificates, isOurs: true)
        let first = InstallationID(context: "production", namespace: "buildkit", release: "first")
        let kept = Facts.Authorities(current: AuthorityStatus(certificate: authority))
        let outcome = verdict(.secrets) { facts, answers in
            (answers.context, answers.release) = ("production", "second")
            (answers.sans, answers.servername) = ([wanted], wanted)
            facts.secrets = .known(Facts.Secrets(outer: state, inner: state, findings: found.findings))
            facts.clientFolders = .known(
                Facts.ClientFolders(
                    own: "/certs/client",
                    secretsFolders: [Facts.SecretsFolder("/theirs", of: first, kept, files: [:])]))
        }
        let place = "--context production --namespace buildkit --release second"
        let command = "buildkit-installer install \(place) --sans a.test --certs /theirs --yes"
        #expect(outcome.hint?.hasPrefix("To use it: \(command). ") == true, "\(outcome)")
    }

    @Test(arguments: [
        ("buildkit-0.1.0", "buildkit"), ("buildkit-0.1.0-rc.1+5", "buildkit"),
        ("buildkit-service-1.0.0", "buildkit-service"), ("buildkit-1-2.0.0", "buildkit-1"), ("odd", "odd"),
    ])
    func aChartIsKnownByItsWholeName(_ chart: String, _ name: String) {
        #expect(Facts.Release.chartName(chart) == name)
        let release = Facts.Release(status: "deployed", revision: 1, chart: chart, values: [:])
        #expect(release.isOurs == (name == "buildkit"))
    }

    @Test func anotherChartOfTheSameNameIsLeftAlone() {
        var release = Facts.Release(status: "deployed", revision: 1, chart: "buildkit-0.1.0", values: [:])
        release.bearsOurMark = false
        #expect(verdict(.release) { facts, _ in facts.release = .known(release) }.word == "failed")
    }

    @Test func secretsThatAreMadeOfTheFilesHereAreNobodyElses() {
        let byHand = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [], isOurs: false)
        #expect(
            verdict(.secrets) { facts, _ in
                facts.folder = .known(Inspection())
                facts.files = .known(["/certs/daemon/ca.pem": "1"])
                facts.secrets = .known(Facts.Secrets(outer: byHand, inner: nil, findings: []))
            } == .passed("created by buildkit-installer"))
    }

    @Test func secretsOfAnotherToolAreTakenWhereSomebodyHereCanUseThem() {
        func judge(_ outer: String, _ inner: String, _ change: (inout Facts) -> Void = { _ in })
            -> CheckOutcome
        {
            verdict(.secrets) { facts, _ in
                facts.folder = .known(nil)
                facts.secrets = .known(
                    Facts.Secrets(
                        outer: Facts.SecretState(digests: ["ca.pem": outer], certificates: [], isOurs: false),
                        inner: Facts.SecretState(digests: ["ca.crt": inner], certificates: [], isOurs: false),
                        findings: []))
                change(&facts)
            }
        }
        let taken =
            "buildkit-envoy-certs and buildkit-secrets exist (not created by buildkit-installer) and will be used"
        #expect(judge("one", "one") == .passed(taken))
        guard case .failed(let sentence, let hint) = judge("one", "two") else {
            Issue.record("The proxy lets nobody in whom this machine knows")
            return
        }
        #expect(
            sentence
                == "The Secrets were not created by buildkit-installer and contain no client certificate for docker buildx"
        )
        #expect(hint?.contains("--take-over") == true)
        let byHand = Facts.Builder(
            name: "remote-kubernetes", driver: "remote",
            nodes: [
                Facts.BuilderNode(name: "a", endpoint: "tcp://localhost:1234", options: [:], platforms: [])
            ])
        #expect(
            judge("one", "two") { facts in
                facts.builders = .known(
                    Facts.Builders(
                        builders: [byHand], current: nil, defaultConfiguration: nil, dockerContexts: []))
            } == .passed(taken))
    }

    @Test func theNamespaceIsKeptWhereItsDeletionIsNotPermitted() {
        var answers = Answers()
        answers.remove = [.release, .namespace]
        let deletion = Facts.Right("delete", "namespaces")
        #expect(answers.hint(for: [deletion]) == "To keep the namespace: --remove release")
        #expect(
            answers.hint(for: [deletion, Facts.Right("delete", "secrets")]).split(separator: "\n").map {
                $0.hasPrefix("Ask an administrator to run: kubectl create rolebinding ")
            } == [true, false])
        answers.remove = [.namespace]
        #expect(
            answers.hint(for: [deletion])
                == "Ask an administrator to run: kubectl delete namespace buildkit")
    }

    @Test func aLockIsFreedByConsent() {
        let release = Facts.Release(
            status: "pending-upgrade", revision: 3, chart: "buildkit-0.1.0", values: [:])
        #expect(
            verdict(.release) { facts, answers in
                answers.takeOver = true
                facts.release = .known(release)
                facts.interruptedRun = .known(nil)
            }
                == .warning(
                    "buildkit-0.1.0, revision 3 has status pending-upgrade: it will be rolled back first",
                    hint: nil))
    }
}
