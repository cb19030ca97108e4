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
