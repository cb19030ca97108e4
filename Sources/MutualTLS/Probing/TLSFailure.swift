import NIOCore
import NIOSSL

/// What a TLS error means. BoringSSL names its reasons in text only: the alerts of RFC 8446, section 6, by
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
        // TLS 1.2 has no alert of its own for a missing certificate.
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

    /// The library's reason without its numbers and source lines, as in `TLSV1_ALERT_PROTOCOL_VERSION`.
    private var reason: String {
        let words = text.split { !($0.isLetter && $0.isASCII || $0.isNumber || $0 == "_") }
        let isReason: (Substring) -> Bool = {
            $0.contains("_") && $0.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "_" }
        }
        return words.first(where: isReason).map(String.init) ?? "no reason given"
    }

    private func says(_ name: String) -> Bool { text.contains(name) }
}
