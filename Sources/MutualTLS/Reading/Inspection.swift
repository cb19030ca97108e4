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
