import FoundationEssentials
import MutualTLS

/// Waits until the proxies have taken up new certificates: proven by what the endpoint shows, never by the time that
/// has passed.
struct UptakeWait {
    private static let interval = Duration.milliseconds(100)

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func wait(for uptake: Uptake) async throws {
        let wanted = try Self.certificate(in: uptake.certificate)
        let proxies = try await ProxyNudge(workshop).nudge(uptake.site) ?? 1
        guard let service = uptake.tunnel else { return try await watch(uptake, wanted, proxies) }
        try await Tunnel(workshop, to: service).use { try await watch(uptake, wanted, proxies) }
    }

    private func watch(_ uptake: Uptake, _ wanted: CertificateSummary, _ proxies: Int) async throws {
        let target = try await Target(of: uptake.registration, in: workshop)
        let folder = uptake.registration.folder
        let end = workshop.world.now().addingTimeInterval(Double(uptake.timeout))
        // Each connection may meet another proxy: by so many in a row, one that lags behind would have been met.
        let needed = proxies > 1 ? 8 * proxies : 1
        var served = 0
        while true {
            let seen = await Probe.connect(
                host: target.endpoint.host, port: target.endpoint.port, serverName: target.servername,
                trust: .file("\(folder)/ca.pem"),
                identity: ProbeIdentity(
                    certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem")))
            served = Self.shows(wanted, seen) ? served + 1 : 0
            if served == needed {
                return await workshop.say("\(target.endpoint) serves \(wanted.shortSerial)")
            }
            guard workshop.world.now() < end else { throw failure(uptake.site, target, wanted, seen) }
            if served == 0 { try await workshop.world.pause(Self.interval) }
        }
    }

    private static func shows(_ wanted: CertificateSummary, _ seen: ProbeResult) -> Bool {
        guard case .answered(let endpoint) = seen else { return false }
        return endpoint.certificate?.fingerprint == wanted.fingerprint
    }

    private func failure(
        _ site: Site, _ target: Target, _ wanted: CertificateSummary, _ seen: ProbeResult
    ) -> Failure {
        let logs = site.kubectl("logs", "--selector", Labels.pods(of: site, "proxy"), "--since", "10m")
        let served = seen.endpoint?.certificate.map { " It shows \($0.shortSerial)." } ?? ""
        return Failure(
            "\(target.endpoint) has not taken up the new certificates (\(wanted.shortSerial))",
            detail: seen.sentence + served,
            hint: "See what the proxy says: \(logs), or start it anew, which waits for its builds: "
                + "\(site.kubectl("rollout", "restart", "deployment", "--selector", Labels.pods(of: site, "proxy")))"
        )
    }

    private static func certificate(in path: String) throws -> CertificateSummary {
        try CertificateSummary(pem: String(decoding: Data(ofFile: path), as: UTF8.self))
    }
}
