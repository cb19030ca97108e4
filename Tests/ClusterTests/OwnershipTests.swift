import FoundationEssentials
import LabSupport
import Testing

/// Objects without proof of ownership are not changed: a failed query proves nothing, nor does a name or a label.
@Suite struct OwnershipTests {
    /// A tool for which some calls fail as if the API server had timed out.
    private func spoil(_ tool: String, _ calls: String, in installation: Installation) throws -> String {
        let real = try installation.laptop.target(of: tool)
        try installation.laptop.replace(
            tool,
            with: """
                case "$*" in \(calls))
                echo 'Error: Kubernetes cluster unreachable: net/http: TLS handshake timeout' >&2; exit 1 ;;
                esac
                exec '\(real)' "$@"
                """)
        return real
    }

    @Test func aNamespaceThatCouldNotBeLookedAtIsNeitherMadeNorDeleted() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let kubectl = installation.cluster.kubectl
                try await kubectl.require("create", "configmap", "precious", "--namespace", namespace.name)
                _ = try spoil("kubectl", "\"get namespace\"*", in: installation)
                let refused = try await installation.install()
                #expect(refused.status == 69, "\(refused)")
                #expect(
                    refused.errors.contains("Cannot create a plan: could not read"), "\(refused)")
                #expect(refused.errors.contains("the namespace \(namespace.name)"))
                #expect(refused.errors.contains("TLS handshake timeout"))
                #expect(try await installation.cluster.has(namespace.name))
                #expect(
                    try await kubectl.require(
                        "get", "configmap", "precious", "--namespace", namespace.name, "--output", "name"
                    )
                    .contains("precious"))
            }
        }
    }

    @Test(arguments: [("helm", "history*"), ("helm", "\"get values\"*"), ("kubectl", "\"get secret\"*")])
    func anInstallationThatCouldNotBeLookedAtStaysAsItIs(_ tool: String, _ calls: String) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let objects = try await installation.objects()
            _ = try spoil(tool, calls, in: installation)
            // A failed registration would roll everything back.
            let refused = try await installation.install("--image", "example.com/unready:1", "--timeout", "4")
            #expect(refused.status == 69, "\(refused)")
            #expect(try await installation.objects() == objects)
            #expect(try await installation.objects().map(\.resourceVersion) == objects.map(\.resourceVersion))
            #expect(try await installation.revisions() == ["deployed"])
        }
    }

    @Test func anotherMachinesAuthorityIsNotReplaced() async throws {
        try await Installation.begin { first in
            #expect(try await first.install().succeeded)
            let objects = try await first.objects()
            func versions() async throws -> [String] { try await first.objects().map(\.resourceVersion) }
            let before = try await versions()
            try await withTemporaryFolder { folder in
                let second = Installation(
                    folder: folder, namespace: first.namespace,
                    laptop: try Laptop(
                        in: folder, kubeconfig: first.cluster.kubeconfig, environment: ["TMPDIR": folder]),
                    cluster: first.cluster)
                for verb in [
                    ["install"] + second.answers,
                    ["rotate", "--namespace", first.namespace, "--renew", "authority", "--verify", "no"],
                    ["rotate", "--namespace", first.namespace, "--renew", "inner", "--verify", "no"],
                    ["uninstall", "--namespace", first.namespace, "--everything"],
                ] {
                    let refused = try await second.laptop.installer.run(verb + ["--yes"])
                    #expect(refused.status == 69, "\(verb): \(refused)")
                    #expect(refused.errors.contains("another machine"), "\(verb): \(refused)")
                    #expect(refused.errors.contains("--take-over"), "\(verb): \(refused)")
                }
                #expect(try await first.objects() == objects)
                #expect(try await versions() == before)
                // With the CA of the machine that installed it, it also belongs to this machine.
                try FileManager.default.createDirectory(
                    atPath: second.path(of: "certs"), withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    atPath: first.path(of: "certs/authority"), toPath: second.path(of: "certs/authority"))
                let joined = try await second.install()
                #expect(joined.succeeded, "\(joined)")
                // With explicit consent it is taken over.
                try FileManager.default.removeItem(atPath: first.path(of: "certs"))
                let taken = try await first.install("--take-over")
                #expect(taken.succeeded, "\(taken)")
                #expect(
                    taken.output.contains("lose access") || taken.errors.contains("lose access"), "\(taken)")
            }
        }
    }

    @Test func aReleaseOfAChartWhoseNameBeginsAlikeIsLeftAlone() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                for (chart, templates) in [("buildkit-service", "templates"), ("buildkit", "templates")] {
                    let folder = "\(installation.folder)/\(chart)"
                    try FileManager.default.createDirectory(
                        atPath: "\(folder)/\(templates)", withIntermediateDirectories: true)
                    try Data("apiVersion: v2\nname: \(chart)\nversion: 1.0.0\n".utf8)
                        .write(to: URL(filePath: "\(folder)/Chart.yaml"))
                    try Data(
                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: precious}\ndata: {a: b}\n".utf8
                    )
                    .write(to: URL(filePath: "\(folder)/\(templates)/c.yaml"))
                    let helm = try Program(
                        .helm, environment: ["KUBECONFIG": installation.cluster.kubeconfig])
                    try await helm.require("install", "buildkit", folder, "--namespace", namespace.name)
                    let removed = try await installation.uninstall("--everything")
                    #expect(removed.succeeded, "\(removed)")
                    let refused = try await installation.install()
                    #expect(refused.status == 69, "\(refused)")
                    #expect(refused.errors.contains("belongs to another chart"), "\(refused)")
                    #expect(try await installation.revisions() == ["deployed"])
                    #expect(try await installation.objects().map(\.title) == ["ConfigMap/precious"])
                    try await helm.require("uninstall", "buildkit", "--namespace", namespace.name)
                }
            }
        }
    }

    @Test func anObjectWithOurLabelsAloneStaysAndIsNamed() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let (kubectl, namespace) = (installation.cluster.kubectl, installation.namespace)
            try await kubectl.require("create", "configmap", "mine", "--namespace", namespace)
            try await kubectl.require(
                "label", "configmap", "mine", "app.kubernetes.io/part-of=buildkit",
                "app.kubernetes.io/instance=buildkit", "app.kubernetes.io/managed-by=Helm",
                "helm.sh/chart=buildkit-0.1.0", "--namespace", namespace)
            let removed = try await installation.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            #expect((removed.output + removed.errors).contains("configmap/mine"), "\(removed)")
            #expect(try await installation.objects().map(\.title) == ["ConfigMap/mine"])
            #expect(try await installation.cluster.has(namespace))
        }
    }

    /// A bare pod, and one of a Deployment: the labels are those of the proxy, but nothing of the release controls them.
    @Test func podsWithOurLabelsAloneAreNeitherCountedNorChangedNorDeleted() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            #expect(try await installation.client("add", "bob").succeeded)
            try await installation.makeStrangersPods()
            let strangers = try await installation.strangersPods()
            #expect(strangers.count == 2)

            let status = try await installation.laptop.installer.run(
                "status", "--namespace", installation.namespace, "--output", "json")
            let report = try #require(try status.reports().first)
            let names = (report["pods"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(names.count == 2, "\(status)")
            #expect(names.allSatisfy { $0.hasPrefix("buildkit-") }, "\(status)")

            let rotated = try await installation.rotate()
            #expect(rotated.succeeded, "\(rotated)")
            let own = try await installation.proxyUIDs()
            let revoked = try await installation.client("revoke", "bob", "--now", "--verbose")
            #expect(revoked.succeeded, "\(revoked)")
            #expect(revoked.output.contains("The pod a-stranger was kept"), "\(revoked)")
            #expect(try await Set(installation.proxyUIDs()).isDisjoint(with: own))
            #expect(try await installation.strangersPods() == strangers)

            let removed = try await installation.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            #expect((removed.output + removed.errors).contains("pod/a-stranger"), "\(removed)")
            #expect(try await installation.strangersPods() == strangers)
            #expect(try await installation.proxyUIDs() == [])
            #expect(try await installation.cluster.has(installation.namespace))
        }
    }

    /// Helm has no record of the release that its annotations name.
    @Test func aDeploymentWithHelmsAnnotationsAloneIsNotRestarted() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let copy = try await installation.copyBuilder(as: "b")
            let rotated = try await installation.rotate("--renew", "inner")
            #expect(rotated.succeeded, "\(rotated)")
            #expect(!rotated.output.contains("The release b"), "\(rotated)")
            let after = try await installation.cluster.json(
                "get", "deployment", copy, "--namespace", installation.namespace, "--output", "json")
            #expect(after["spec"]?["template"]?["metadata"]?["annotations"] == nil)
        }
    }

    /// Helm marks the objects that it creates; it deletes only those of its manifest.
    @Test func anObjectWithHelmsMarksIsNamedBeforeItIsDeleted() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let (kubectl, namespace) = (installation.cluster.kubectl, installation.namespace)
            try await kubectl.require("create", "configmap", "extra", "--namespace", namespace)
            try await kubectl.require(
                "label", "configmap", "extra", "app.kubernetes.io/managed-by=Helm",
                "helm.sh/chart=buildkit-0.1.0", "--namespace", namespace)
            try await kubectl.require(
                "annotate", "configmap", "extra", "meta.helm.sh/release-name=buildkit",
                "meta.helm.sh/release-namespace=\(namespace)", "--namespace", namespace)
            let rehearsed = try await installation.laptop.installer.run(
                "uninstall", "--dry-run", "--force", "--namespace", namespace, "--yes")
            let note = "Also deleted: configmap/extra."
            #expect(rehearsed.output.contains(note), "\(rehearsed)")
            #expect(rehearsed.output.contains("Delete further resources of the release: configmap/extra"))
            #expect(rehearsed.output.matches(of: /Also deleted/).count == 1, "\(rehearsed)")
            let removed = try await installation.uninstall("--everything")
            #expect(removed.succeeded, "\(removed)")
            #expect(removed.output.contains(note), "\(removed)")
            #expect(try await !installation.cluster.has(namespace))
        }
    }

    @Test func whatComesIntoTheNamespaceMeanwhileKeepsIt() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let real = try installation.laptop.target(of: "kubectl")
            try installation.laptop.replace(
                "kubectl",
                with: """
                    case "$*" in "delete secret/"*)
                    '\(real)' create configmap precious --namespace \(installation.namespace) >&2 ;;
                    esac
                    exec '\(real)' "$@"
                    """)
            let removed = try await installation.uninstall()
            #expect(removed.status == 1, "\(removed)")
            #expect(removed.errors.contains("was kept"), "\(removed)")
            #expect(removed.errors.contains("configmap/precious"), "\(removed)")
            #expect(try await installation.objects().map(\.title) == ["ConfigMap/precious"])
        }
    }

    @Test func anAuthorityThatWasBroughtOutlivesTheInstallation() async throws {
        try await Installation.begin { installation in
            let certs = "\(installation.folder)/company"
            try await installation.laptop.installer.require("issue", "--certs", certs, "--sans", "localhost")
            for folder in ["daemon", "client", "inner"] {
                try FileManager.default.removeItem(atPath: "\(certs)/\(folder)")
            }
            let authority = "\(certs)/authority"
            for name in try FileManager.default.contentsOfDirectory(atPath: authority)
            where !["ca.pem", "key.pem"].contains(name) {
                try FileManager.default.removeItem(atPath: "\(authority)/\(name)")
            }
            let key = try installation.text("\(authority)/key.pem")
            let installed = try await installation.install("--certs", certs)
            #expect(installed.succeeded, "\(installed)")
            let removed = try await installation.uninstall("--certs", certs, "--everything")
            #expect(removed.succeeded, "\(removed)")
            #expect(try installation.text("\(authority)/key.pem") == key)
            #expect(try installation.text("\(authority)/ca.pem") != nil)
            #expect(
                (removed.output + removed.errors).contains("it was not created by buildkit-installer"),
                "\(removed)")
        }
    }

    @Test func twoInstallationsHaveABuilderEach() async throws {
        try await Installation.begin { first in
            #expect(try await first.install().succeeded)
            let builder = try first.builder()
            let second = Installation(
                folder: first.folder, namespace: "\(first.namespace)-b", laptop: first.laptop,
                cluster: first.cluster)
            let refused = try await second.install("--builder", "remote-kubernetes")
            #expect(refused.status == 69, "\(refused)")
            #expect(
                refused.errors.contains("belongs to the release buildkit in namespace \(first.namespace)"))
            for _ in 1...2 {
                let installed = try await second.install()
                #expect(installed.succeeded, "\(installed)")
                #expect(try first.builder() == builder)
                #expect(
                    try first.text(
                        "\(first.laptop.home)/.docker/buildx/instances/remote-kubernetes-\(second.namespace)")
                        != nil)
            }
            #expect(try await second.install().output.contains("Nothing to change"))
            #expect(try await second.uninstall("--everything").succeeded)
            #expect(try first.builder() == builder)
            try await first.cluster.forget(second.namespace)
        }
    }

    @Test(arguments: [false, true]) func aNodePortAgainChangesNothing(isChosen: Bool) async throws {
        try await Installation.begin { installation in
            let port = try await installation.cluster.freeNodePort()
            try await installation.expectNoChangeAgain(
                with: ["--exposure", "node-port"] + (isChosen ? ["--node-port", "\(port)"] : []))
        }
    }

    /// Its address is in no setting: it is found again.
    @Test func aLoadBalancerAgainChangesNothing() async throws {
        try await Installation.begin { installation in
            try await installation.expectNoChangeAgain(with: ["--exposure", "load-balancer"])
        }
    }
}

