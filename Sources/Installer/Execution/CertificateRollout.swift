import FoundationEssentials
import MutualTLS

/// Makes the kubelets update changed Secrets in the proxies at once.
struct ProxyRefresher {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// Without permission to change pods the update only takes longer: the kubelet checks every minute or two.
    /// - Returns: the number of proxies; nil where they could not be annotated.
    @discardableResult
    func nudge(_ installation: InstallationID) async throws -> Int? {
        let runner = context.dependencies.runner
        let time = "\(context.dependencies.now().timeIntervalSince1970)"
        var said: String?
        // A pod may end after it was listed: the second list lacks it.
        for _ in 1...2 {
            let proxies: [String]
            do {
                proxies = try await Query.pods(of: installation, "proxy").value(from: runner)
                    .knownPods(of: installation, "proxy").map(\.name)
            } catch let failure as InstallerError {
                return await tellDelay(failure.detail ?? failure.message)
            }
            guard !proxies.isEmpty else { return 0 }
            let result = try await runner.run(installation.kubectl.annotate(pods: proxies, with: time))
            guard result.status != 0 else { return proxies.count }
            said = result.said
            guard result.errors.contains("(NotFound)") else { break }
        }
        return await tellDelay(said)
    }

    private func tellDelay(_ said: String?) async -> Int? {
        await context.say(
            "Cannot annotate the proxy pods; the kubelet refreshes the Secret within about two minutes"
                + (said.map { ": \($0)" } ?? ""))
        return nil
    }
}

/// Restarts the pods of a Deployment.
struct DeploymentRestarter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// That of another release may have been deleted since the plan was made: no pod has the former certificates then, which
    /// is no reason to restore them.
    func restart(_ deployment: String, of installation: InstallationID) async throws {
        let isOther = installation != context.plan.installation
        do {
            try await context.run(installation.kubectl.restart(deployment: deployment))
        } catch let failure as InstallerError
            where isOther && failure.detail?.contains("(NotFound)") == true
        {
            await context.say("The Deployment \(deployment) no longer exists")
        }
    }
}

/// Connects as buildx does, with a client's own files, until the expected result: proven by observation, never by
/// elapsed time.
struct ConnectionPoller {
    private static let interval = Duration.milliseconds(100)

    let context: ActionContext
    let registration: BuilderRegistration
    /// The Service whose port is forwarded meanwhile; nil: the endpoint is reached directly.
    let tunnel: ServiceName?
    /// The timeout, in seconds.
    let timeout: Int

    /// The expected result.
    struct Expectation: Sendable {
        var isMet: @Sendable (ProbeResult) -> Bool
        /// The message when it is met.
        var words: @Sendable (DialTarget, ProbeResult) -> String
        /// The error when it was not met in time.
        var failure: @Sendable (DialTarget, ProbeResult) -> InstallerError
    }

    /// - Parameter proxies: the number of proxies; each connection may reach another one.
    func wait(for expectation: Expectation, from proxies: Int) async throws {
        guard let tunnel else { return try await knock(expectation, proxies) }
        try await Tunnel(context, to: tunnel).use { try await knock(expectation, proxies) }
    }

    private func knock(_ expectation: Expectation, _ proxies: Int) async throws {
        let target = try await DialTarget(of: registration, in: context)
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        var pods = PodsBeside(context, of: "proxy")
        // This number of consecutive connections would have reached a proxy that lags behind.
        let needed = proxies > 1 ? 8 * proxies : 1
        var count = 0
        while true {
            let seen = await dial(target)
            count = expectation.isMet(seen) ? count + 1 : 0
            if count == needed { return await context.say(expectation.words(target, seen)) }
            guard context.dependencies.now() < end else { throw expectation.failure(target, seen) }
            // A proxy that answers will reload; where none does, its pods may show that waiting cannot help.
            if seen.isSilence { try await pods.look(needsAll: false) }
            if count == 0 { try await context.dependencies.pause(Self.interval) }
        }
    }

