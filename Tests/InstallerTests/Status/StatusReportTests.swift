import FoundationEssentials
@testable import Installer
import MutualTLS
import Testing

@Suite struct StatusTests {
    private let now = TestClock.start

    @Test func whatIsWellIsSaidLineByLine() throws {
        let status = status(try .well)
        #expect(status.health == .well)
        #expect(
            status.lines == [
                "BuildKit is healthy (release buildkit in namespace team of context production).",
                "  Release   buildkit-\(Chart.version) with BuildKit \(Chart.appVersion), revision 3, deployed",
                "  Pod       buildkit-builder-1 is ready on node-1",
                "  Pod       buildkit-proxy-1 is ready on node-1",
                "  Service   LoadBalancer at builder.example.com, port 1234",
                "  Endpoint  builder.example.com:1234 responded over TLSv1.3 and HTTP/2 (via a temporary port-forward)",
                "  Builder   remote-kubernetes, the current builder, at tcp://builder.example.com:1234; "
                    + "the proxy accepts its certificate",
                "            certificate files in /home/.config/buildkit-installer/production/team/buildkit/certs/client",
                "  Builds    2 active, 1 queued",
                "  Cache     volume buildkit-cache of 50Gi, 12.3 GiB used, 512 MiB free",
                "  Sleep     running (autosleep on)",
            ])
    }

    @Test func whereNothingIsNothingOfAnotherInstallationIsTold() throws {
        var facts = try Facts.well
        facts.release = .known(nil)
        facts.objects = .known(ReleaseObjects(items: [], refused: []))
        facts.builders = .known(
            .init(
                builders: [
                    .init(
                        name: "remote-kubernetes", driver: "remote",
                        nodes: [
                            .init(
                                name: "remote-kubernetes0", endpoint: "tcp://builder.example.com:1234",
                                options: ["cert": "/home/other/client/cert.pem"], platforms: [])
                        ])
                ], current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: []))
        let status = status(facts)
        #expect(status.health == .wrong)
        #expect(status.served == nil)
        #expect(status.builder == nil)
        #expect(!status.certificates.contains { $0.places.contains(.served) })
        #expect(!status.lines.joined().contains("builder.example.com"))
        #expect(status.remarks.map(\.code) == [.releaseMissing])
        #expect(status.remarks.map(\.id) == ["release/buildkit"])
    }

    /// The chart's values determine the names of its objects.
    @Test func deploymentsAreFoundByTheirLabels() throws {
        func named(_ part: String, replicas: Int) -> JSONValue {
            JSONValue.deployment(part, replicas: replicas).setting(
                .string("mine-\(part)"), at: ["metadata", "name"])
        }
        var facts = try Facts.well
        facts.objects = .known(
            ReleaseObjects(items: [named("builder", replicas: 0), named("proxy", replicas: 1)], refused: []))
        let status = status(facts)
        #expect(status.sleep?.isAsleep == true)
        #expect(status.cache?.claim == "buildkit-cache")
        #expect(
            status.remarks.map(\.id).filter { $0.hasPrefix("deployment/") } == ["deployment/mine-proxy"])
    }

    @Test func whatIsWrongIsSaidWithWhatToDo() throws {
        var facts = try Facts.well
        facts.release = .known(
            .init(status: "failed", revision: 4, chart: "buildkit-0.0.1", values: [:], appVersion: "v0.1.0"))
        facts.objects = .known(
            ReleaseObjects(
                items: [
                    .deployment("builder"), .deployment("proxy"),
                    .pod("builder", waiting: "CrashLoopBackOff"),
                    .pod("proxy"), .claim(phase: "Pending"),
                    .event("Pod", "buildkit-builder-1", "BackOff", "Back-off restarting failed container"),
                    .event("PersistentVolumeClaim", "buildkit-cache", "Failed", "no volume fits"),
                ], refused: ["services"]))
        facts.lastLines = .known(["buildkit-builder-1": ["could not lock /var/lib/buildkit/buildkitd.lock"]])
        facts.served = .known(
            ServedEndpointState(
                endpoint: Endpoint(host: "builder.example.com", port: 1234), wasForwarded: false,
                result: .refused(host: "builder.example.com", port: 1234)))
        facts.activity = .unavailable(InstallerError("No proxy answers", detail: "one\ntwo"))
        facts.cacheUse = .pending
        let status = status(facts)
        #expect(status.health == .wrong)
        #expect(
            status.lines == [
                "BuildKit is unhealthy (release buildkit in namespace team of context production).",
                "  Release   buildkit-0.0.1 with BuildKit v0.1.0, revision 4, failed",
                "            upgrade available: chart \(Chart.version) and BuildKit \(Chart.appVersion) (run: buildkit-installer install --context production --namespace team)",
                "  Pod       buildkit-builder-1: CrashLoopBackOff: see its log",
                "            last event: BackOff: Back-off restarting failed container",
                "            log: could not lock /var/lib/buildkit/buildkitd.lock",
                "  Pod       buildkit-proxy-1 is ready on node-1",
                "  Endpoint  Connection refused at builder.example.com:1234: nothing listens on that port",
                "  Builder   remote-kubernetes, the current builder, at tcp://builder.example.com:1234",
                "            certificate files in /home/.config/buildkit-installer/production/team/buildkit/certs/client",
                "  Cache     volume buildkit-cache of 50Gi",
                "  Sleep     running (autosleep off)",
                "  Unknown   builds: No proxy answers",
                "              one",
                "              two",
                "  Unknown   services: No permission to list services",
                "",
                "  Error    The release buildkit has status failed.",
                "           Repair it: buildkit-installer install --context production --namespace team",
                "  Error    The container of the BuildKit pod keeps crashing. Pod buildkit-builder-1: "
                    + "CrashLoopBackOff: see its log.",
                "           Check its log: kubectl logs buildkit-builder-1 --container buildkitd --previous "
                    + "--namespace team --context production",
                "  Error    The cache volume is not bound yet. PersistentVolumeClaim buildkit-cache: no volume fits.",
                "           Details: kubectl describe persistentvolumeclaims --namespace team "
                    + "--context production",
                "  Error    Connection refused at tcp://builder.example.com:1234.",
                "           Check the Service and its address: kubectl get services --namespace team "
                    + "--context production",
                "  Warning  buildx connects to tcp://builder.example.com:1234, but the settings specify tcp://localhost:1234.",
                "           Register it again: buildkit-installer install --context production --namespace team",
            ])
    }

    /// An install resets the settings that it is not given.
    @Test func anUpgradeIsGivenTheSettingsOfTheLastInstall() throws {
        var facts = try Facts.well
        facts.release = .known(
            .init(status: "deployed", revision: 4, chart: "buildkit-0.0.1", values: [:], appVersion: "v0.1.0")
        )
        facts.clientFolders = .known(Facts.ClientFolders(own: "/certs/client", settings: "/saved.json"))
        let install =
            "buildkit-installer install --context production --namespace team --answers /saved.json"
        #expect(status(facts).lines.contains { $0.hasSuffix(" (run: \(install))") })
    }

    @Test func aBuilderThatSleepsIsWell() throws {
        var facts = try Facts.well
        facts.objects = .known(
            ReleaseObjects(
                items: [.deployment("builder", replicas: 0), .deployment("proxy"), .pod("proxy")], refused: []
            ))
        let status = status(facts)
        #expect(status.health == .well)
        #expect(
            status.lines.last
                == "  Sleep     scaled to zero (run: buildkit-installer wake --context production --namespace team)"
        )
    }

    @Test func aDeploymentThatGetsNoPodIsWrong() throws {
        var facts = try Facts.well
        facts.objects = .known(
            ReleaseObjects(
                items: [
                    .deployment("builder", failure: "exceeded quota"), .deployment("proxy"), .pod("proxy"),
                ],
                refused: []))
        #expect(
            status(facts).remarks.map(\.sentence) == [
                "A ResourceQuota of the namespace has no capacity left for the BuildKit pod. "
                    + "Deployment buildkit-builder: exceeded quota."
            ])
    }

    @Test func aClusterThatDoesNotAnswerIsSaidOnce() throws {
        var facts = try Facts.well
        let failure = InstallerError("The cluster does not respond", detail: "connection refused")
        facts.objects = .unavailable(failure)
        facts.release = .unavailable(failure)
        facts.secrets = .unavailable(failure)
        facts.activity = .pending
        let status = status(facts)
        #expect(status.health == .wrong)
        #expect(status.unknown.map(\.part) == ["cluster"])
    }

    @Test func aCertificateThatEndsSoonIsDue() async throws {
        let folder = try TemporaryFolder()
        let certificates = CertificateFolder(path: "\(folder.path)/certs")
        let names = [try SubjectName("builder.example.com")]
        try await certificates.issue(CertificateOrder(names: names, client: "admin", days: 20), now: now)
        var facts = try Facts.well
        facts.folder = .known(await certificates.inspect(expecting: names, now: now))
        #expect(status(facts).health == .certificatesDue)
        #expect(status(facts, days: 21).health == .certificatesDue)
        #expect(status(facts, days: 20).health == .well)
        #expect(status(facts).lines.contains("  Certificate  server: expires in 20 days (this machine)"))
    }

    /// Another installation with the same CA has revoked the client.
    @Test func aRevocationThatTheProxyLacksIsAProblem() async throws {
        let authority = try await CertificateAuthority.make(commonName: "test", days: 300, now: now).summary
        var facts = try Facts.well
        facts.authorities = .known(
            Facts.Authorities(current: AuthorityStatus(certificate: authority, revoked: ["ab"])))
        let secret = Facts.SecretState(digests: ["crl.pem": "x"], certificates: [authority], isOurs: true)
        facts.secrets = .known(Facts.Secrets(outer: secret, inner: nil, findings: []))
        let status = status(facts)
        #expect(status.health == .wrong)
        let remark = status.remarks.first { $0.code == "RevocationNotInEffect" }
        #expect(
            remark?.sentence.hasPrefix("Revocations of serial ab are not in effect in the cluster: ") == true)
        #expect(
            remark?.hint
                == "Publish them: buildkit-installer rotate --context production --namespace team")
    }

    @Test func programsReadTheSame() throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        let json = try JSONDecoder().decode(JSONValue.self, from: encoder.encode(status(try .well)))
        #expect(json["health"] == "healthy")
        #expect(json["builds"] == ["held": 1, "running": 2])
        #expect(json["unknown"] == [])
        #expect(json["pods"]?[0]?["name"] == "buildkit-builder-1")
    }

    private func status(_ facts: Facts, days: Int = 30) -> StatusReport {
        var answers = Answers()
        (answers.context, answers.namespace) = ("production", "team")
        let places = InstallerPaths(home: "/home", environment: [:])
        return StatusReport(facts, answers, places: places, home: "/home", now: now, days: days)
    }
}

