/// The findings on a set of credentials, all at once, so that they can be fixed together.
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
    /// Whether there are no errors.
    public var isUsable: Bool { errors.isEmpty }
}

/// A finding about certificates that is reported before they are used.
public struct Finding: Sendable, Hashable, Codable {
    public enum Severity: String, Sendable, Codable {
        /// The credentials will not work.
        case error
        /// They work, but not for long or not securely.
        case warning
    }

    /// The kind of finding, for programs.
    public enum Kind: String, CaseIterable, Sendable, Codable {
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
    /// The affected file, or key of a Secret.
    public let file: String
    public let sentence: String
    /// The fix.
    public let hint: String
}
