import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// The plan of an install where a release already exists.
@Suite struct UpgradePlanTests {
    private let places = InstallerPaths(home: "/home/ada", environment: [:])

    private func plan(_ answers: Answers = Answers(), _ facts: Facts) -> Plan {
        planned { try .install(answers, facts, places: places, home: "/home/ada") }
    }

    /// A release with the values of the answers, and values that were set outside this program.
    private func released(_ answers: Answers = Answers(), others: JSONValue = [:]) -> Facts {
        var facts = Facts.empty
        facts.helm = .known("4.2.4")
        // Where the facts could not be read, there are no values, and every test here fails.
        let read = try? InstallFacts(facts, answers)
        let values =
            read.map { InstallPlanner(answers, $0, places: places, home: "/home/ada").values.json } ?? [:]
        facts.release = .known(
            Facts.Release(
                status: "deployed", revision: 3, chart: Chart.label,
                values: others.leaves.reduce(values) { $0.setting($1.value, at: $1.key) },
                appVersion: Chart.appVersion))
        facts.kept = .known(answers.texts(of: Form.install.fields))
        return facts
    }

    private func helm(_ plan: Plan) throws -> Command {
        let step = try #require(plan.steps.first { $0.id == "release" })
        guard case .changeRelease(let change) = step.action else {
            throw InstallerError("no change", hint: "")
        }
        return change.installation.helm.change(change, mark: nil)
    }

    @Test func whatDiffersIsTold() throws {
        var facts = released()
        facts.release = .known(facts.release.value??.with(chart: "buildkit-0.0.9", appVersion: "v0.31.0"))
        var answers = Answers()
        answers.port = 2345
        answers.mirrors = [RegistryMirror(registry: "docker.io", host: "mirror.example.com")]
        #expect(
            plan(answers, facts).differences.map(\.description) == [
                "chart: buildkit-0.0.9 → \(Chart.label)",
                "BuildKit: v0.31.0 → \(Chart.appVersion)",
                #"builder.mirrors.docker.io: chart default → ["mirror.example.com"]"#,
                "proxy.service.port: 1234 → 2345",
            ])
        #expect(plan(answers, .empty).differences == [])
    }

    @Test func valuesOfOthersStayAndPassThroughNoPlan() throws {
        let facts = released(others: ["builder": ["egressProxy": ["http": "http://ada:geheim@proxy"]]])
        #expect(!plan(Answers(), facts).steps.contains { $0.id == "release" })
        var answers = Answers()
        answers.port = 2345
        let plan = plan(answers, facts)
        #expect(try helm(plan).arguments.contains("--reset-then-reuse-values"))
        #expect(!"\(plan)".contains("geheim"))
        #expect(
            plan.notes.contains(
                "Release values set outside buildkit-installer are kept: builder.egressProxy.http."))
    }

    @Test func whatIsNoLongerAnsweredGoesBackToTheChartsOwn() throws {
        var before = Answers()
        before.memory = "4Gi"
        before.storageClass = "fast"
        let plan = plan(Answers(), released(before))
        let input = try #require(try helm(plan).input)
        let values = try JSONDecoder().decode(JSONValue.self, from: Data(input.utf8))
        #expect(values["builder"]?["cache"]?["storageClass"] == .null)
        #expect(values["builder"]?["resources"]?["limits"]?["memory"] == .null)
        #expect(
            plan.differences.map(\.description).contains("builder.cache.storageClass: fast → chart default")
        )
        #expect(!plan.notes.contains { $0.contains("set outside buildkit-installer") })
    }

    @Test func whatSomebodyHasChangedSinceIsTheirs() throws {
        var before = Answers()
        before.storageClass = "fast"
        let facts = released(before, others: ["builder": ["cache": ["storageClass": "faster"]]])
        #expect(plan(Answers(), facts).steps.map(\.id).contains("release") == false)
    }

    @Test func theValuesOfAReleaseThatFailedAreNotKept() throws {
        var facts = released(others: ["builder": ["startup": "1s"]])
        facts.release = .known(facts.release.value??.with(status: "failed"))
        let plan = plan(Answers(), facts)
        #expect(try helm(plan).arguments.contains("--reset-values"))
        #expect(
            plan.notes.contains(
                "Release values set outside buildkit-installer are dropped, since one may have caused the "
                    + "failure: builder.startup."))
    }

    @Test func buildsThatRunAreToldOf() {
        var answers = Answers()
        answers.port = 2345
        var facts = released()
        facts.activity = .known(BuildActivity(running: 2, held: 1))
        let notes = plan(answers, facts).notes
        #expect(notes.contains("Current load: 2 active builds, 1 queued request."))
        #expect(notes.contains { $0.hasPrefix("Running builds finish before") })
        #expect(!plan(Answers(), facts).notes.contains { $0.hasPrefix("Builds") })
    }

    @Test(arguments: [("4.0.0", true), ("3.21.4", false)])
    func fieldsOfOthersAreTakenOverByConsent(_ helm: String, _ isTold: Bool) throws {
        var answers = Answers()
        answers.port = 2345
        var facts = released()
        facts.helm = .known(helm)
        #expect(try !self.helm(plan(answers, facts)).arguments.contains("--force-conflicts"))
        answers.takeOver = true
        #expect(try self.helm(plan(answers, facts)).arguments.contains("--force-conflicts") == isTold)
    }

    @Test func secretsOfOthersAreAdopted() throws {
        var facts = Facts.empty
        let theirs = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [], isOurs: false)
        facts.secrets = .known(Facts.Secrets(outer: theirs, inner: theirs, findings: []))
        let adopted = plan(Answers(), facts)
        #expect(
            adopted.steps.map(\.id) == ["namespace", "client", "chart", "release", "builder", "verification"])
        #expect(adopted.answers?["certificates"] == "secrets")
        #expect(
            adopted.notes.contains(
                "The existing Secrets buildkit-envoy-certs and buildkit-secrets are used unchanged."))

        var answers = Answers()
        answers.takeOver = true
        let replaced = plan(answers, facts)
        #expect(replaced.steps.map(\.id).contains("envoy-secret"))
        #expect(
            replaced.differences.map(\.description) == [
                "server certificate: cannot be read → newly issued",
                "internal certificate: cannot be read → newly issued",
            ])
    }

    @Test func aBuilderThatWasRegisteredByHandStays() {
        var facts = Facts.empty
        let theirs = Facts.SecretState(digests: ["ca.pem": "1"], certificates: [], isOurs: false)
        facts.secrets = .known(Facts.Secrets(outer: theirs, inner: theirs, findings: []))
        let node = Facts.BuilderNode(
            name: "remote-kubernetes0", endpoint: "tcp://localhost:1234",
            options: ["key": "/home/ada/by-hand/key.pem"], platforms: [])
        facts.builders = .known(
            Facts.Builders(
                builders: [Facts.Builder(name: "remote-kubernetes", driver: "remote", nodes: [node])],
                current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: []))
        let plan = plan(Answers(), facts)
        #expect(plan.steps.map(\.id) == ["namespace", "chart", "release", "verification"])
        #expect(
            plan.notes.contains(
                "The builder remote-kubernetes is already registered at that address and is kept."))
    }
}

extension Facts.Release {
    fileprivate func with(status: String? = nil, chart: String? = nil, appVersion: String? = nil) -> Self {
        var release = self
        release.status = status ?? release.status
        release.chart = chart ?? release.chart
        release.appVersion = appVersion ?? release.appVersion
        return release
    }
}
