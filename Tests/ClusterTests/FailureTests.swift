import LabSupport
import Testing

/// Pods that never become ready: the run fails in time, and its changes are rolled back or kept.
@Suite struct FailureTests {
    /// Long enough for the cluster to say why.
    private let unready = ["--image", "example.com/unready:1", "--timeout", "12"]

    @Test func everythingIsTakenBack() async throws {
        try await Installation.begin { installation in
            try await installation.cluster.makeVolume(for: installation.namespace)
            let before = try installation.files()
            let outcome = try await installation.laptop.installer.run(
                ["install", "--yes"] + installation.answers + unready + [
                    "--cache", "1Gi", "--storage-class", "by-hand",
                ])
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("The image of the BuildKit pod cannot be pulled"), "\(outcome)")
            #expect(outcome.errors.contains("ImagePullBackOff"))
            #expect(outcome.errors.contains("Try again with another --image:"))
            #expect(outcome.errors.contains("Changes rolled back."))
            #expect(try await !installation.cluster.has(installation.namespace))
            #expect(try installation.files().filter { !$0.isFolder } == before.filter { !$0.isFolder })
        }
    }

    @Test func whatAProbeSaidIsTold() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.laptop.installer.run(
                ["install", "--yes"] + installation.answers + [
                    "--image", "example.com/unready-probed:1", "--timeout", "12",
                ])
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("Readiness probe failed: it is amiss."),
                "\(outcome)")
        }
    }

    @Test func aNamespaceThatWasThereStaysAndIsEmptyAgain() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                try await installation.cluster.makeVolume(for: installation.namespace)
                let outcome = try await installation.laptop.installer.run(
                    ["install", "--yes"] + installation.answers + unready
                        + ["--cache", "1Gi", "--storage-class", "by-hand"])
                #expect(outcome.status == 1)
                #expect(try await installation.cluster.has(installation.namespace))
                try await eventually("the namespace is empty") { try await installation.objects().isEmpty }
            }
        }
    }

    @Test func whatWasKeptIsGoneOnFrom() async throws {
        try await Installation.begin { installation in
            let failed = try await installation.laptop.installer.run(
                ["install", "--yes"] + installation.answers + unready + ["--keep-on-failure"])
            #expect(failed.status == 1)
            #expect(failed.errors.contains("Changes kept."), "\(failed)")
            #expect(try await installation.objects().map(\.title).contains("Deployment/buildkit-builder"))
            let certificates = try installation.files().filter { $0.path.contains("/certs/") }
            let next = try await installation.install("--output", "json")
            #expect(next.succeeded, "\(next)")
            #expect(try next.plannedSteps() == ["chart", "release", "builder"])
            #expect(try installation.files().filter { $0.path.contains("/certs/") } == certificates)
        }
    }
}
