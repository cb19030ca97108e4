import LabSupport
import Testing

/// A Secret whose deletion is held by a finalizer: it still exists, and vanishes later.
@Suite struct EndingSecretTests {
    @Test func aSecretThatIsBeingDeletedIsNotBuiltOn() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let secret = "buildkit-envoy-certs"
            let place = ["--namespace", installation.namespace]
            try await installation.hold("secret", secret, true)
            try await installation.cluster.kubectl.require(
                ["delete", "secret", secret, "--wait=false"] + place)
            let words = "Secret \(secret) is being deleted and waits for its finalizer example.com/hold"
            let objects = try await installation.objects().map(\.resourceVersion)
            for verb in [
                ["install"] + installation.answers, ["rotate"] + place, ["client", "add", "bob"] + place,
            ] {
                let refused = try await installation.laptop.installer.run(verb + ["--yes"])
                #expect(refused.status == 69, "\(verb): \(refused)")
                #expect(refused.errors.contains(words), "\(verb): \(refused)")
                #expect(refused.errors.contains("See: docs/troubleshooting.md#DeletionsCheck"), "\(verb)")
            }
            #expect(try await installation.objects().map(\.resourceVersion) == objects)
            let status = try await installation.laptop.installer.run(["status"] + place)
            #expect(status.status == 1)
            #expect(status.output.contains(words), "\(status)")

            try await installation.hold("secret", secret, false)
            try await eventually("the status misses it") {
                try await installation.laptop.installer.run(["status"] + place).output
                    .contains("Secret \(secret) not found")
            }
            let restored = try await installation.install()
            #expect(restored.succeeded, "\(restored)")
            #expect(try await installation.objects().map(\.title).contains("Secret/\(secret)"))
        }
    }
}
