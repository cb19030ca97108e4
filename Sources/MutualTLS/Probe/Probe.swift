/// Probes an endpoint with our own TLS client, which reports what buildx cannot: the layer that fails, and the
/// reason.
public enum Probe {
    /// Connects, performs the handshake, sends an HTTP/2 request, and waits for the first answer.
    /// - Parameters:
    ///   - serverName: The name that the certificate must cover, where it is not the host that is dialled.
    ///   - trust: The CAs that are trusted for the server certificate.
    ///   - identity: The client's pair; without it the probe presents no certificate.
    ///   - timeout: The timeout of each stage: connecting, the handshake and the answer.
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
        // With TLS 1.3 a client certificate is verified after the handshake. When a server closes the connection
        // while our request is in flight, its alert can be lost to the reset; without a request there is no reset.
        attempt.asks = false
        switch await attempt.run() {
        case .clientCertificateRequired(let endpoint): return .clientCertificateRequired(endpoint)
        case .clientCertificateRefused(let endpoint, let reason):
            return .clientCertificateRefused(endpoint, reason: reason)
        default: return result
        }
    }
}
