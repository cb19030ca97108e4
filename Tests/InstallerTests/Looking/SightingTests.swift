import FoundationEssentials
import Testing

@testable import Installer

@Suite struct SightingTests {
    private func sightings(_ log: String) async throws -> [String: Sighting] {
        try Query.sightings(Plan.site).read([CommandResult(status: 0, output: log)]).found
    }

    @Test func onlyRequestsCountForTheirIdentityIsVerified() async throws {
        let log = """
            [2026-11-22 20:00:00.000][1][warning] something of Envoy's own
            {"time":"2026-11-22T20:00:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"AB01","method":"/moby.buildkit.v1.Control/ListWorkers"}
            {"time":"2026-11-22T21:00:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"ab02","method":"/moby.buildkit.v1.Control/Solve"}
            {"time":"2026-11-22T20:30:00.000Z","peer_uri":"spiffe://buildkit/client/bob","peer_serial":"ab01","method":"/moby.buildkit.v1.Control/Solve"}
            {"time":"2026-11-22T22:00:00.000Z","peer_uri":"spiffe://buildkit/client/eve","tls_error":"CERTIFICATE_VERIFY_FAILED","conn_closed":7}
            {"time":"2026-11-22T22:00:00.000Z","peer_uri":null,"peer_serial":"ab03","method":"/x"}
            """
        let sightings = try await sightings(log)
        #expect(sightings.keys.sorted() == ["bob"])
        #expect(sightings["bob"]?.serial == "ab02")
    }
}

extension Query.Answer {
    fileprivate var found: Value {
        get throws {
            guard case .found(let value) = self else { throw Failure("more was asked") }
            return value
        }
    }
}
