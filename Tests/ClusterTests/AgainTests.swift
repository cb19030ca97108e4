import LabSupport
import Testing

/// What a second install does: nothing, or what is asked for and no more.
@Suite struct AgainTests {
    @Test func theSameInstallAgainChangesNothing() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let (objects, files) = (try await site.objects(), try site.files())
            let again = try await site.install()
            #expect(again.succeeded)
            #expect(
                again.output.contains("Nothing to change: release buildkit in namespace \(site.namespace)"))
            #expect(again.output.contains("Nothing had to be changed."))
            let after = try await site.objects()
            #expect(after.map(\.title) == objects.map(\.title))
            #expect(after.map(\.resourceVersion) == objects.map(\.resourceVersion))
            #expect(try site.files() == files)
            #expect(try await site.revisions() == ["deployed"])
        }
    }

    @Test func anotherPortTakesTheReleaseAndTheBuilderAlone() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let certificates = try site.files().filter { $0.path.contains("/certs/") }
            let change = try await site.install("--port", "2345", "--output", "json")
            #expect(change.succeeded)
            #expect(try change.plannedSteps() == ["chart", "release", "builder"])
            #expect(try change.result()["outcome"] == "changed")
            let service = try await site.objects().first { $0.title == "Service/buildkit" }
            #expect(service?.content["spec"]?["ports"]?[0]?["port"] == 2345)
            #expect(try site.builder()?.contains("tcp://localhost:2345") == true)
            #expect(try site.files().filter { $0.path.contains("/certs/") } == certificates)
        }
    }

    @Test func anotherImageAndAVolumeTakeTheReleaseAlone() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let builder = try site.builder()
            let image = try await site.install("--image", "example.com/buildkit:v1", "--output", "json")
            #expect(try image.plannedSteps() == ["chart", "release"])
            try await site.cluster.makeVolume(for: site.namespace)
            let more = ["--image", "example.com/buildkit:v1", "--storage-class", "by-hand"]
            let volume = try await site.laptop.installer.run(
                ["install", "--yes"] + site.answers + more + ["--cache", "1Gi", "--output", "json"])
            #expect(try volume.plannedSteps() == ["chart", "release"])
            #expect(try volume.result()["outcome"] == "changed", "\(volume)")
            #expect(try await site.objects().map(\.title).contains("PersistentVolumeClaim/buildkit-cache"))
            #expect(try site.builder() == builder)
        }
    }

    @Test func aVolumeThatAFailedUpgradeBroughtGoesAgain() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let objects = try await site.objects()
            try await site.cluster.makeVolume(for: site.namespace)
            let change = try await site.laptop.installer.run(
                ["install", "--yes"] + site.answers
                    + ["--cache", "1Gi", "--storage-class", "by-hand", "--timeout", "4"]
                    + ["--image", "example.com/unready:1"])
            #expect(change.status == 1)
            try await eventually("the volume's claim is gone") { try await site.objects() == objects }
        }
    }

    @Test func anUpgradeThatFailsLeavesThingsAsTheyWere() async throws {
        try await Installation.begin { site in
            #expect(try await site.install().succeeded)
            let (objects, files) = (try await site.objects(), try site.files())
            let change = try await site.install(
                "--port", "2345", "--image", "example.com/unready:1", "--timeout", "4")
            #expect(change.status == 1)
            #expect(change.errors.contains("ImagePullBackOff"), "\(change)")
            #expect(change.errors.contains("What it had done was taken back."))
            #expect(try await site.objects() == objects)
            #expect(
                try site.files().filter { !$0.path.contains("/chart") }
                    == files.filter { !$0.path.contains("/chart") })
            #expect(try await site.revisions().last == "deployed")
            #expect(try await site.install().output.contains("Nothing to change"))
        }
    }
}
