import FoundationEssentials
import LabSupport
import MutualTLS
import Testing

/// An install into an empty namespace.
@Suite struct InstallTests {
    @Test func aRehearsalOnAMachineWithNothingEndsAsTheRunWould() async throws {
        try await withTemporaryFolder { folder in
            let laptop = try Laptop(in: folder, tools: [])
            let outcome = try await laptop.installer.run("install", "--dry-run")
            #expect(outcome.status == 69)
            #expect(outcome.errors.contains("kubectl not found"))
            #expect(outcome.output.isEmpty)
        }
    }

    @Test func anAnswersFileIsAllThatItTakes() async throws {
        try await Installation.begin { installation in
            let answers = "\(installation.folder)/a.json"
            let asked = try await installation.laptop.installer.run(
                ["install", "--dry-run", "--save-answers", answers, "--sans", "builder.example.com,10.1.2.3"]
                    + installation.answers)
            #expect(asked.succeeded, "\(asked)")
            let outcome = try await installation.laptop.installer.run(
                "install", "--answers", answers, "--yes")
            #expect(outcome.succeeded, "\(outcome)")
            #expect(outcome.output.contains("BuildKit is installed."))
            #expect(
                try await installation.objects().map(\.title) == [
                    "ConfigMap/buildkit-builder", "ConfigMap/buildkit-proxy", "Deployment/buildkit-builder",
                    "Deployment/buildkit-proxy", "NetworkPolicy/buildkit-builder",
                    "NetworkPolicy/buildkit-proxy",
                    "Secret/buildkit-envoy-certs", "Secret/buildkit-secrets", "Service/buildkit",
                    "Service/buildkit-builder", "ServiceAccount/buildkit-builder",
                    "ServiceAccount/buildkit-proxy",
                ])
            let labels = try await installation.cluster.json(
                "get", "namespace", installation.namespace, "--output", "json")[
                    "metadata"]?["labels"]
            #expect(labels?["pod-security.kubernetes.io/enforce"] == "privileged")
            #expect(labels?["app.kubernetes.io/managed-by"] == "buildkit-installer")
            // The answers are saved in the same form.
            let again = "\(installation.folder)/b.json"
            _ = try await installation.laptop.installer.run(
                "install", "--answers", answers, "--dry-run", "--save-answers", again)
            #expect(try installation.text(again) == installation.text(answers))
        }
    }

    @Test func everyObjectSaysWhoseItIs() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            for object in try await installation.objects() {
                let owner = object.content["metadata"]?["labels"]?["app.kubernetes.io/managed-by"]?.string
                #expect(owner == (object.kind == "Secret" ? "buildkit-installer" : "Helm"), "\(object.title)")
            }
        }
    }

    /// A RUN step of a build could read the files that BuildKit's pod mounts.
    @Test func buildKitsPodMountsNoKeyOfAClient() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let pods = try await installation.cluster.list("pods", in: installation.namespace)
            let builder = try #require(
                pods.first { $0["metadata"]?["name"]?.string?.contains("builder") == true })
            let mounted = (builder["spec"]?["volumes"]?.array ?? []).compactMap { $0["secret"] }
            let keys = mounted.flatMap { $0["items"]?.array ?? [] }.compactMap { $0["key"]?.string }.sorted()
            #expect(keys == ["ca.crt", "server.crt", "server.key"])
            #expect(mounted.allSatisfy { $0["secretName"] == "buildkit-secrets" && $0["items"] != nil })
        }
    }

    @Test func theBuilderIsRegisteredAndTheFilesAreTheUsersAlone() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install("--platforms", "linux/amd64,linux/arm64").succeeded)
            let list = try await installation.laptop.docker.require("buildx", "ls")
            #expect(list.contains("remote-kubernetes*"), "\(list)")
            let builder = try #require(try installation.builder())
            #expect(builder.contains(#""Endpoint":"tcp://localhost:1234""#))
            #expect(builder.contains(installation.path(of: "certs/client/key.pem")))
            #expect(builder.contains(#""architecture":"arm64""#))
            let own = try installation.files().filter { $0.path.contains("buildkit-installer") }
            for file in own where file.isFolder || file.path.hasSuffix("key.pem") {
                #expect(file.mode & 0o077 == 0, "\(file)")
            }
            #expect(own.filter { $0.path.hasSuffix("key.pem") }.count == 5)
        }
    }

    /// A later install keeps the values of the release, and so its names.
    @Test func theObjectsHaveTheNamesOfTheValuesFile() async throws {
        try await Installation.begin { installation in
            let values = "\(installation.folder)/values.yaml"
            try Data("fullnameOverride: shared\n".utf8).write(to: URL(filePath: values))
            let outcome = try await installation.install("--values", values)
            #expect(outcome.succeeded, "\(outcome)")
            #expect(outcome.output.contains("port-forward service/shared 1234:1234"), "\(outcome)")
            #expect(try await installation.objects().map(\.title).contains("Service/shared"))
            let text = try installation.text(installation.path(of: "certs/daemon/cert.pem"))
            let certificate = try CertificateSummary(pem: try #require(text))
            #expect("\(certificate.names[0])" == "shared.\(installation.namespace).svc")
            let again = try await installation.install()
            #expect(again.succeeded, "\(again)")
            #expect(again.output.contains("Nothing to change."), "\(again)")
        }
    }

    @Test func aVolumeKeepsTheCache() async throws {
        try await Installation.begin { installation in
            try await installation.cluster.makeVolume(for: installation.namespace)
            let outcome = try await installation.install("--cache", "1Gi", "--storage-class", "by-hand")
            #expect(outcome.succeeded, "\(outcome)")
            #expect(
                try await installation.objects().map(\.title).contains("PersistentVolumeClaim/buildkit-cache")
            )
        }
    }
}
