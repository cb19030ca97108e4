/// What a folder keeps of an authority, for reports and plans: never its key.
public struct KeptAuthority: Sendable, Hashable, Codable {
    public let certificate: CertificateSummary
    /// Why nothing can be signed with it: a sentence; nil where its key is here and fits.
    public let trouble: String?
    /// The serials that it has taken back.
    public let revoked: [String]

    /// Whether its key is here and fits.
    public var canSign: Bool { trouble == nil }

    public init(certificate: CertificateSummary, trouble: String? = nil, revoked: [String] = []) {
        self.certificate = certificate
        self.trouble = trouble
        self.revoked = revoked
    }
}
