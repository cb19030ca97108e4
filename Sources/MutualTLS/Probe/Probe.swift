/// A look at an endpoint with a TLS client of our own, which can say what buildx cannot: which layer fails,
/// and why.
public enum Probe {
    /// Connects, shakes hands, asks in HTTP/2, and waits for the first answer.
    /// - Parameters:
    ///   - serverName: What the certificate must cover, where it is not the host that is dialled.
    ///   - trust: The authorities that may have signed the server's certificate.
    ///   - identity: The client's pair; without it the probe shows none.
    ///   - timeout: For each of the stages: connecting, the handshake and the answer.
    public static func connect(
        host: String, port: Int, serverName: String? = nil, trust: PEMInput, identity: ProbeIdentity? = nil,
        timeout: Duration = .seconds(5)
    ) async -> ProbeResult {
        let credentials: ProbeCredentials
        do {
            credentials = try ProbeCredentials(trust: trust, identity: identity)
        } catch {
            return .filesUnusable(error)
        }
        var attempt = ProbeAttempt(
            host: host, port: port, serverName: serverName ?? host, credentials: credentials, timeout: timeout
        )
        let result = await attempt.run()
        guard case .closed(.answer, _) = result else { return result }
        // With TLS 1.3 a client's certificate is judged after the handshake. When a server hangs up while our
        // request is under way, its alert can be lost to the reset; without a request nothing resets it.
        attempt.asks = false
        switch await attempt.run() {
        case .clientCertificateRequired(let endpoint): return .clientCertificateRequired(endpoint)
        case .clientCertificateRefused(let endpoint, let reason):
            return .clientCertificateRefused(endpoint, reason: reason)
        default: return result
        }
    }
}
