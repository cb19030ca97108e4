import FoundationEssentials
import Installer
import MutualTLS
import Terminal

@testable import Installer
@testable import Wizard

/// A believable cluster, and what the wizard knows of it, for all tests of pages.
enum Sample {
    /// 2026-11-22 10:00:00 UTC.
    static let now = Date(timeIntervalSince1970: 1_795_341_600)

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
        facts.contexts = .known(.init(names: ["production", "staging", "kind-local"], current: "production"))
        facts.server = .known("1.36.2")
        facts.missingRights = .known([])
        facts.namespace = .known(.init(exists: false, isTerminating: false, labels: [:]))
        facts.storageClasses = .known([.init(name: "fast-ssd", isDefault: true)])
        facts.release = .known(nil)
        facts.service = .known(nil)
        facts.builders = .known(
            .init(builders: [], current: "default", defaultConfiguration: nil, dockerContexts: ["default"]))
        facts.unfinished = .known(nil)
        return facts
    }

    /// The same without rights, with a stray configuration, and with a check that has not come back.
    static var poorFacts: Facts {
        var facts = facts
        facts.missingRights = .known([.init(verb: "create", resource: "deployments.apps", inNamespace: true)])
        facts.builders = .known(
            .init(
                builders: [], current: "default",
                defaultConfiguration: "/home/ada/.docker/buildx/buildkitd.default.toml",
                dockerContexts: ["default"]))
        facts.storageClasses = .pending
        return facts
    }

    static let guide = Guide(
        checks: checks,
        proposals: { field, facts, answers in
            switch field.id {
            case "sans":
                [
                    Proposal(value: "buildkit.buildkit.svc", reason: "the builder's Service"),
                    Proposal(value: "builder.example.com", reason: "the load balancer's name"),
                    Proposal(value: "203.0.113.7", reason: "the load balancer's address"),
                    Proposal(value: "localhost", reason: "for port-forward"),
                ]
            case "storage-class": [Proposal(value: "fast-ssd", reason: "the cluster's default")]
            case "security": [Proposal(value: "userns", reason: "Kubernetes 1.36 gives pods user namespaces")]
            default: []
            }
        },
        plan: { answers, _ in plan(answers) },
        script: { plan in
            plan.steps.map { step in
                guard case .run(let command) = step.action else { return "# \(step.title)" }
                return "# \(step.title)\n\(command)"
            }.joined(separator: "\n\n")
        },
        values: { answers, _ in
            """
            {
              "cache": {"size": "50Gi"},
              "exposure": "\(answers.exposure.rawValue)",
              "service": {"port": \(answers.port)}
            }
            """
        })

    static func plan(_ answers: Answers) -> Plan {
        let (namespace, release) = (answers.namespace, answers.release)
        let folder = "/home/ada/.config/buildkit-installer/production/buildkit/buildkit/certs"
        let order = CertificateOrder(
            names: answers.names, client: answers.client, algorithm: answers.keyAlgorithm,
            authorityDays: answers.authorityDays, days: answers.days, keepAuthority: !answers.discardAuthority)
        let run = { (tool: Tool, line: String) in
            Action.run(command: Command(tool, line.split(separator: " ").map(String.init)))
        }
        return Plan(
            title: "Install BuildKit", site: answers.site,
            steps: [
                Step(
                    id: "namespace", title: "Create the namespace \(namespace)",
                    action: run(.kubectl, "create namespace \(namespace)")),
                Step(
                    id: "certificates", title: "Issue certificates for \(answers.names.count) names",
                    action: .issueCertificates(order: order, folder: folder)),
                Step(
                    id: "outer-secret", title: "Apply the Secret buildkit-envoy-certs",
                    action: run(.kubectl, "apply --server-side -n \(namespace) -f -")),
                Step(
                    id: "inner-secret", title: "Apply the Secret buildkit-secrets",
                    action: run(.kubectl, "apply --server-side -n \(namespace) -f -")),
                Step(
                    id: "chart", title: "Install the chart as \(release)",
                    action: run(.helm, "upgrade --install \(release) chart -n \(namespace) --values - --wait")),
                Step(
                    id: "register", title: "Register the builder \(answers.builder)",
                    action: run(.docker, "buildx create --driver remote --name \(answers.builder)")),
                Step(
                    id: "proof", title: "Build something through it",
                    action: run(.docker, "buildx build --builder \(answers.builder) -")),
            ],
            notes: [
                "The namespace gets the Pod Security level baseline, which user namespaces need.",
                "The current builder default is no longer the current one afterwards.",
            ])
    }

    private static let checks: [Check] = [
        found("kubectl", .tools, "kubectl is 1.26 or later", \.kubectl),
        found("helm", .tools, "helm is 3.14 or later", \.helm),
        found("docker", .tools, "docker answers", \.docker),
        found("buildx", .tools, "docker has the buildx plugin", \.buildx),
        found("server", .cluster, "The API server answers", \.server),
        Check("rights", .cluster, "You may do all that the plan does") { facts, _ in
            guard let missing = facts.missingRights.value else { return .pending }
            guard let first = missing.first else { return .passed("24 of 24 rights") }
            return .failed(
                "You may not \(first.verb) \(first.resource) in the namespace buildkit.",
                hint: "kubectl create rolebinding buildkit-installer --clusterrole=admin --user=ada -n buildkit")
        },
        Check("storage", .cluster, "There is a default StorageClass") { facts, _ in
            guard let classes = facts.storageClasses.value else { return .pending }
            return .passed(classes.first?.name ?? "")
        },
        Check("namespace", .namespace, "The namespace takes the security profile") { facts, _ in
            facts.namespace.isPending ? .pending : .passed("will be created")
        },
        Check("release", .namespace, "No other release is in the way") { facts, _ in
            facts.release.isPending ? .pending : .passed("none")
        },
        Check("name", .buildx, "The builder's name is free") { facts, answers in
            facts.builders.isPending ? .pending : .passed(answers.builder)
        },
        Check("default-toml", .buildx, "No default configuration gets in the way") { facts, _ in
            guard let builders = facts.builders.value else { return .pending }
            guard let path = builders.defaultConfiguration else { return .passed("none") }
            return .warning(
                "\(path) is there, and buildx refuses it for every remote builder.", hint: "mv \(path) \(path).off")
        },
    ]

    private static func found(
        _ id: String, _ category: Check.Category, _ sentence: String,
        _ path: KeyPath<Facts, Fact<String>> & Sendable
    ) -> Check {
        Check(id, category, sentence) { facts, _ in
            switch facts[keyPath: path] {
            case .pending: .pending
            case .known(let version): .passed(version)
            case .unknown(let failure): .failed(failure.message, hint: failure.hint)
            }
        }
    }
}
