import FoundationEssentials
import MutualTLS

/// Why a builder cannot be reached, as far as it is known; each case has its own fix.
/// The raw value is its code, for programs.
enum ConnectionFailure: String, CaseIterable {
    // The network.
    case nameNotFound = "DNSNameNotFound"
    case refused = "TCPRefused"
    case unreachable = "TCPUnreachable"
    case notTLS = "TLSNotSpoken"

    // The server certificate.
    case serverNotTrusted = "TLSServerNotTrusted"
    case serverNameMismatch = "TLSServerNameMismatch"
    case serverExpired = "TLSServerExpired"
    case serverNotYetValid = "TLSServerNotYetValid"

    // The client's files.
    case filesMissing = "ClientFilesMissing"
    case filesUnusable = "ClientFilesUnusable"
    case filesUnused = "ClientFilesUnused"
    case clientNotAccepted = "TLSClientNotAccepted"
    case clientExpired = "TLSClientExpired"
    case clientRevoked = "TLSClientRevoked"
    case clientPurpose = "TLSClientPurpose"

    // Behind the proxy.
    case builderUnreachable = "BuildKitUnreachable"
    case notReady = "BuildKitNotReady"
}

extension ConnectionFailure {
    /// `ServerNameMismatch`
    var code: ErrorCode { ErrorCode(rawValue: rawValue) }

    /// Whether buildx cannot use the given files.
    var isAboutFiles: Bool { [.filesMissing, .filesUnusable, .filesUnused].contains(self) }

    /// Whether one side rejects the certificate of the other.
    var isAboutCertificates: Bool {
        switch self {
        case .serverNotTrusted, .serverNameMismatch, .serverExpired, .serverNotYetValid, .clientNotAccepted,
            .clientExpired, .clientRevoked, .clientPurpose:
            true
        default: false
        }
    }
}

extension ConnectionFailure {
    /// The messages of each failure in gRPC's log, from Go's libraries; identical in buildx 0.13 to 0.29. The first
    /// match is used.
    private static let words: [(String, ConnectionFailure)] = [
        ("failed to append ca certs", .filesUnusable),
        ("private key does not match public key", .filesUnusable),
        ("no such file or directory", .filesMissing),
        ("could not read ca certificate", .filesUnusable),
        ("could not read certificate/key", .filesUnusable),
        ("no such host", .nameNotFound),
        ("server misbehaving", .nameNotFound),
        ("connection refused", .refused),
        ("i/o timeout", .unreachable),
        ("no route to host", .unreachable),
        ("network is unreachable", .unreachable),
        ("signed by unknown authority", .serverNotTrusted),
        ("certificate is valid for", .serverNameMismatch),
        ("certificate is not valid for any names", .serverNameMismatch),
        ("cannot validate certificate for", .serverNameMismatch),
        ("is before", .serverNotYetValid),
        ("has expired or is not yet valid", .serverExpired),
        ("tls: certificate required", .clientNotAccepted),
        ("tls: unknown certificate authority", .clientNotAccepted),
        ("tls: expired certificate", .clientExpired),
        ("tls: revoked certificate", .clientRevoked),
        ("tls: unsupported certificate", .clientPurpose),
        ("tls: bad certificate", .clientNotAccepted),
        ("tls: unknown certificate", .clientNotAccepted),
        ("tls: access denied", .clientNotAccepted),
        ("first record does not look like a TLS handshake", .notTLS),
        // Without certificates buildx sends plain text, and a TLS server closes the connection.
        ("unexpected EOF", .filesUnused),
        // The connection of a server that rejects a certificate may also be closed before its alert is read: our own
        // probe decides.
        ("EOF", .builderUnreachable),
        ("broken pipe", .builderUnreachable),
        ("connection reset by peer", .builderUnreachable),
    ]

    /// The failure for the `desc` of a connection error.
    init?(reason: String) {
        guard let cause = Self.words.first(where: { reason.contains($0.0) })?.1 else { return nil }
        self = cause
    }

    init(_ probe: ProbeResult) {
        self =
            switch probe {
            case .answered: .notReady
            case .nameNotFound: .nameNotFound
            case .refused: .refused
            // A load balancer without a backend may accept a connection and send nothing.
            case .unreachable, .timedOut(.connecting, _, _), .timedOut(.handshake, _, _): .unreachable
            case .notTLS, .handshakeFailed: .notTLS
            case .serverNotTrusted: .serverNotTrusted
            case .serverNameMismatch: .serverNameMismatch
            case .serverExpired: .serverExpired
            case .serverNotYetValid: .serverNotYetValid
            case .clientCertificateRequired: .clientNotAccepted
            case .clientCertificateRefused(_, let refusal): Self(refusal)
            case .notHTTP2: .notTLS
            case .closed, .timedOut(.answer, _, _): .builderUnreachable
            case .filesUnusable: .filesUnusable
            }
    }

    private init(_ refusal: ClientRefusal) {
        self =
            switch refusal {
            case .expired: .clientExpired
            case .revoked: .clientRevoked
            case .unsupportedPurpose: .clientPurpose
            case .unknownAuthority, .accessDenied, .other: .clientNotAccepted
            }
    }
}

/// Whether to retry a builder that does not answer, by the observed failure.
enum RetryPolicy: Equatable {
    /// Retrying cannot help.
    case none
    /// Until the proxy has the certificates that this run changed; without such a change, no retry.
    case untilCertificatesArrive
    /// The full timeout of the user: BuildKit may be starting.
    case full
}

extension ConnectionFailure {
    var patience: RetryPolicy {
        switch self {
        case .filesMissing, .filesUnusable, .notTLS: .none
        case .filesUnused: .untilCertificatesArrive
        case _ where isAboutCertificates: .untilCertificatesArrive
        default: .full
        }
    }
}

extension RetryPolicy {
    /// The kubelet updates a changed Secret in a pod within its sync period plus the age of its cache, one minute
    /// each by default; the rest is margin. In seconds.
    private static let arrival = 150

    /// The total time to wait, in seconds.
    /// - Parameters:
    ///   - plan: the plan whose last step is the verification.
    ///   - timeout: the timeout of the user.
    func limit(in plan: Plan, timeout: Int) -> Int {
        switch self {
        case .none: 0
        case .untilCertificatesArrive: plan.replacesSecrets ? min(timeout, Self.arrival) : 0
        case .full: timeout
        }
    }
}

extension Plan {
    /// Whether it changes Secrets that pods may already have mounted.
    fileprivate var replacesSecrets: Bool {
        steps.contains { step in
            guard case .applySecret(let recipe) = step.action else { return false }
            return recipe.replaces
        }
    }
}
