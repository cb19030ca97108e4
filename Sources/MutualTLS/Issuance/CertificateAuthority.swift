import FoundationEssentials
import X509

/// A private certificate authority: its certificate and the key with which it signs others.
public struct CertificateAuthority: Sendable {
    /// The certificate in PEM.
    public let certificate: String
    public let summary: CertificateSummary
    let x509: Certificate
    let signingKey: SigningKey

    /// The private key: PKCS#8 in PEM if it was created here, otherwise as it was read.
    public var key: SecretText { signingKey.pem }

    /// Creates a CA that may only sign leaves (path length 0).
    @concurrent
    public static func make(
        commonName: String, algorithm: KeyAlgorithm = .p256, days: Int, now: Date
    ) async throws(CredentialsError) -> CertificateAuthority {
        let lifetime = try ValidityPeriod(days: days, from: now)
        let key = try SigningKey(algorithm)
        // X.520 limits a common name to 64 characters.
        let name = commonName.isEmpty ? "buildkit" : String(commonName.prefix(64))
        let draft = CertificateBuilder(subject: name, lifetime: lifetime, publicKey: key.key.publicKey)
        let certificate = try draft.signedByItself(with: key.key)
        return try CertificateAuthority(x509: certificate, signingKey: key)
    }

    /// Loads a stored CA. Its key must match, and its certificate must be that of a CA.
    public init(certificate: String, key: SecretText) throws(CredentialsError) {
        let x509 = try PEM(certificate).firstCertificate(called: "The CA certificate")
        let privateKey = try PEM(key.revealed).privateKey(called: "The CA key")
        guard privateKey.publicKey == x509.publicKey else {
            throw CredentialsError(
                .key, "The CA key does not match the CA certificate.",
                hint: "Provide the key that belongs to this certificate.")
        }
        guard x509.maySignCertificates else {
            throw CredentialsError(
                .certificate, "The certificate is not a CA certificate (CA:TRUE and keyCertSign).",
                hint: "Provide the certificate of the CA itself, not one that it signed.")
        }
        try self.init(x509: x509, signingKey: SigningKey(read: privateKey, pem: key))
    }

    private init(x509: Certificate, signingKey: SigningKey) throws(CredentialsError) {
        self.x509 = x509
        self.signingKey = signingKey
        certificate = try x509.pem()
        summary = CertificateSummary(x509, role: .authority)
    }

    /// Generates a key and signs a certificate for it. A leaf with a longer lifetime than the CA is rejected, because
    /// it would stop working before its own expiry.
    @concurrent
    public func issue(
        _ profile: CertificateProfile, algorithm: KeyAlgorithm = .p256, days: Int, now: Date
    ) async throws(CredentialsError) -> IssuedCertificate {
        let lifetime = try ValidityPeriod(days: days, from: now)
        guard lifetime.end <= x509.notValidAfter else {
            let verb = x509.notValidAfter < now ? "expired" : "expires"
            throw CredentialsError(
                .lifetime,
                "A certificate valid for \(days) days would outlive its CA, "
                    + "which \(verb) on \(x509.notValidAfter.day).",
                hint: "Choose fewer days, or create a new CA.")
        }
        guard now >= x509.notValidBefore else {
            throw CredentialsError(
                .lifetime, "The CA is not valid before \(x509.notValidBefore.day).",
                hint: "Check this machine's clock.")
        }
        let key = try SigningKey(algorithm)
        let draft = CertificateBuilder(
            subject: try profile.commonName(), lifetime: lifetime, publicKey: key.key.publicKey)
        let certificate = try draft.signed(by: x509, key: signingKey.key, for: profile)
        return IssuedCertificate(
            certificate: try certificate.pem(), key: key.pem,
            summary: CertificateSummary(certificate, role: profile.role))
    }
}

/// A certificate and its key: the credentials of a server or a client.
public struct IssuedCertificate: Sendable, Hashable {
    /// The certificate in PEM.
    public let certificate: String
    /// Its private key, PKCS#8 in PEM.
    public let key: SecretText
    public let summary: CertificateSummary
}
