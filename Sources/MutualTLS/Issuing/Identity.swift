/// A certificate and its key: what a server or a client proves itself with.
public struct Identity: Sendable, Hashable {
    /// The certificate in PEM.
    public let certificate: String
    /// Its private key, PKCS#8 in PEM.
    public let key: SecretText
    public let summary: CertificateSummary
}
