import FoundationEssentials
import MutualTLS

/// Knocks with a client's own files until the proxy lets it in, or refuses it.
struct ClientWatch {
    private static let interval = Duration.milliseconds(100)

    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func watch(_ look: ClientLook) async throws {
        let proxies = look.isChange ? try await ProxyNudge(workshop).nudge(look.site) ?? 1 : 1
        guard let service = look.tunnel else { return try await knock(look, proxies) }
        try await Tunnel(workshop, to: service).use { try await knock(look, proxies) }
    }

    private func knock(_ look: ClientLook, _ proxies: Int) async throws {
        let target = try await Target(of: look.registration, in: workshop)
        let folder = look.registration.folder
        let end = workshop.world.now().addingTimeInterval(Double(look.timeout))
        // Each connection may meet another proxy: by so many in a row, one that lags behind would have been met.
        let needed = proxies > 1 ? 8 * proxies : 1
        var count = 0
        while true {
            let seen = await Probe.connect(
                host: target.endpoint.host, port: target.endpoint.port, serverName: target.servername,
                trust: .file("\(folder)/ca.pem"),
                identity: ProbeIdentity(
                    certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem")))
            count = look.isAnswered(by: seen) ? count + 1 : 0
            if count == needed { return await workshop.say(seen.sentence) }
            guard workshop.world.now() < end else { throw failure(look, target, seen) }
            if count == 0 { try await workshop.world.pause(Self.interval) }
        }
    }

    private func failure(_ look: ClientLook, _ target: Target, _ seen: ProbeResult) -> Failure {
        let logs = look.site.kubectl(
            "logs", "--selector", Labels.pods(of: look.site, "proxy"), "--since", "10m")
        return Failure(
            "\(look.client) is \(look.isRefused ? "not refused" : "not let in") at \(target.endpoint)",
            detail: seen.sentence,
            hint: "See what the proxy says: \(logs). Where it cannot be reached from here: --prove no")
    }
}

extension ClientLook {
    fileprivate func isAnswered(by result: ProbeResult) -> Bool {
        switch result {
        case .answered: !isRefused
        case .clientCertificateRefused, .clientCertificateRequired: isRefused
        default: false
        }
    }
}
