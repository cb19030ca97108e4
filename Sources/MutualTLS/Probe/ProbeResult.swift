import FoundationEssentials

/// What a look at an endpoint showed, named after the layer at which it ended.
public enum ProbeResult: Sendable, Hashable {
    /// Everything fits: the server answered in HTTP/2 to this client.
    case answered(ServedEndpoint)

    case nameNotFound(host: String)
    case refused(host: String, port: Int)
    /// The network knows no way there: the system's own words.
    case unreachable(host: String, port: Int, reason: String)
    case timedOut(ProbeStage, host: String, port: Int)

    /// Something answers there, but not in TLS.
    case notTLS(host: String, port: Int)
    /// No TLS version, cipher or other parameter in common: the library's own words.
    case handshakeFailed(ServedEndpoint, reason: String)

    case serverNotTrusted(ServedEndpoint, reason: String)
    /// The certificate is good, but not for the name that was asked for.
    case serverNameMismatch(ServedEndpoint)
    case serverExpired(ServedEndpoint, ended: Date)
    case serverNotYetValid(ServedEndpoint, begins: Date)

    case clientCertificateRequired(ServedEndpoint)
    case clientCertificateRefused(ServedEndpoint, reason: ClientRefusal)

    /// TLS was agreed upon, but what speaks there is not HTTP/2.
    case notHTTP2(ServedEndpoint)
    case closed(ProbeStage, ServedEndpoint)

    /// The files to look with cannot be used; nobody was asked.
    case filesUnusable(CredentialsError)

    /// What the server showed, where it got so far.
    public var endpoint: ServedEndpoint? {
        switch self {
        case .answered(let endpoint), .handshakeFailed(let endpoint, _), .serverNotTrusted(let endpoint, _),
            .serverNameMismatch(let endpoint), .serverExpired(let endpoint, _),
            .serverNotYetValid(let endpoint, _), .clientCertificateRequired(let endpoint),
            .clientCertificateRefused(let endpoint, _), .notHTTP2(let endpoint), .closed(_, let endpoint):
            endpoint
        case .nameNotFound, .refused, .unreachable, .timedOut, .notTLS, .filesUnusable: nil
        }
    }
}

/// How far a probe got.
public enum ProbeStage: String, Sendable, Codable {
    case connecting
    case handshake
    case answer
}

/// Why a server did not accept a client's certificate: the TLS alert it sent (RFC 8446, section 6.2).
public enum ClientRefusal: String, Sendable, Codable {
    case unknownAuthority
    case expired
    case revoked
    case unsupportedPurpose
    case accessDenied
    /// A certificate that is refused for what stands in it, such as its name, or for an unnamed reason.
    case other
}

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
