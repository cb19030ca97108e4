import FoundationEssentials
import MutualTLS

/// Dials as buildx does, with a client's own files, until the answer that is waited for comes: proven by what is seen,
/// never by the time that has passed.
struct Knocking {
    private static let interval = Duration.milliseconds(100)

    let workshop: Workshop
    let registration: Registration
    /// The Service to forward a port from meanwhile; nil: the endpoint is reached directly.
    let tunnel: ServiceName?
    /// How long the answer may take, in seconds.
    let timeout: Int

    /// What to make of the answers.
    struct Expectation: Sendable {
        var isMet: @Sendable (ProbeResult) -> Bool
        /// What to say once it is.
        var words: @Sendable (Target, ProbeResult) -> String
        /// What went wrong where it was not met in time.
        var failure: @Sendable (Target, ProbeResult) -> Failure
    }

    /// - Parameter proxies: how many there are; each connection may meet another one.
    func wait(for expectation: Expectation, from proxies: Int) async throws {
        guard let tunnel else { return try await knock(expectation, proxies) }
        try await Tunnel(workshop, to: tunnel).use { try await knock(expectation, proxies) }
    }

    private func knock(_ expectation: Expectation, _ proxies: Int) async throws {
        let target = try await Target(of: registration, in: workshop)
        let end = workshop.world.now().addingTimeInterval(Double(timeout))
        // By so many connections in a row, a proxy that lags behind would have been met.
        let needed = proxies > 1 ? 8 * proxies : 1
        var count = 0
        while true {
            let seen = await dial(target)
            count = expectation.isMet(seen) ? count + 1 : 0
            if count == needed { return await workshop.say(expectation.words(target, seen)) }
            guard workshop.world.now() < end else { throw expectation.failure(target, seen) }
            if count == 0 { try await workshop.world.pause(Self.interval) }
        }
    }

    private func dial(_ target: Target) async -> ProbeResult {
        let folder = registration.folder
        return await Probe.connect(
            host: target.endpoint.host, port: target.endpoint.port, serverName: target.servername,
            trust: .file("\(folder)/ca.pem"),
            identity: ProbeIdentity(
                certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem")))
    }
}