extension Installation {
    /// Creates a pod, and a Deployment with one, whose labels are those of the proxies.
    fileprivate func makeStrangersPods() async throws {
        let labels = """
            {"app.kubernetes.io/name": "other", "app.kubernetes.io/instance": "buildkit",
             "app.kubernetes.io/component": "proxy"}
            """
        let spec = #"{"containers": [{"name": "main", "image": "example.com/web:1"}]}"#
        try await cluster.kubectl.require(
            "create", "--namespace", namespace, "--filename", "-",
            input: """
                {"apiVersion": "v1", "kind": "List", "items": [
                 {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a-stranger", "labels": \(labels)},
                  "spec": \(spec)},
                 {"apiVersion": "apps/v1", "kind": "Deployment",
                  "metadata": {"name": "a-stranger", "labels": \(labels)},
                  "spec": {"selector": {"matchLabels": \(labels)},
                   "template": {"metadata": {"labels": \(labels)}, "spec": \(spec)}}}]}
                """)
        try await eventually("the pods of others run") {
            let pods = try await strangersPods()
            return pods.count == 2 && pods.allSatisfy { $0.contains("Running") }
        }
    }

    /// The name, UID, phase and mark of each: one that was annotated or replaced differs.
    fileprivate func strangersPods() async throws -> [String] {
        try await cluster.list("pods", in: namespace).filter {
            $0["metadata"]?["name"]?.string?.hasPrefix("a-stranger") == true
        }.map { pod in
            let metadata = pod["metadata"]
            let mark = metadata?["annotations"]?["buildkit-installer/certificates-changed"]
            return [
                metadata?["name"]?.string, metadata?["uid"]?.string, pod["status"]?["phase"]?.string,
                mark?.string, metadata?["deletionTimestamp"]?.string,
            ].compactMap(\.self).joined(separator: " ")
        }.sorted()
    }

