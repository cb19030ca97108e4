import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

/// What a doctor says of what was seen.
@Suite struct ExaminationTests {
    @Test func whatHoldsIsSaidLineByLine() throws {
        let examination = DoctorReport(symptoms(try .examined))
        #expect(examination.isHealthy)
        #expect(
            examination.lines == [
                "Nothing is broken: builds go through remote-kubernetes.",
                "  ok  the client's files: those in /home/.config/buildkit-installer/production/team/buildkit/certs/client fit together",
                "  ok  the buildx plugin: 0.29.1",
                "  ok  the builder's name: no docker context is called remote-kubernetes",
                "  ok  the registered builder: remote-kubernetes is at tcp://builder.example.com:1234",
                "  ok  buildx's default configuration: none",
                "  ok  the current builder: it is remote-kubernetes",
                "  ok  DNS: builder.example.com has an address",
                "  ok  TCP: tcp://builder.example.com:1234 takes connections",
                "  ok  the server's certificate: it is valid for builder.example.com",
                "  ok  the client's certificate: the proxy accepts it",
                "  ok  HTTP/2: builder.example.com:1234 answered, in TLSv1.3 and HTTP/2",
                "  ok  BuildKit: it answers to buildx",
                "  ok  the worker's platforms: linux/amd64 and linux/arm64",
                "  ok  a real build: it brought back what was sent, in 1.3 seconds",
                "  ok  the cluster: it answers",
                "  ok  the release: it is deployed, revision 3",
                "  ok  the pods: they are ready",
                "  ok  the Secrets: they fit together",
                "  ok  NetworkPolicies: they let clients in, and the proxy to BuildKit",
            ])
    }

    @Test func whatABrokenLayerExplainsIsNotLookedAt() throws {
        var facts = try Facts.examined
        facts.served = .known(
            ServedEndpointState(
                endpoint: Endpoint(host: "builder.example.com", port: 1234), wasForwarded: false,
                result: .refused(host: "builder.example.com", port: 1234)))
        facts.objects = .unavailable(
            InstallerError("The cluster does not answer", hint: "Try it: kubectl version"))
        let examination = DoctorReport(symptoms(facts))
        #expect(examination.headline == "What is broken: TCP.")
        #expect(
            examination.lines.suffix(15)
                == [
                    "  broken   TCP: Nothing listens at tcp://builder.example.com:1234",
                    "             builder.example.com:1234 refuses connections: nothing listens on that port.",
                    "           Check the Service and its address: kubectl get services --namespace team --context production",
                    "  skipped  the server's certificate: TCP is broken",
                    "  skipped  the client's certificate: TCP is broken",
                    "  skipped  HTTP/2: TCP is broken",
                    "  skipped  BuildKit: TCP is broken",
                    "  skipped  the worker's platforms: TCP is broken",
                    "  skipped  a real build: TCP is broken",
                    "  warning  the cluster: The cluster does not answer",
                    "           Try it: kubectl version",
                    "  ok       the release: it is deployed, revision 3",
                    "  skipped  the pods: the cluster cannot be asked",
                    "  skipped  the Secrets: the cluster cannot be asked",
                    "  skipped  NetworkPolicies: the cluster cannot be asked",
                ].suffix(15))
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
                        "Nothing listens at tcp://localhost:1234: nobody forwards the port",
                        detail:
                            "With the port forwarded for this look: builder.example.com:1234 answered, in TLSv1.3 and HTTP/2.",
                        hint: "Forward it: kubectl port-forward service/buildkit 1234:1234 --namespace team "
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
        #expect(failure.message.hasPrefix("The proxy's clock and this machine's do not agree"))
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
        #expect(examination.headline == "Nothing is broken, as far as it was looked at.")
        #expect(
            examination.lines.contains("  skipped  BuildKit: it is asleep; the next build wakes it"))
    }

    @Test func programsReadTheSame() throws {
        var facts = try Facts.examined
        facts.buildx = .unavailable(InstallerError("docker buildx does not say its version"))
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
    /// An installation that lacks nothing, as a doctor sees it.
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
