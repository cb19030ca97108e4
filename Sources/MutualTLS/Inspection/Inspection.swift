/// What was found in a set of credentials: everything at once, so that nobody mends one thing at a time.
public struct Inspection: Sendable, Hashable {
    /// The certificates that could be read.
    public var certificates: [CertificateSummary]
    public var findings: [Finding]

    public init(certificates: [CertificateSummary] = [], findings: [Finding] = []) {
        self.certificates = certificates
        self.findings = findings
    }

    public var errors: [Finding] { findings.filter { $0.severity == .error } }
    public var warnings: [Finding] { findings.filter { $0.severity == .warning } }
    /// Whether the credentials will work.
    public var isUsable: Bool { errors.isEmpty }
}

/// Something about certificates that a person should know before they are used.
public struct Finding: Sendable, Hashable, Codable {
    public enum Severity: String, Sendable, Codable {
        /// It will not work.
        case error
        /// It works, but not for long or not safely.
        case warning
    }

    /// What was found, for programs.
    public enum Kind: String, Sendable, Codable {
        case missing
        case unreadable
        case notCertificate
        case notKey
        case encryptedKey
        case keyMismatch
        case severalCertificates
        case notAuthority
        case notSigned
        case notYetValid
        case expired
        case expiresSoon
        case wrongPurpose
        case nameNotCovered
        case readableByOthers
        case refusedForAnotherReason
    }

    public let kind: Kind
    public let severity: Severity
    /// The file, or the Secret's key, that it is about.
    public let file: String
    public let sentence: String
    /// What to do about it.
    public let hint: String
}
