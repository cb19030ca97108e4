import FoundationEssentials
import MutualTLS

/// Why a builder cannot be reached, as far as it can be told: each has its own way out.
/// The raw value is its code, for programs.
enum ConnectionFailure: String, CaseIterable {
    // On the way there.
    case nameNotFound = "DNS_NAME_NOT_FOUND"
    case refused = "TCP_REFUSED"
    case unreachable = "TCP_UNREACHABLE"
    case notTLS = "TLS_NOT_SPOKEN"

    // What the server shows.
    case serverNotTrusted = "TLS_SERVER_NOT_TRUSTED"
    case serverNameMismatch = "TLS_SERVER_NAME_MISMATCH"
    case serverExpired = "TLS_SERVER_EXPIRED"
    case serverNotYetValid = "TLS_SERVER_NOT_YET_VALID"

    // What this machine shows, or cannot.
    case filesMissing = "CLIENT_FILES_MISSING"
    case filesUnusable = "CLIENT_FILES_UNUSABLE"
    case filesUnused = "CLIENT_FILES_UNUSED"
    case clientNotAccepted = "TLS_CLIENT_NOT_ACCEPTED"
    case clientExpired = "TLS_CLIENT_EXPIRED"
    case clientRevoked = "TLS_CLIENT_REVOKED"
    case clientPurpose = "TLS_CLIENT_PURPOSE"

    // Behind the proxy.
    case builderUnreachable = "BUILDKIT_UNREACHABLE"
    case notReady = "BUILDKIT_NOT_READY"
}

extension ConnectionFailure {
    /// `ServerNameMismatch`
    var code: ErrorCode { ErrorCode(rawValue: rawValue) }

    /// Whether buildx cannot do anything with the files it was given.
    var isAboutFiles: Bool { [.filesMissing, .filesUnusable, .filesUnused].contains(self) }

    /// Whether one side does not accept what the other one shows.
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
    /// What gRPC's own log calls each, in the words of Go's libraries; the same in buildx 0.13 to 0.29. The first
    /// that fits counts.
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
        // Without certificates buildx speaks plain text, and a TLS server hangs up in the middle of it.
        ("unexpected EOF", .filesUnused),
        // A server that refuses a certificate may be cut off too before its alert is read: our own look tells.
        ("EOF", .builderUnreachable),
        ("broken pipe", .builderUnreachable),
        ("connection reset by peer", .builderUnreachable),
    ]

    /// The cause behind the `desc` of a connection error.
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
            // A load balancer that has nobody to pass a connection to may take it and say nothing.
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

/// Whether a builder that does not answer is worth waiting for, by what was seen of it.
enum RetryPolicy: Equatable {
    /// It will not mend itself.
    case none
    /// Until the proxy has the certificates that this run has changed; without such a change, not at all.
    case untilCertificatesArrive
    /// As long as the user allows: something may be about to start.
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
    /// The kubelet brings a changed Secret to a pod within its sync period and the age of its cache, a minute each
    /// by default; the rest is margin.
    private static let arrival = 150

    /// How long to wait in all, in seconds.
    /// - Parameters:
    ///   - plan: of which the proof is the last step.
    ///   - timeout: what the user allows.
    func limit(in plan: Plan, timeout: Int) -> Int {
        switch self {
        case .none: 0
        case .untilCertificatesArrive: plan.replacesSecrets ? min(timeout, Self.arrival) : 0
        case .full: timeout
        }
    }
}

extension Plan {
    /// Whether it changes Secrets that pods may have mounted already.
    fileprivate var replacesSecrets: Bool {
        steps.contains { step in
            guard case .applySecret(let recipe) = step.action else { return false }
            return recipe.replaces
        }
    }
}
