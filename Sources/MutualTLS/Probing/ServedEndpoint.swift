/// What answered at an address, as far as the conversation got.
public struct ServedEndpoint: Sendable, Hashable, Codable {
    public let host: String
    public let port: Int
    /// The name that was asked for and that the certificate must cover.
    public let serverName: String
    /// The certificates it showed, its own first.
    public let chain: [CertificateSummary]
    /// As in `TLSv1.3`; nil before the handshake was done.
    public let tlsVersion: String?
    /// The protocol it chose, `h2`; buildx asks for none, so that nothing hangs on it.
    public let alpn: String?

    /// Its own certificate.
    public var certificate: CertificateSummary? { chain.first }
}
