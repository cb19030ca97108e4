import LabSupport
import Testing

/// A second install: it changes nothing, or only what was requested.
@Suite struct AgainTests {
    @Test func theSameInstallAgainChangesNothing() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let (objects, files) = (try await installation.objects(), try installation.files())
            let again = try await installation.install()
            #expect(again.succeeded)
            #expect(
                again.output.contains(
                    "Nothing to change: release buildkit in namespace \(installation.namespace)"))
            #expect(again.output.contains("Nothing to change."))
            let after = try await installation.objects()
            #expect(after.map(\.title) == objects.map(\.title))
            #expect(after.map(\.resourceVersion) == objects.map(\.resourceVersion))
            #expect(try installation.files() == files)
            #expect(try await installation.revisions() == ["deployed"])
        }
    }

    @Test func anotherPortTakesTheReleaseAndTheBuilderAlone() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let certificates = try installation.files().filter { $0.path.contains("/certs/") }
            let change = try await installation.install("--port", "2345", "--output", "json")
            #expect(change.succeeded)
            #expect(try change.plannedSteps() == ["chart", "release", "builder"])
            #expect(try change.result()["outcome"] == "changed")
            let service = try await installation.objects().first { $0.title == "Service/buildkit" }
            #expect(service?.content["spec"]?["ports"]?[0]?["port"] == 2345)
            #expect(try installation.builder()?.contains("tcp://localhost:2345") == true)
            #expect(try installation.files().filter { $0.path.contains("/certs/") } == certificates)
        }
    }

    @Test func anotherImageAndAVolumeTakeTheReleaseAlone() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let builder = try installation.builder()
            let image = try await installation.install(
                "--image", "example.com/buildkit:v1", "--output", "json")
            #expect(try image.plannedSteps() == ["chart", "release"])
            try await installation.cluster.makeVolume(for: installation.namespace)
            let more = ["--image", "example.com/buildkit:v1", "--storage-class", "by-hand"]
            let volume = try await installation.laptop.installer.run(
                ["install", "--yes"] + installation.answers + more + ["--cache", "1Gi", "--output", "json"])
            #expect(try volume.plannedSteps() == ["chart", "release"])
            #expect(try volume.result()["outcome"] == "changed", "\(volume)")
            #expect(
                try await installation.objects().map(\.title).contains("PersistentVolumeClaim/buildkit-cache")
            )
            #expect(try installation.builder() == builder)
        }
    }

    @Test func aVolumeThatAFailedUpgradeBroughtGoesAgain() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let objects = try await installation.objects()
            try await installation.cluster.makeVolume(for: installation.namespace)
            let change = try await installation.laptop.installer.run(
                ["install", "--yes"] + installation.answers
                    + ["--cache", "1Gi", "--storage-class", "by-hand", "--timeout", "12"]
                    + ["--image", "example.com/unready:1"])
            #expect(change.status == 1)
            try await eventually("the volume's claim is gone") { try await installation.objects() == objects }
        }
    }

    /// Helm would wait for its pods until the time limit.
    @Test(arguments: ["buildkit-proxy", "buildkit-builder"])
    func aPausedRolloutIsReportedBeforeTheUpgrade(_ deployment: String) async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            func rollout(_ verb: String) async throws {
                try await installation.cluster.kubectl.require(
                    "rollout", verb, "deployment/\(deployment)", "--namespace", installation.namespace)
            }
            try await rollout("pause")
            #expect(try await installation.install().output.contains("Nothing to change"))
            let refused = try await installation.install("--memory", "3Gi")
            #expect(refused.status == 69, "\(refused)")
            #expect(
                refused.errors.contains(
                    "The rollout of deployment/\(deployment) is paused: an upgrade would not replace its pods"
                ),
                "\(refused)")
            #expect(
                refused.errors.contains(
                    "kubectl rollout resume deployment/\(deployment) --namespace \(installation.namespace)"))
            #expect(refused.errors.hasSuffix("No changes were made.\n"))
            #expect(try await installation.revisions() == ["deployed"])
            let status = try await installation.laptop.installer.run(
                "status", "--namespace", installation.namespace)
            #expect(
                status.output.contains(
                    "The rollout of deployment/\(deployment) is paused: its pods are not replaced when the settings change."
                ),
                "\(status)")

            try await rollout("resume")
            let upgraded = try await installation.install("--memory", "3Gi")
            #expect(upgraded.succeeded, "\(upgraded)")

            // What waits for no rollout is not refused.
            try await rollout("pause")
            let removed = try await installation.uninstall()
            #expect(removed.succeeded, "\(removed)")
        }
    }

    @Test func anUpgradeThatFailsLeavesThingsAsTheyWere() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let (objects, files) = (try await installation.objects(), try installation.files())
            let change = try await installation.install(
                "--port", "2345", "--image", "example.com/unready:1", "--timeout", "12")
            #expect(change.status == 1)
            #expect(change.errors.contains("ImagePullBackOff"), "\(change)")
            #expect(change.errors.contains("Changes rolled back."))
            #expect(try await installation.objects() == objects)
            #expect(
                try installation.files().filter { !$0.path.contains("/chart") }
                    == files.filter { !$0.path.contains("/chart") })
            #expect(try await installation.revisions().last == "deployed")
            #expect(try await installation.install().output.contains("Nothing to change"))
        }
    }
}
