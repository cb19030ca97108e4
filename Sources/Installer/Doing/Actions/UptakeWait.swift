import FoundationEssentials
import MutualTLS

/// Waits until the proxies have taken up new certificates.
struct UptakeWait {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    func wait(for uptake: Uptake) async throws {
        let wanted = try CertificateSummary(
            pem: String(decoding: Data(ofFile: uptake.certificate), as: UTF8.self))
        let proxies = try await ProxyNudge(workshop).nudge(uptake.site)
        try await Knocking(
            workshop: workshop, registration: uptake.registration, tunnel: uptake.tunnel,
            timeout: uptake.timeout
        ).wait(
            for: Knocking.Expectation(
                isMet: { wanted.isShown(by: $0) },
                words: { target, _ in "\(target.endpoint) serves \(wanted.shortSerial)" },
                failure: { uptake.failure($0, wanted, $1) }),
            from: proxies ?? 1)
    }
}

extension CertificateSummary {
    fileprivate func isShown(by seen: ProbeResult) -> Bool {
        guard case .answered(let endpoint) = seen else { return false }
        return endpoint.certificate?.fingerprint == fingerprint
    }
}

extension Uptake {
    fileprivate func failure(
        _ target: Target, _ wanted: CertificateSummary, _ seen: ProbeResult
    ) -> Failure {
        let proxies = Labels.pods(of: site, "proxy")
        let logs = site.kubectl("logs", "--selector", proxies, "--since", "10m")
        let restart = site.kubectl("rollout", "restart", "deployment", "--selector", proxies)
        let served = seen.endpoint?.certificate.map { " It shows \($0.shortSerial)." } ?? ""
        return Failure(
            "\(target.endpoint) has not taken up the new certificates (\(wanted.shortSerial))",
            detail: seen.sentence + served,
            hint: "See what the proxy says: \(logs), or start it anew, which waits for its builds: \(restart)"
        )
    }
}
