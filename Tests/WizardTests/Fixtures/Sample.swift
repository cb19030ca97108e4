import FoundationEssentials
import MutualTLS
import Terminal

@testable import Installer
@testable import Wizard

/// A realistic machine and cluster for all tests of pages.
enum Sample {
    /// 2026-11-22 10:00:00 UTC.
    static let now = Date(timeIntervalSince1970: 1_795_341_600)
    static let home = "/home/ada"
    static let places = InstallerPaths(home: home, environment: [:])
    static let guide = WizardFlow(.install, places: places, home: home)

    static var answers: Answers {
        var answers = Answers()
        answers.context = "production"
        return answers
    }

    static var facts: Facts {
        var facts = Facts()
        facts.kubectl = .known("1.36.2")
        facts.helm = .known("4.1.0")
        facts.docker = .known("29.5.0")
        facts.buildx = .known("0.31.1")
        facts.builders = .known(
            .init(builders: [], current: "default", defaultConfiguration: nil, dockerContexts: ["default"]))
        facts.folder = .known(nil)
        facts.files = .known([:])
        facts.interruptedRun = .known(nil)
        facts.contexts = .known(.init(names: ["production", "staging", "kind-local"], current: "production"))
        facts.server = .known("1.36.2")
        facts.missingRights = .known([])
        facts.admission = .known(Admission(asked: 7))
        facts.namespace = .known(.init(exists: false, isTerminating: false, labels: [:]))
        facts.storageClasses = .known([.init(name: "fast-ssd", isDefault: true)])
        facts.nodes = .known(
            ["worker-1", "worker-2"].enumerated().map { index, name in
                .init(
                    name: name, addresses: ["10.0.0.\(11 + index)"], architecture: "amd64", kernel: "6.12.48",
                    kubelet: "v1.36.2", runtime: "containerd://2.2.1")
            })
        facts.service = .known(nil)
        facts.secrets = .known(.init(outer: nil, inner: nil, findings: []))
        facts.release = .known(nil)
        facts.cacheClaim = .known(nil)
        facts.lacksKEDA = .known(false)
        facts.authorities = .known(.init(current: nil, former: nil))
        facts.clients = .known([:])
        facts.issued = .known([])
        facts.renewal = .known(nil)
        facts.kept = .known([:])
        facts.clientFolders = .known(
            .init(own: "\(home)/.config/buildkit-installer/production/buildkit/buildkit/certs/client"))
        facts.namespaceContents = .known(.init())
        facts.otherReleases = .known([])
        facts.backends = .known([])
        facts.pausedRollouts = .known([])
        facts.localState = .known(.init(clientFolder: "/certs/client"))
        return facts
    }

    /// An installation after an install, with a cache that has been used since.
    static var installedFacts: Facts {
        var facts = facts
        facts.namespace = .known(
            .init(
                exists: true, isTerminating: false,
                labels: ["app.kubernetes.io/managed-by": "buildkit-installer"]))
        facts.release = .known(
            .init(
                status: "deployed", revision: 3, chart: "buildkit-0.1.0", values: [:],
                objects: ["deployment.apps/buildkit-builder", "deployment.apps/buildkit-proxy"]))
        facts.files = .known(["\(home)/certs/daemon/ca.pem": "made here"])
        let secret = Facts.SecretState(digests: ["ca.pem": "made here"], certificates: [], isOurs: true)
        facts.secrets = .known(.init(outer: secret, inner: secret, findings: []))
        facts.cacheClaim = .known(
            .init(size: "50Gi", madeAt: now.addingTimeInterval(-40 * 86400), release: "buildkit"))
        facts.namespaceContents = .known(
            .init(
                ofRelease: ["deployment.apps/buildkit-builder", "deployment.apps/buildkit-proxy"],
                replicaSets: [ReplicaSetName(name: "buildkit-builder-a1", uid: "1")]))
        facts.activity = .known(BuildActivity(running: 1, held: 0))
        facts.scale = .known(ScaleState(builder: "buildkit-builder", wanted: 1, ready: 1))
        let certs = "\(home)/.config/buildkit-installer/production/buildkit/buildkit/certs"
        facts.builders = .known(
            .init(
                builders: [
                    .init(
                        name: "remote-kubernetes", driver: "remote",
                        nodes: [
                            .init(
                                name: "remote-kubernetes0", endpoint: "tcp://localhost:1234",
                                options: ["cacert": "\(certs)/client/ca.pem"], platforms: [])
                        ])
                ], current: "remote-kubernetes", defaultConfiguration: nil, dockerContexts: ["default"]))
        var localState = Facts.LocalState(clientFolder: "\(certs)/client")
        localState.certificates = [CertificateFolder(path: certs): CertificateFile.outer.map(\.rawValue)]
        localState.authority = [CertificateFolder(path: certs): CertificateFile.authority.map(\.rawValue)]
        localState.records = ["answers.json", "chart", "journal.jsonl"]
        facts.localState = .known(localState)
        return facts
    }

    /// A cluster with an installation that another machine made.
    static var sharedFacts: Facts {
        var facts = idleFacts
        facts.installations = .known(
            [("buildkit", 1), ("team-a", 0)].map { namespace, pods in
                ClusterInstallation(
                    InstallationID(context: "production", namespace: namespace, release: "buildkit"),
                    scale: ScaleState(builder: "buildkit-builder", wanted: pods, ready: pods))
            })
        return facts
    }

