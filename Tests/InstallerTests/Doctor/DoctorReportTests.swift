import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// The doctor's report on given facts.
@Suite struct ExaminationTests {
    @Test func whatHoldsIsSaidLineByLine() throws {
        let examination = DoctorReport(symptoms(try .examined))
        #expect(examination.isHealthy)
        #expect(
            examination.lines == [
                "No problems found: the test build through remote-kubernetes succeeded.",
                "  ok  client files: valid and consistent in /home/.config/buildkit-installer/production/team/buildkit/certs/client",
                "  ok  buildx plugin: 0.29.1",
                "  ok  builder name: no Docker context is named remote-kubernetes",
                "  ok  registered builder: remote-kubernetes is registered at tcp://builder.example.com:1234",
                "  ok  buildx default configuration: none",
                "  ok  current builder: remote-kubernetes",
                "  ok  DNS: builder.example.com resolves",
                "  ok  TCP: tcp://builder.example.com:1234 accepts connections",
                "  ok  server certificate: valid for builder.example.com",
                "  ok  client certificate: accepted by the proxy",
                "  ok  HTTP/2: builder.example.com:1234 responded over TLSv1.3 and HTTP/2",
                "  ok  BuildKit: responds to buildx",
                "  ok  worker platforms: linux/amd64 and linux/arm64",
                "  ok  test build: succeeded in 1.3 s",
                "  ok  cluster: the API server responds",
                "  ok  release: deployed, revision 3",
                "  ok  pods: ready",
                "  ok  Secrets: valid and consistent",
                "  ok  NetworkPolicies: clients → proxy → BuildKit allowed",
            ])
    }

    @Test func whatABrokenLayerExplainsIsNotLookedAt() throws {
        var facts = try Facts.examined
        facts.served = .known(
            ServedEndpointState(
                endpoint: Endpoint(host: "builder.example.com", port: 1234), wasForwarded: false,
                result: .refused(host: "builder.example.com", port: 1234)))
        facts.objects = .unavailable(
            InstallerError("The cluster does not respond", hint: "Try it: kubectl version"))
        let examination = DoctorReport(symptoms(facts))
        #expect(examination.headline == "Problems found: TCP.")
        #expect(
            examination.lines.suffix(16)
                == [
                    "  broken   TCP: Connection refused at tcp://builder.example.com:1234",
                    "             Connection refused at builder.example.com:1234: nothing listens on that port.",
                    "           Check the Service and its address: kubectl get services --namespace team --context production",
                    "           See: docs/troubleshooting.md#TCPRefused",
                    "  skipped  server certificate: depends on TCP",
                    "  skipped  client certificate: depends on TCP",
                    "  skipped  HTTP/2: depends on TCP",
                    "  skipped  BuildKit: depends on TCP",
                    "  skipped  worker platforms: depends on TCP",
                    "  skipped  test build: depends on TCP",
                    "  warning  cluster: The cluster does not respond",
                    "           Try it: kubectl --context production version",
                    "  ok       release: deployed, revision 3",
                    "  skipped  pods: the cluster cannot be read",
                    "  skipped  Secrets: the cluster cannot be read",
                    "  skipped  NetworkPolicies: the cluster cannot be read",
                ])
    }

    @Test func aPortThatNobodyForwardsIsNamed() throws {
        var facts = try Facts.examined
        facts.served = .known(
            ServedEndpointState(
                endpoint: Endpoint(host: "localhost", port: 1234), wasForwarded: true,
                result: .answered(try .builder)))
        let broken = DoctorReport(symptoms(facts)).broken
        #expect(broken.map(\.id) == ["tcp"])
        #expect(
            broken.first?.verdict
                == .broken(
                    InstallerError(
                        "Connection refused at tcp://localhost:1234: no port-forward is running",
                        detail:
                            "Through a temporary port-forward: builder.example.com:1234 responded over TLSv1.3 and HTTP/2.",
                        hint: "Start it: kubectl port-forward service/buildkit 1234:1234 --namespace team "
                            + "--context production")))
    }

    @Test func clocksThatDoNotAgreeAreNamed() throws {
        var facts = try Facts.examined
        facts.served = .known(
            ServedEndpointState(
                endpoint: Endpoint(host: "builder.example.com", port: 1234), wasForwarded: false,
                result: .clientCertificateRefused(try .builder, reason: .expired)))
        let broken = DoctorReport(symptoms(facts)).broken
        #expect(broken.map(\.id) == ["client"])
        guard case .broken(let failure)? = broken.first?.verdict else { return }
        #expect(failure.message.hasPrefix("The clocks of the proxy and this machine differ"))
        #expect(failure.hint == "Check the clock: date -u")
    }

    @Test func aBuilderThatWakesByItselfIsNotBroken() throws {
        var facts = try Facts.examined
        let objects = try #require(facts.objects.value)
        facts.objects = .known(
            ReleaseObjects(
                items: objects.items.filter {
                    $0.name != "buildkit-builder" && $0.name != "buildkit-builder-1"
                }
                    + [.deployment("builder", replicas: 0)], refused: []))
        let examination = DoctorReport(symptoms(facts))
        #expect(examination.isHealthy)
        #expect(examination.headline == "No problems found; some checks were skipped.")
        #expect(
            examination.lines.contains("  skipped  BuildKit: scaled to zero; the next build wakes it"))
    }

    /// With the code that `status` prints.
    @Test func aSecretThatIsMissingHasTheCodeOfStatus() throws {
        var facts = try Facts.examined
        facts.objects = .known(.mounting)
        facts.secrets = .known(.init(outer: nil, inner: nil, findings: []))
        let broken = DoctorReport(symptoms(facts)).broken
        #expect(broken.map(\.id) == ["secrets"])
        #expect(broken.compactMap(\.code) == ["SecretMissing"])
    }

    @Test func programsReadTheSame() throws {
        var facts = try Facts.examined
        facts.buildx = .unavailable(InstallerError("Cannot read the version of docker buildx"))
        let json = try JSONDecoder().decode(
            JSONValue.self, from: JSONEncoder().encode(DoctorReport(symptoms(facts))))
        #expect(json["healthy"] == false)
        let plugin = json["checks"]?.array.first { $0["id"] == "plugin" }
        #expect(plugin?["verdict"] == "broken")
        #expect(plugin?["message"] == "docker has no buildx plugin")
    }

    private func symptoms(_ facts: Facts) -> DoctorFacts {
        var answers = Answers()
        (answers.context, answers.namespace) = ("production", "team")
        var symptoms = DoctorFacts(facts, answers, in: .test(ReplayRunner([:]), home: "/home"))
        symptoms.state = .known(
            BuilderState(isRunning: true, platforms: ["linux/amd64", "linux/arm64"], reasons: []))
        symptoms.build = .known(1.26)
        return symptoms
    }
}

extension Facts {
    /// The facts of a healthy installation for the doctor.
    fileprivate static var examined: Facts {
        get throws {
            var facts = try Facts.well
            facts.served = .known(
                ServedEndpointState(
                    endpoint: Endpoint(host: "builder.example.com", port: 1234), wasForwarded: false,
                    result: .answered(try .builder)))
            facts.docker = .known("29.0.0")
            facts.buildx = .known("0.29.1")
            let secret = Facts.SecretState(digests: [:], certificates: [], isOurs: true)
            facts.secrets = .known(.init(outer: secret, inner: secret, findings: []))
            return facts
        }
    }
}