    /// The UIDs of the release's own proxies.
    fileprivate func proxyUIDs() async throws -> [String] {
        try await cluster.list("pods", in: namespace).compactMap { $0["metadata"] }.filter {
            $0["name"]?.string?.hasPrefix("buildkit-proxy-") == true && $0["deletionTimestamp"] == nil
        }.compactMap { $0["uid"]?.string }
    }

    /// Creates a Deployment as Helm would create BuildKit's for another release, and returns its name.
    fileprivate func copyBuilder(as release: String) async throws -> String {
        let name = "\(release)-buildkit-builder"
        let labels = """
            {"app.kubernetes.io/name": "buildkit", "app.kubernetes.io/instance": "\(release)",
             "app.kubernetes.io/component": "builder"}
            """
        try await cluster.kubectl.require(
            "create", "--namespace", namespace, "--filename", "-",
            input: """
                {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "\(name)",
                  "annotations": {"meta.helm.sh/release-name": "\(release)",
                   "meta.helm.sh/release-namespace": "\(namespace)"},
                  "labels": {"app.kubernetes.io/instance": "\(release)", "app.kubernetes.io/managed-by": "Helm",
                   "app.kubernetes.io/component": "builder", "helm.sh/chart": "buildkit-0.1.0"}},
                 "spec": {"selector": {"matchLabels": \(labels)},
                  "template": {"metadata": {"labels": \(labels)}, "spec": {
                   "containers": [{"name": "main", "image": "example.com/web:1"}],
                   "volumes": [{"name": "certificates", "secret": {"secretName": "buildkit-secrets"}}]}}}}
                """)
        return name
    }

    /// Expects a second install with the same flags to change nothing, and an uninstall to find the builder.
    fileprivate func expectNoChangeAgain(with flags: [String]) async throws {
        let command = ["install", "--yes"] + answers + flags
        let first = try await laptop.installer.run(command)
        #expect(first.succeeded, "\(first)")
        let before = try builder()
        #expect(before != nil)
        let again = try await laptop.installer.run(command)
        #expect(again.output.contains("Nothing to change"), "\(again)")
        #expect(try builder() == before)
        #expect(try await revisions() == ["deployed"])
        #expect(try await uninstall("--everything").succeeded)
        #expect(try builder() == nil)
    }
}

extension Cluster {
    /// A port that no Service has: other tests' Services get random ones.
    fileprivate func freeNodePort() async throws -> Int {
        let taken = try await kubectl.require(
            "get", "services", "--all-namespaces", "--output", "jsonpath={.items[*].spec.ports[*].nodePort}"
        ).split(separator: " ").compactMap { Int($0) }
        return try #require((30_000...32_767).filter { !taken.contains($0) }.randomElement())
    }
}