    /// An installation without builds.
    static var idleFacts: Facts {
        var facts = installedFacts
        facts.activity = .known(BuildActivity(running: 0, held: 0))
        return facts
    }

    static var asleepFacts: Facts {
        var facts = installedFacts
        facts.scale = .known(ScaleState(builder: "buildkit-builder", wanted: 0, ready: 0))
        facts.activity = .known(BuildActivity(running: 0, held: 2))
        return facts
    }

    /// An installation of an older version, with a value that was set outside this program, during a build.
    static var olderFacts: Facts {
        var facts = installedFacts
        let installation = answers.installation(facts)
        let certificates = CertificateLayout(answers, installation: installation, places: places, home: home)
        func secret(_ files: [String: String]) -> Facts.SecretState {
            Facts.SecretState(digests: files.mapValues { "of \($0)" }, certificates: [], isOurs: true)
        }
        let files = [certificates.outerFiles, certificates.innerFiles]
        facts.folder = .known(Inspection())
        facts.files = .known(
            Dictionary(uniqueKeysWithValues: files.flatMap(\.values).map { ($0, "of \($0)") }))
        facts.secrets = .known(.init(outer: secret(files[0]), inner: secret(files[1]), findings: []))
        guard let read = try? InstallFacts(facts, answers) else { return facts }
        let planner = InstallPlanner(answers, read, places: places, home: home)
        facts.release = .known(
            .init(
                status: "deployed", revision: 3, chart: "buildkit-0.0.9",
                values: planner.values.json.setting("20Gi", at: ["builder", "cache", "size"])
                    .setting("5m", at: ["builder", "startup"]), appVersion: "v0.31.0"))
        return facts
    }

    /// The same without rights, with a stray configuration, and with one pending query.
    static var poorFacts: Facts {
        var facts = facts
        facts.missingRights = .known([
            .init(verb: "create", resource: "deployments.apps", inNamespace: true),
            .init(verb: "create", resource: "namespaces", inNamespace: false),
        ])
        facts.builders = .known(
            .init(
                builders: [], current: "default",
                defaultConfiguration: "/home/ada/.docker/buildx/buildkitd.default.toml",
                dockerContexts: ["default"]))
        facts.storageClasses = .pending
        return facts
    }

    /// A machine without any state.
    static var bareFacts: Facts {
        var facts = Facts()
        let missing = { (tool: String) in InstallerError("\(tool) not found", hint: "Install \(tool).") }
        facts.kubectl = .unavailable(missing("kubectl"))
        facts.helm = .unavailable(missing("helm"))
        facts.docker = .unavailable(missing("docker"))
        facts.buildx = .unavailable(missing("docker"))
        return facts
    }

    static func plan(_ answers: Answers) -> Plan {
        do { return try Workflow.install.plan(answers, facts, places: places, home: home) } catch {
            return Plan(title: "\(error)", installation: answers.installation, steps: [])
        }
    }

    /// An installation with one problem.
    static var status: StatusReport {
        StatusReport(
            health: .wrong, installation: answers.installation, takenAt: now,
            release: .init(
                chart: "buildkit-0.1.0", app: "v0.32.2", status: "deployed", revision: 3, newerApp: "v0.33.0"),
            pods: [
                .init(
                    name: "buildkit-builder-6d9f", isReady: false, node: "worker-1",
                    trouble:
                        "buildkit-builder-6d9f: CrashLoopBackOff: back-off 40s restarting failed container",
                    lastEvent: "BackOff: Back-off restarting failed container",
                    lastLines: ["could not lock the cache: resource temporarily unavailable"]),
                .init(name: "buildkit-proxy-5c7b", isReady: true, node: "worker-2", lastLines: []),
            ],
            address: .init(type: "LoadBalancer", addresses: ["builder.example.com"], port: 1234),
            served: .init(
                endpoint: "tcp://builder.example.com:1234", wasForwarded: false, answered: true,
                sentence: "builder.example.com:1234 responded over TLSv1.3 and HTTP/2."),
            certificates: [],
            builder: .init(
                name: "remote-kubernetes", endpoint: "tcp://builder.example.com:1234", isCurrent: true,
                folder: "\(home)/.config/buildkit-installer/production/buildkit/buildkit/certs/client"),
            builds: .init(running: 0, held: 2),
            cache: .init(claim: "buildkit-cache", size: "50Gi"),
            sleep: .init(isAsleep: false, isAutomatic: false),
            remarks: [
                .init(
                    severity: .error, code: .podsNotReady, id: "pod/buildkit-builder-6d9f",
                    sentence:
                        "buildkit-builder-6d9f: CrashLoopBackOff: back-off 40s restarting failed container.",
                    hint:
                        "Details: kubectl describe pod buildkit-builder-6d9f --namespace buildkit --context production"
                )
            ],
            unknown: [
                .init(
                    part: "cache",
                    failure: InstallerError("Cache usage cannot be read from the node worker-1"))
            ])
    }

    static func summary(
        _ run: RunState, of verb: Workflow = .install, _ answers: Answers, isRehearsal: Bool
    ) -> RunSummary {
        let unreal = Dependencies(runner: ReplayRunner([]), environment: [:], home: home)
        var summary = RunSummary(run, of: verb, answers, isRehearsal: isRehearsal, dependencies: unreal)
        if !isRehearsal { summary.certificatesEnd = now.addingTimeInterval(365 * 86400) }
        return summary
    }
}