    private func dial(_ target: DialTarget) async -> ProbeResult {
        let folder = registration.folder
        return await Probe.connect(
            host: target.endpoint.host, port: target.endpoint.port, serverName: target.servername,
            trust: .file("\(folder)/ca.pem"),
            identity: ProbeIdentity(
                certificate: .file("\(folder)/cert.pem"), key: .file("\(folder)/key.pem")))
    }
}

extension ProbeResult {
    /// Whether nothing at the endpoint speaks TLS with this machine.
    fileprivate var isSilence: Bool {
        switch self {
        case .refused, .unreachable, .timedOut, .closed: true
        default: false
        }
    }
}

/// Waits until the proxies use new certificates.
struct RolloutWaiter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func wait(for rollout: CertificateRollout) async throws {
        let wanted = try CertificateSummary(
            pem: String(decoding: Data(ofFile: rollout.certificate), as: UTF8.self))
        let proxies = try await ProxyRefresher(context).nudge(rollout.installation)
        try await ConnectionPoller(
            context: context, registration: rollout.registration, tunnel: rollout.tunnel,
            timeout: rollout.timeout
        ).wait(
            for: ConnectionPoller.Expectation(
                isMet: { wanted.isShown(by: $0) },
                words: { target, _ in "\(target.endpoint) serves certificate \(wanted.shortSerial)" },
                failure: { rollout.failure($0, wanted, $1) }),
            from: proxies ?? 1)
    }
}

extension CertificateSummary {
    fileprivate func isShown(by seen: ProbeResult) -> Bool {
        guard case .answered(let endpoint) = seen else { return false }
        return endpoint.certificate?.fingerprint == fingerprint
    }
}

extension CertificateRollout {
    fileprivate func failure(
        _ target: DialTarget, _ wanted: CertificateSummary, _ seen: ProbeResult
    ) -> InstallerError {
        let proxies = KubernetesLabels.pods(of: installation, "proxy")
        let logs = installation.proxyLogs
        let restart = installation.kubectl("rollout", "restart", "deployment", "--selector", proxies)
        let served = seen.endpoint?.certificate.map { " It serves \($0.shortSerial)." } ?? ""
        return InstallerError(
            "\(target.endpoint) has not reloaded the new certificates (\(wanted.shortSerial))",
            detail: seen.sentence + served,
            hint: "Check the proxy log: \(logs), or restart the proxy, which waits for its builds: \(restart)"
        )
    }
}

/// Waits until the proxy accepts or rejects a client.
struct ClientAccessWaiter {
    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func watch(_ look: ClientAccessCheck) async throws {
        let proxies = look.isChange ? try await ProxyRefresher(context).nudge(look.installation) : nil
        try await ConnectionPoller(
            context: context, registration: look.registration, tunnel: look.tunnel, timeout: look.timeout
        ).wait(
            for: ConnectionPoller.Expectation(
                isMet: look.isAnswered, words: { $1.sentence }, failure: look.failure),
            from: proxies ?? 1)
    }
}

extension ClientAccessCheck {
    fileprivate func isAnswered(by result: ProbeResult) -> Bool {
        switch result {
        case .answered: !isRefused
        case .clientCertificateRefused, .clientCertificateRequired: isRefused
        default: false
        }
    }

    fileprivate func failure(_ target: DialTarget, _ seen: ProbeResult) -> InstallerError {
        return InstallerError(
            "Client \(client) is \(isRefused ? "not rejected" : "not accepted") at \(target.endpoint)",
            detail: seen.sentence,
            hint: "Check the proxy log: \(installation.proxyLogs). "
                + "If this machine cannot reach the proxy: --verify no")
    }
}

extension InstallationID {
    /// Prints what the proxies have logged of late.
    fileprivate var proxyLogs: Command {
        kubectl(
            "logs", "--selector", KubernetesLabels.pods(of: self, "proxy"), "--container",
            KubernetesLabels.container(of: "proxy"), "--since", "10m")
    }
}
