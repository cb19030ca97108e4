import FoundationEssentials
@testable import Installer
import Testing

@Suite struct ClusterWatchTests {
    @Test func withoutAConnectionItReadsAtIntervals() async throws {
        let dependencies = Dependencies.test(ReplayRunner([]))
        let look = Plan.installation.kubectl.look("get", "pods", "--output", "json")
        let end = dependencies.now().addingTimeInterval(60)
        let waited = try await ClusterWatch.during(look, in: dependencies) { changes in
            let start = dependencies.now()
            try await changes.pause(.milliseconds(500), until: end)
            try await changes.pause(.seconds(3), until: end)
            return dependencies.now().timeIntervalSince(start)
        }
        #expect(waited == 3.5)
    }
}
