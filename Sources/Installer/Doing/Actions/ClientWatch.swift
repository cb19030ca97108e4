import MutualTLS

/// Watches until the proxy lets a client in, or refuses it.
struct ClientWatch {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func watch(_ look: ClientLook) async throws {
        let proxies = look.isChange ? try await ProxyNudge(workshop).nudge(look.site) : nil
        try await Knocking(
            workshop: workshop, registration: look.registration, tunnel: look.tunnel, timeout: look.timeout
        ).wait(
            for: Knocking.Expectation(
                isMet: look.isAnswered, words: { $1.sentence }, failure: look.failure),
            from: proxies ?? 1)
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

    fileprivate func failure(_ target: Target, _ seen: ProbeResult) -> Failure {
        let logs = site.kubectl("logs", "--selector", Labels.pods(of: site, "proxy"), "--since", "10m")
        return Failure(
            "\(client) is \(isRefused ? "not refused" : "not let in") at \(target.endpoint)",
            detail: seen.sentence,
            hint: "See what the proxy says: \(logs). Where it cannot be reached from here: --prove no")
    }
}
