extension ProbeResult {
    /// What was found, for people.
    public var sentence: String {
        switch self {
        case .answered(let endpoint):
            "\(endpoint.address) answered, in \(endpoint.tlsVersion ?? "TLS") and HTTP/2."
        case .nameNotFound(let host):
            "The name \(host) has no address."
        case .refused(let host, let port):
            "\(host):\(port) refuses connections: nothing listens on that port."
        case .unreachable(let host, let port, let reason):
            "\(host):\(port) cannot be reached: \(reason)."
        case .timedOut(let stage, let host, let port):
            "\(host):\(port) \(stage.silence) in time."
        case .notTLS(let host, let port):
            "What answers at \(host):\(port) does not speak TLS."
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
            "The certificate that \(endpoint.address) serves is valid only from \(begins.day) on."
        case .clientCertificateRequired(let endpoint):
            "\(endpoint.address) demands a client certificate and got none that it could use."
        case .clientCertificateRefused(let endpoint, let reason):
            "\(endpoint.address) refused the client certificate: \(reason.words)."
        case .notHTTP2(let endpoint):
            "\(endpoint.address) speaks TLS but not HTTP/2."
        case .closed(let stage, let endpoint):
            "\(endpoint.address) closed the connection \(stage.moment)."
        case .filesUnusable(let error):
            error.sentence
        }
    }

    /// What to do next.
    public var hint: String {
        switch self {
        case .answered: ""
        case .nameNotFound(let host): "Check its spelling and the DNS record: getent hosts \(host)"
        case .refused: "Check the port, and that the proxy is running."
        case .unreachable: "Check the address, the route to it, and any VPN."
        case .timedOut(.connecting, _, _): "Check the address, and the firewalls on the way to it."
        case .timedOut: "Check that the port is the proxy's, and that the proxy is not overloaded."
        case .notTLS: "Check that the port is the proxy's, and that nothing in between strips TLS."
        case .handshakeFailed: "Check that the port is the proxy's; it speaks TLS 1.3."
        case .serverNotTrusted: "Use the ca.pem that came with this builder's certificates."
        case .serverNameMismatch(let endpoint):
            if let name = endpoint.certificate?.names.first {
                "Have the certificate issued with \(endpoint.serverName) in it, or ask for a name it covers: "
                    + "servername=\(name)"
            } else {
                "Have the certificate issued with \(endpoint.serverName) in it."
            }
        case .serverExpired: "Renew the server's certificate."
        case .serverNotYetValid: "Check the clock of this machine and of the one that issued it."
        case .clientCertificateRequired:
            "Give the client's cert.pem and key.pem, signed by the builder's authority."
        case .clientCertificateRefused(_, let reason): reason.hint
        case .notHTTP2: "Check that the port is the proxy's."
        case .closed:
            "Look into the proxy's log; while it waits for its certificates it closes every connection."
        case .filesUnusable(let error): error.hint
        }
    }
}

extension ServedEndpoint {
    fileprivate var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    fileprivate var servedNames: String {
        let names = certificate?.names ?? []
        return names.isEmpty ? "no host at all" : names.map(\.description).joined(separator: ", ")
    }
}

extension ProbeStage {
    fileprivate var silence: String {
        switch self {
        case .connecting: "did not accept the connection"
        case .handshake: "did not finish the TLS handshake"
        case .answer: "did not answer after the TLS handshake"
        }
    }

    fileprivate var moment: String {
        switch self {
        case .connecting: "at once"
        case .handshake: "during the TLS handshake"
        case .answer: "after the TLS handshake"
        }
    }
}

extension ClientRefusal {
    fileprivate var words: String {
        switch self {
        case .unknownAuthority: "it is not signed by an authority that the server knows"
        case .expired: "it has expired or is not valid yet"
        case .revoked: "it has been revoked"
        case .unsupportedPurpose: "it is not a client's certificate"
        case .accessDenied: "its owner is not let in"
        case .other: "the server does not accept what stands in it"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .unknownAuthority: "Use the client pair that this builder's authority signed."
        case .expired: "Renew the client's certificate, or set this machine's clock."
        case .revoked: "Ask whoever runs the builder for a new one."
        case .unsupportedPurpose: "Use client/cert.pem, not daemon/cert.pem."
        case .accessDenied, .other: "Ask whoever runs the builder to let this client in."
        }
    }
}
