import FoundationEssentials
import MutualTLS

/// Has the kubelets bring changed Secrets to the proxies at once.
struct ProxyNudge {
    private let workshop: Workshop

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// Whoever may not change pods still gets there: the kubelet looks by itself every minute or two.
    /// - Returns: how many proxies there are; nil where they could not be nudged.
    @discardableResult
    func nudge(_ site: Site) async throws -> Int? {
        let time = "\(workshop.world.now().timeIntervalSince1970)"
        let result = try await workshop.world.runner.run(site.kubectl.annotateProxies(of: site, with: time))
        guard result.status == 0 else {
            let said = result.said.map { ": \($0)" } ?? ""
            await workshop.say("The proxies cannot be nudged, so it takes a minute or two\(said)")
            return nil
        }
        return result.output.split(separator: "\n").count
    }
}

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
