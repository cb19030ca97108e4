import LabSupport
import Testing

/// Two installations of one machine, each in a namespace of its own; the second one, whose builder is `bb`, uses the
/// first one's own certificate folder.
func withTwo(_ body: (Installation, Installation) async throws -> Void) async throws {
    try await Installation.begin { first in
        let second = Installation(
            folder: first.folder, namespace: "\(first.namespace)-b", laptop: first.laptop,
            cluster: first.cluster)
        do {
            let one = try await first.install(
                "--sans", "a.test,b.test", "--endpoint", "a.test:1", "--servername", "a.test")
            #expect(one.succeeded, "\(one)")
            let two = try await second.installAsTheSecond(beside: first)
            #expect(two.succeeded, "\(two)")
            try await body(first, second)
        } catch {
            try await first.cluster.forget(second.namespace)
            throw error
        }
        try await first.cluster.forget(second.namespace)
    }
}

extension Installation {
    func installAsTheSecond(beside first: Installation) async throws -> Outcome {
        try await install(
            "--sans", "a.test,b.test", "--endpoint", "b.test:1", "--servername", "b.test", "--builder", "bb",
            "--certs", first.path(of: "certs"))
    }
}
