extension ProbeResult {
    /// The result as a sentence.
    public var sentence: String {
        switch self {
        case .answered(let endpoint):
            "\(endpoint.address) responded over \(endpoint.tlsVersion ?? "TLS") and HTTP/2."
        case .nameNotFound(let host):
            "The name \(host) does not resolve to an address."
        case .refused(let host, let port):
            "Connection refused at \(host):\(port): nothing listens on that port."
        case .unreachable(let host, let port, let reason):
            "\(host):\(port) cannot be reached: \(reason)."
        case .timedOut(let stage, let host, let port):
            "\(host):\(port) \(stage.silence) in time."
        case .notTLS(let host, let port):
            "The server at \(host):\(port) does not speak TLS."
        case .handshakeFailed(let endpoint, let reason):
            "\(endpoint.address) and this machine could not agree on a TLS connection: \(reason)."
        case .serverNotTrusted(let endpoint, let reason):
            "The certificate that \(endpoint.address) serves is not trusted: \(reason)."
        case .serverNameMismatch(let endpoint):
            "The certificate that \(endpoint.address) serves is not valid for \(endpoint.serverName); "
                + "it covers \(endpoint.servedNames)."
        case .serverExpired(let endpoint, let ended):
            "The certificate that \(endpoint.address) serves expired on \(ended.day)."
        case .serverNotYetValid(let endpoint, let begins):
            "The certificate that \(endpoint.address) serves is not valid before \(begins.day)."
        case .clientCertificateRequired(let endpoint):
            "\(endpoint.address) requires a client certificate and did not receive a usable one."
        case .clientCertificateRefused(let endpoint, let reason):
            "\(endpoint.address) rejected the client certificate: \(reason.words)."
        case .notHTTP2(let endpoint):
            "\(endpoint.address) speaks TLS but not HTTP/2."
        case .closed(let stage, let endpoint):
            "\(endpoint.address) closed the connection \(stage.moment)."
        case .filesUnusable(let error):
            error.sentence
        }
    }

    /// The fix.
    public var hint: String {
        switch self {
        case .answered: ""
        case .nameNotFound(let host): "Check its spelling and the DNS record: getent hosts \(host)"
        case .refused: "Check the port, and that the proxy is running."
        case .unreachable: "Check the address, the route to it, and any VPN."
        case .timedOut(.connecting, _, _): "Check the address, and firewalls on the route to it."
        case .timedOut: "Check that the port is the proxy's, and that the proxy is not overloaded."
        case .notTLS: "Check that the port is the proxy's, and that no intermediary terminates TLS."
        case .handshakeFailed: "Check that the port is the proxy's; it speaks TLS 1.3."
        case .serverNotTrusted: "Use the ca.pem of this builder's certificates."
        case .serverNameMismatch(let endpoint):
            if let name = endpoint.certificate?.names.first {
                "Reissue the certificate with \(endpoint.serverName), or use a name it covers: "
                    + "servername=\(name)"
            } else {
                "Reissue the certificate with \(endpoint.serverName)."
            }
        case .serverExpired: "Renew the server certificate."
        case .serverNotYetValid: "Check the clock of this machine and of the one that issued it."
        case .clientCertificateRequired:
            "Provide the client's cert.pem and key.pem, signed by the builder's CA."
        case .clientCertificateRefused(_, let reason): reason.hint
        case .notHTTP2: "Check that the port is the proxy's."
        case .closed:
            "Check the proxy log; the proxy closes every connection while it waits for its certificates."
        case .filesUnusable(let error): error.hint
        }
    }
}

extension ServedEndpoint {
    fileprivate var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    fileprivate var servedNames: String {
        let names = certificate?.names ?? []
        return names.isEmpty ? "no host" : names.map(\.description).joined(separator: ", ")
    }
}

extension ProbeStage {
    fileprivate var silence: String {
        switch self {
        case .connecting: "did not accept the connection"
        case .handshake: "did not finish the TLS handshake"
        case .answer: "did not respond after the TLS handshake"
        }
    }

    fileprivate var moment: String {
        switch self {
        case .connecting: "immediately"
        case .handshake: "during the TLS handshake"
        case .answer: "after the TLS handshake"
        }
    }
}

extension ClientRefusal {
    fileprivate var words: String {
        switch self {
        case .unknownAuthority: "it is not signed by a CA that the server trusts"
        case .expired: "it has expired or is not valid yet"
        case .revoked: "it has been revoked"
        case .unsupportedPurpose: "it is not a client certificate"
        case .accessDenied: "access denied"
        case .other: "the certificate was rejected"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .unknownAuthority: "Use the client certificate and key signed by this builder's CA."
        case .expired: "Renew the client certificate, or correct this machine's clock."
        case .revoked: "Ask the administrator of the builder for a new certificate."
        case .unsupportedPurpose: "Use client/cert.pem, not daemon/cert.pem."
        case .accessDenied, .other: "Ask the administrator of the builder to grant access to this client."
        }
    }
}