extension Facts {
    /// A healthy installation.
    static var well: Facts {
        get throws {
            var facts = Facts()
            facts.release = .known(
                .init(
                    status: "deployed", revision: 3, chart: "buildkit-\(Chart.version)", values: [:],
                    appVersion: Chart.appVersion))
            facts.objects = .known(
                ReleaseObjects(
                    items: [
                        .deployment("builder"), .deployment("proxy"), .pod("builder"), .pod("proxy"),
                        .service,
                        .claim(phase: "Bound"),
                        [
                            "kind": "HorizontalPodAutoscaler",
                            "metadata": ["name": "keda-hpa-buildkit-builder"],
                            "spec": ["scaleTargetRef": ["name": "buildkit-builder"]],
                        ],
                    ], refused: []))
            facts.served = .known(
                ServedEndpointState(
                    endpoint: Endpoint(host: "builder.example.com", port: 1234), wasForwarded: true,
                    result: .answered(try .builder)))
            let folder = "/home/.config/buildkit-installer/production/team/buildkit/certs/client"
            facts.builders = .known(
                .init(
                    builders: [
                        .init(
                            name: "remote-kubernetes", driver: "remote",
                            nodes: [
                                .init(
                                    name: "remote-kubernetes0", endpoint: "tcp://builder.example.com:1234",
                                    options: [
                                        "cacert": "\(folder)/ca.pem", "cert": "\(folder)/cert.pem",
                                        "key": "\(folder)/key.pem",
                                    ], platforms: [])
                            ])
                    ], current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: []))
            facts.activity = .known(BuildActivity(running: 2, held: 1))
            facts.cacheUse = .known(CacheUse(used: 13_200_000_000, free: 512 << 20))
            facts.folder = .known(nil)
            facts.secrets = .known(.init(outer: nil, inner: nil, findings: []))
            facts.interruptedRun = .known(nil)
            return facts
        }
    }
}

extension ServedEndpoint {
    /// A builder that answered; only the probe can use its own initializer.
    static var builder: ServedEndpoint {
        get throws {
            let json =
                #"{"host": "builder.example.com", "port": 1234, "serverName": "builder.example.com", "chain": [], "#
                + #""tlsVersion": "TLSv1.3", "alpn": "h2"}"#
            return try JSONDecoder().decode(ServedEndpoint.self, from: Data(json.utf8))
        }
    }
}
