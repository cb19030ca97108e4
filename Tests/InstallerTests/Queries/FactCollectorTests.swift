import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct SurveyTests {
    private static let server = "kubectl version --output json --request-timeout=5s"
    private let home: TemporaryFolder

    init() throws {
        home = try TemporaryFolder()
        // Otherwise kubectl tells the name of the current context, too, once for each that needs it.
        try home.write("current-context: test\n", to: ".kube/config")
    }

    /// The queries with the default answers, and the answers of an empty cluster.
    private func recordings() throws -> [ReplayRunner.Recording] {
        let looks = "--ignore-not-found --output json --request-timeout=5s"
        return [
            .init(
                "kubectl version --client --output json",
                CommandResult(output: try Recording.text("version-without-server"))),
            .init("helm version --template '{{.Version}}'", CommandResult(output: "v4.2.4")),
            .init("docker --version", CommandResult(output: "Docker version 28.2.2, build e6534b4\n")),
            .init("docker buildx version", CommandResult(output: "github.com/docker/buildx 0.29.1 0.29.1\n")),
            .init(
                Query.contexts.commands[0].description,
                CommandResult(output: #"["test", [{"name": "test"}]]"#)),
            .init(Self.server, try Recording.result("version")),
            .init(
                "kubectl create --validate=false --filename - --output json --request-timeout=5s",
                try Recording.result("rules-review-of-an-administrator")),
            .init("kubectl get namespace buildkit \(looks)"),
            .init(
                "kubectl get storageclasses --output json --request-timeout=5s",
                try Recording.result("storage-classes")),
            .init("kubectl get nodes --output json --request-timeout=5s", try Recording.result("nodes")),
            .init("kubectl get service buildkit \(looks) --namespace buildkit"),
            .init("kubectl get secret buildkit-envoy-certs buildkit-secrets \(looks) --namespace buildkit"),
            .init(
                "kubectl get persistentvolumeclaim buildkit-cache \(looks) --namespace buildkit"),
            .init("helm history buildkit --max 1 --output json --namespace buildkit", Self.noRelease),
            .init("helm get values buildkit --output json --namespace buildkit", Self.noRelease),
            .init("helm get manifest buildkit --namespace buildkit", Self.noRelease),
        ]
    }

    private static let noRelease = CommandResult(status: 1, errors: "Error: release: not found\n")

    private func survey(_ recordings: [ReplayRunner.Recording]) -> (FactCollector, ReplayRunner) {
        let runner = ReplayRunner(recordings, order: .any)
        let dependencies = Dependencies(runner: runner, environment: [:], home: home.path)
        return (FactCollector(dependencies: dependencies, answers: Answers(), including: [.tools]), runner)
    }

    @Test func everythingIsFoundAndNothingIsAskedTwice() async throws {
        let (survey, runner) = survey(try recordings())
        let facts = await survey.complete()
        #expect(runner.unplayed == [])
        let results = Checks.install.results(facts, Answers())
        #expect(results.areComplete)
        #expect(results.allowPlan, "\(results.filter { $0.verdict.word == "failed" })")
        #expect(facts.server == .known("1.20.2"))
        #expect(facts.release == .known(nil))
        #expect(facts.missingRights == .known([]))
    }

    @Test func theFactsGrowOneByOne() async throws {
        let (survey, _) = survey(try recordings())
        let reported = Collector<Facts>()
        await survey.follow { reported.add($0) }
        let pending = reported.all.map { facts in
            Checks.install.results(facts, Answers()).filter { $0.verdict == .pending }.count
        }
        #expect(pending.count == 27)
        #expect(pending == pending.sorted(by: >))
        #expect(pending.last == 0)
    }

    @Test func whatASilentServerIsAskedIsGivenUp() async throws {
        let recordings = try recordings().map { recording in
            guard recording.command != Self.server else {
                return ReplayRunner.Recording(
                    Self.server, CommandResult(status: 1, errors: "Unable to connect to the server: EOF\n"))
            }
            let asksServer = ["kubectl get", "kubectl create", "helm history", "helm get"].contains {
                recording.command.hasPrefix($0)
            }
            // They would never end.
            return ReplayRunner.Recording(recording.command, recording.result, goesOn: asksServer)
        }
        let (survey, _) = survey(recordings)
        let facts = await survey.complete()
        let results = Checks.install.results(facts, Answers())
        #expect(results.areComplete)
        #expect(results.filter { $0.verdict.word == "failed" }.map(\.id) == ["server"])
    }

    /// Those of a rotation in a named context.
    private func answers(_ scope: RotationScope = .certificates) -> Answers {
        var answers = Answers()
        (answers.context, answers.renew) = ("test", scope)
        return answers
    }

    private func rotate(_ cluster: ScriptedCluster, _ answers: Answers) async -> (Facts, [CheckResult]) {
        let dependencies = Dependencies(runner: cluster, environment: [:], home: home.path)
        let facts = await Workflow.rotate.survey(answers, in: dependencies).complete()
        return (facts, Workflow.rotate.checks.results(facts, answers))
    }

    /// An answer of the context proves that kubectl and the context can be used.
    @Test func aNamedContextIsLookedForOnlyToExplainAFailure() async throws {
        let cluster = try ScriptedCluster(nil)
        let (facts, results) = await rotate(cluster, answers())
        #expect(facts.kubectl.isPending && facts.contexts.isPending)
        #expect(results.areComplete)
        #expect(results.first { $0.id == "kubectl" }?.verdict == .passed("reaches the cluster"))
        #expect(results.first { $0.id == "context" }?.verdict == .passed("test"))

        let server = try #require(cluster.commands.first { $0.hasPrefix("kubectl version --output") })
        let (silent, failures) = try await rotate(
            ScriptedCluster(nil, spoiling: (server, .fails)), answers())
        #expect(silent.kubectl == .known("1.36.2"))
        #expect(silent.contexts.value?.names == ["test"])
        #expect(failures.areComplete)
        #expect(failures.first { $0.id == "server" }?.verdict.word == "failed")
    }

    @Test(arguments: RotationScope.allCases)
    func onlyAChangeOfTheCADependsOnWhoHasConnected(_ scope: RotationScope) async throws {
        let (facts, results) = try await rotate(ScriptedCluster(nil), answers(scope))
        #expect(facts.sightings.isPending == [.certificates, .inner].contains(scope))
        #expect(results.areComplete)
    }

    /// Only they restart BuildKit, of every release. A renewal that was interrupted is continued whatever is asked for.
    @Test func onlyNewInternalCertificatesDependOnWhatRestarts() async throws {
        func isRead(_ scope: RotationScope) async throws -> Bool {
            try await !rotate(ScriptedCluster(nil), answers(scope)).0.backends.isPending
        }
        for scope in RotationScope.allCases { #expect(try await isRead(scope) == (scope == .inner)) }
        let places = InstallerPaths(home: home.path, environment: [:])
        let folder = CertificateFolder(path: places.certificates(of: answers().installation))
        let order = CertificateOrder(names: Answers().names, client: "admin")
        try await folder.issue(order, now: Date())
        try await folder.prepare(RenewalOrder(.leaves, order), now: Date())
        #expect(try await !isRead(.certificates))
        try await folder.prepare(RenewalOrder(.inner, order), now: Date())
        #expect(try await isRead(.certificates))
    }

    /// Another context may require a login of its own.
    @Test func revocationListsOfOtherInstallationsAreReadInTheSameContext() async throws {
        var answers = answers()
        (answers.certs, answers.name) = ("\(home.path)/certs", "bob")
        for context in ["test", "staging"] {
            try home.write(
                #"{"certs": "\#(answers.certs)"}"#,
                to: ".config/buildkit-installer/\(context)/other/buildkit/answers.json")
        }
        let other = InstallationID(context: "test", namespace: "other", release: "buildkit")
        func lists(_ cluster: ScriptedCluster) async -> Fact<[InstallationID: Fact<Set<String>>]> {
            let dependencies = Dependencies(runner: cluster, environment: [:], home: home.path)
            return await Workflow.revokeClient.survey(answers, in: dependencies).complete().revokedElsewhere
        }
        let cluster = try ScriptedCluster(nil)
        #expect(await lists(cluster) == .known([other: .known([])]))
        let look = try #require(
            cluster.commands.first {
                $0.hasPrefix("kubectl get secret") && $0.contains("--namespace other")
            })
        let forbidden = try await lists(ScriptedCluster(nil, spoiling: (look, .fails)))
        #expect(forbidden.value?[other]?.failure != nil)
    }

    private func names(of plan: Plan) -> [String] {
        plan.steps.flatMap { step -> [String] in
            switch step.action {
            case .issueCertificates(let order, _, _): order.names.prefix(1).map { "\($0)" }
            case .changeRelease(let change): [change.claim].compactMap(\.self)
            case .verifyBuild(let verification): [verification.tunnel?.name].compactMap(\.self)
            default: []
            }
        }
    }

    /// Those of the certificates, of the Service and of the cache volume.
    @Test func anInstallUsesTheNamesOfItsValuesFile() async throws {
        let cluster = try ScriptedCluster(nil)
        var answers = Answers()
        answers.context = "test"
        answers.values = try home.write("fullnameOverride: shared\n", to: "values.yaml")
        let dependencies = Dependencies(runner: cluster, environment: [:], home: home.path)
        let facts = await Workflow.install.survey(answers, in: dependencies).complete()
        for object in ["service shared", "persistentvolumeclaim shared-cache"] {
            #expect(cluster.commands.contains { $0.hasPrefix("kubectl get \(object) ") })
        }
        #expect(!cluster.commands.contains { $0.contains("buildkit-cache") })
        let plan = try Workflow.install.plan(answers, facts, places: dependencies.places, home: home.path)
        #expect(names(of: plan) == ["shared.buildkit.svc", "shared-cache", "shared"])
    }

    /// A release with a value that this program does not set.
    private struct Renamed: CommandRunner {
        let base: ScriptedCluster

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            let result = try await base.run(command, eachLine: eachLine)
            return command.description.hasPrefix("helm get values")
                ? CommandResult(output: #"{"fullnameOverride": "shared"}"#) : result
        }
    }

    /// Only the release tells its names, which its objects are read by then.
    @Test(arguments: [Workflow.install, .rotate, .uninstall])
    func theObjectsOfAReleaseAreReadByItsNames(_ workflow: Workflow) async throws {
        var named = answers()
        named.chartNames.fullnameOverride = "shared"
        let places = InstallerPaths(home: home.path, environment: [:])
        let folder = CertificateFolder(path: places.certificates(of: named.installation))
        try await folder.issue(CertificateOrder(names: named.names, client: "admin"), now: Date())
        let cluster = try ScriptedCluster(folder)
        let dependencies = Dependencies(runner: Renamed(base: cluster), environment: [:], home: home.path)
        let reported = Collector<Facts>()
        let facts = await workflow.survey(answers(), in: dependencies).follow { reported.add($0) }
        for object in ["service shared", "persistentvolumeclaim shared-cache"] {
            #expect(cluster.commands.contains { $0.hasPrefix("kubectl get \(object) ") })
        }
        // Nothing that was compared with other names was reported beside the release.
        for facts in reported.all + [facts] where facts.release.value != nil {
            let found = (facts.folder.value ?? nil)?.findings ?? []
            #expect(!(found + (facts.secrets.value?.findings ?? [])).contains { $0.kind == .nameNotCovered })
        }
        #expect(facts.folder.value != nil && facts.secrets.value?.outer != nil)
    }

    /// The name of the context is part of the path of the files.
    @Test func withoutTheNameOfTheContextTheFilesAreUnknown() async throws {
        try home.write("{current-context: test}", to: ".kube/config")
        for folder in ["test", "current"] {
            try home.write(
                #"{"builder": "\#(folder)"}"#,
                to: ".config/buildkit-installer/\(folder)/buildkit/buildkit/answers.json")
        }
        let contexts = Query.contexts.commands[0].description
        for isTold in [true, false] {
            let cluster =
                try isTold
                ? ScriptedCluster(nil) : ScriptedCluster(nil, spoiling: (contexts, .garbage))
            let dependencies = Dependencies(runner: cluster, environment: [:], home: home.path)
            let saved = await dependencies.recall(Answers())
            #expect(saved == (isTold ? ["builder": "test"] : [:]))
            let (answers, facts) = await FactCollector(dependencies: dependencies, answers: Answers())
                .report()
            #expect(answers.context == (isTold ? "test" : ""))
            #expect((facts.certificatesFailure == .unknownContext) == !isTold)
            let report = await ClientReport.look(in: dependencies, Answers())
            #expect(
                report.remarks.contains(
                    "The certificates on this machine are unknown: The current context is unknown.")
                    == !isTold)
        }
    }

    @Test func aMissingToolIsAFactLikeAnyOther() async throws {
        let (survey, _) = survey([])
        let facts = await survey.complete()
        #expect(facts.kubectl.failure != nil)
        #expect(Checks.install.results(facts, Answers()).areComplete)
    }
}
