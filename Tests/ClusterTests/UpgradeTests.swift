import FoundationEssentials
import Installer
import LabSupport
import Testing

/// An install on a release that others have changed: it keeps their values, and requires consent before it takes
/// anything over.
@Suite struct UpgradeTests {
    @Test func valuesThatOthersHaveSetStayAndOwnOnesGoBack() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install("--memory", "1Gi").succeeded)
            try await installation.helm(
                values: #"{"builder": {"podLabels": {"team": "blue"}, "startup": "5m"}}"#, "--reuse-values")
            let change = try await installation.install("--port", "2345", "--output", "json")
            #expect(change.succeeded, "\(change)")
            let plan = try #require(try change.reports().first { $0["type"] == "plan" })
            #expect(
                plan["changes"]?.array.compactMap { $0["id"]?.string } == [
                    "builder.resources.limits.memory", "builder.resources.requests.memory",
                    "proxy.service.port",
                    "builder remote-kubernetes",
                ])
            #expect(
                plan["notes"]?.array.compactMap(\.string).contains(
                    "Release values set outside buildkit-installer are kept: builder.podLabels.team and "
                        + "builder.startup.") == true, "\(plan)")
            let pod = try await installation.builderPod()
            #expect(pod["metadata"]?["labels"]?["team"] == "blue")
            // The chart's default, as if no other value had been requested.
            #expect(pod["spec"]?["containers"]?[0]?["resources"]?["requests"]?["memory"] == "2Gi")
            #expect(try await installation.install("--port", "2345").output.contains("Nothing to change"))
        }
    }

    @Test func fieldsThatOthersHaveSetAreTakenOverByConsent() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            try await installation.cluster.kubectl.require(
                "set", "image", "deployment/buildkit-builder", "*=example.com/theirs:1", "--namespace",
                installation.namespace)
            let refused = try await installation.install("--image", "example.com/ours:2")
            #expect(refused.status == 1, "\(refused)")
            #expect(
                refused.errors.contains("Fields of the release buildkit are owned by 'kubectl-set'"),
                "\(refused)")
            #expect(refused.errors.contains("--take-over"))
            #expect(try await installation.image() == "example.com/theirs:1")

            let taken = try await installation.install("--image", "example.com/ours:2", "--take-over")
            #expect(taken.succeeded, "\(taken)")
            #expect(try await installation.image().hasPrefix("example.com/ours:2"))
        }
    }

    @Test func anInstallationMadeByHandIsAdopted() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let certs = "\(installation.folder)/certs"
                try await installation.makeSecretsByHand(from: certs)
                try await installation.helm(values: #"{"builder": {"cache": {"enabled": false}}}"#)
                let secrets = try await installation.objects().filter {
                    $0.title.hasPrefix("Secret/buildkit")
                }

                let strangers = try await installation.install()
                #expect(strangers.status == 69, "\(strangers)")
                #expect(
                    strangers.errors.contains("contain no client certificate for docker buildx"),
                    "\(strangers)")

                try await installation.laptop.docker.require(
                    "buildx", "create", "--name", "remote-kubernetes", "--driver", "remote", "--driver-opt",
                    "cacert=\(certs)/client/ca.pem,cert=\(certs)/client/cert.pem,key=\(certs)/client/key.pem",
                    "tcp://localhost:1234", "--use")
                let builder = try installation.builder()
                let adopted = try await installation.install("--output", "json")
                #expect(adopted.succeeded, "\(adopted)")
                #expect(try adopted.plannedSteps() == ["chart", "release"])
                #expect(try installation.builder() == builder)
                #expect(
                    try await installation.objects().filter { $0.title.hasPrefix("Secret/buildkit") }
                        == secrets)
                #expect(try await installation.install().output.contains("Nothing to change"))

                let replaced = try await installation.install("--take-over", "--output", "json")
                #expect(replaced.succeeded, "\(replaced)")
                #expect(
                    try replaced.plannedSteps().filter { $0.contains("secret") } == [
                        "envoy-secret", "buildkit-secret",
                    ])
            }
        }
    }
}

extension Installation {
    /// Installs or upgrades with only Helm and the chart.
    fileprivate func helm(values: String, _ more: String...) async throws {
        let chart = "\(folder)/chart-of-theirs"
        if !FileManager.default.fileExists(atPath: chart) {
            try await laptop.installer.require("chart", chart)
        }
        try await Program(.helm, environment: ["KUBECONFIG": cluster.kubeconfig]).require(
            ["upgrade", "buildkit", chart, "--install", "--namespace", namespace, "--wait", "--values", "-"]
                + more, input: values)
    }

    /// The template of BuildKit's pod.
    fileprivate func builderPod() async throws -> JSONValue {
        let builder = try await cluster.json(
            "get", "deployment", "buildkit-builder", "--namespace", namespace, "--output", "json")
        return builder["spec"]?["template"] ?? .null
    }

    fileprivate func image() async throws -> String {
        try await builderPod()["spec"]?["containers"]?[0]?["image"]?.string ?? ""
    }
}
