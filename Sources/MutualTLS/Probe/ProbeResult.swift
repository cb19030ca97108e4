import FoundationEssentials

/// The result of a probe, named after the layer at which it ended.
public enum ProbeResult: Sendable, Hashable {
    /// Success: the server answered this client in HTTP/2.
    case answered(ServedEndpoint)

    case nameNotFound(host: String)
    case refused(host: String, port: Int)
    /// There is no route to the host: with the system's own message.
    case unreachable(host: String, port: Int, reason: String)
    case timedOut(ProbeStage, host: String, port: Int)

    /// The server answers, but not in TLS.
    case notTLS(host: String, port: Int)
    /// No common TLS version, cipher or other parameter: with the library's own message.
    case handshakeFailed(ServedEndpoint, reason: String)

    case serverNotTrusted(ServedEndpoint, reason: String)
    /// The certificate is valid, but not for the requested name.
    case serverNameMismatch(ServedEndpoint)
    case serverExpired(ServedEndpoint, ended: Date)
    case serverNotYetValid(ServedEndpoint, begins: Date)

    case clientCertificateRequired(ServedEndpoint)
    case clientCertificateRefused(ServedEndpoint, reason: ClientRefusal)

    /// TLS was established, but the server does not use HTTP/2.
    case notHTTP2(ServedEndpoint)
    case closed(ProbeStage, ServedEndpoint)

    /// The files of the probe are not usable; no connection was attempted.
    case filesUnusable(CredentialsError)

    /// The server's properties, where the probe got that far.
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

/// The stages of a probe.
public enum ProbeStage: String, Sendable, Codable {
    case connecting
    case handshake
    case answer
}

/// Why a server rejected a client certificate: the TLS alert that it sent (RFC 8446, section 6.2).
public enum ClientRefusal: String, Sendable, Codable {
    case unknownAuthority
    case expired
    case revoked
    case unsupportedPurpose
    case accessDenied
    /// A certificate that is rejected for its contents, such as its name, or for an unspecified reason.
    case other
}

/// The server at an address, as far as it was observed.
public struct ServedEndpoint: Sendable, Hashable, Codable {
    public let host: String
    public let port: Int
    /// The requested name, which the certificate must cover.
    public let serverName: String
    /// The certificates that it sent, its own first.
    public let chain: [CertificateSummary]
    /// For example `TLSv1.3`; nil before the handshake was completed.
    public let tlsVersion: String?
    /// The protocol that it selected, `h2`; buildx requests none, so nothing depends on it.
    public let alpn: String?

    public var certificate: CertificateSummary? { chain.first }
}
