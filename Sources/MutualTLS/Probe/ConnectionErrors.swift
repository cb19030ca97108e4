import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why no connection was established, from the errors of the resolver and the system.
struct ConnectFailure {
    let result: ProbeResult

    init(_ error: any Error, host: String, port: Int) {
        guard let failure = error as? NIOConnectionError else {
            if case .connectTimeout? = error as? ChannelError {
                result = .timedOut(.connecting, host: host, port: port)
            } else {
                result = Self.byCode((error as? IOError)?.errnoCode, error, host, port)
            }
            return
        }
        // Of several addresses, one that answered at all is the most informative.
        let errors = failure.connectionErrors.map(\.error)
        let codes = errors.map { ($0 as? IOError)?.errnoCode }
        if let last = errors.last {
            let isTimeout = errors.contains {
                guard case .connectTimeout? = $0 as? ChannelError else { return false }
                return true
            }
            if codes.contains(ECONNREFUSED) {
                result = .refused(host: host, port: port)
            } else if isTimeout {
                result = .timedOut(.connecting, host: host, port: port)
            } else {
                result = Self.byCode(codes.last.flatMap { $0 }, last, host, port)
            }
        } else {
            result = .nameNotFound(host: host)
        }
    }

    private static func byCode(_ code: CInt?, _ error: any Error, _ host: String, _ port: Int) -> ProbeResult
    {
        switch code {
        case ECONNREFUSED?: .refused(host: host, port: port)
        case ETIMEDOUT?: .timedOut(.connecting, host: host, port: port)
        case let code?: .unreachable(host: host, port: port, reason: String(cString: strerror(code)))
        case nil: .unreachable(host: host, port: port, reason: "\(error)")
        }
    }
}

/// The meaning of a TLS error. BoringSSL only provides its reasons as text: the alerts of RFC 8446, section 6, by
/// their older names.
struct TLSFailure {
    private let text: String
    private let isHangUp: Bool

    init(_ error: any Error) {
        text = String(describing: error)
        isHangUp = error is IOError || error is ChannelError || (error as? NIOSSLError) == .uncleanShutdown
    }

    func result(at stage: ProbeStage, endpoint: ServedEndpoint, showedIdentity: Bool) -> ProbeResult {
        if says("ALERT_CERTIFICATE_REQUIRED") { return .clientCertificateRequired(endpoint) }
        if let reason = refusal { return .clientCertificateRefused(endpoint, reason: reason) }
        if isHangUp || says("EOF during handshake") { return .closed(stage, endpoint) }
        let isNotTLS = ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "RECORD_TOO_LARGE"]
        if endpoint.chain.isEmpty, isNotTLS.contains(where: says) {
            return .notTLS(host: endpoint.host, port: endpoint.port)
        }
        // TLS 1.2 has no separate alert for a missing certificate.
        if says("ALERT_HANDSHAKE_FAILURE"), !endpoint.chain.isEmpty, !showedIdentity {
            return .clientCertificateRequired(endpoint)
        }
        return .handshakeFailed(endpoint, reason: reason)
    }

    private var refusal: ClientRefusal? {
        let refusals: [(String, ClientRefusal)] = [
            ("ALERT_UNKNOWN_CA", .unknownAuthority),
            ("ALERT_CERTIFICATE_EXPIRED", .expired),
            ("ALERT_CERTIFICATE_REVOKED", .revoked),
            ("ALERT_UNSUPPORTED_CERTIFICATE", .unsupportedPurpose),
            ("ALERT_ACCESS_DENIED", .accessDenied),
            ("ALERT_CERTIFICATE_UNKNOWN", .other),
            ("ALERT_BAD_CERTIFICATE", .other),
            ("ALERT_DECRYPT_ERROR", .other),
        ]
        return refusals.first { says($0.0) }?.1
    }

    /// The library's reason without its numbers and source lines: `TLSV1_ALERT_PROTOCOL_VERSION`.
    private var reason: String {
        let words = text.split { !($0.isLetter && $0.isASCII || $0.isNumber || $0 == "_") }
        let isReason: (Substring) -> Bool = {
            $0.contains("_") && $0.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
        }
        return words.first(where: isReason).map(String.init) ?? "no reason given"
    }

    private func says(_ name: String) -> Bool { text.contains(name) }
}
