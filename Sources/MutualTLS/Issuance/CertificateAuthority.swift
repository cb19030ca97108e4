import FoundationEssentials
import X509

/// A certificate authority of one's own: its certificate and the key with which it signs others.
public struct CertificateAuthority: Sendable {
    /// The certificate in PEM.
    public let certificate: String
    public let summary: CertificateSummary
    let x509: Certificate
    let signingKey: SigningKey

    /// The private key, PKCS#8 in PEM if it was made here, else as it was read.
    public var key: SecretText { signingKey.pem }

    /// Makes a new authority that may sign leaves only (path length 0).
    @concurrent
    public static func make(
        commonName: String, algorithm: KeyAlgorithm = .p256, days: Int, now: Date
    ) async throws(CredentialsError) -> CertificateAuthority {
        let lifetime = try ValidityPeriod(days: days, from: now)
        let key = try SigningKey(algorithm)
        // X.520 bounds a common name to 64 characters.
        let name = commonName.isEmpty ? "buildkit" : String(commonName.prefix(64))
        let draft = CertificateBuilder(subject: name, lifetime: lifetime, publicKey: key.key.publicKey)
        let certificate = try draft.signedByItself(with: key.key)
        return try CertificateAuthority(x509: certificate, signingKey: key)
    }

    /// Takes up an authority that was kept. Its key must fit, and its certificate must be one of an
    /// authority.
    public init(certificate: String, key: SecretText) throws(CredentialsError) {
        let x509 = try PEM(certificate).firstCertificate(called: "The authority's certificate")
        let privateKey = try PEM(key.revealed).privateKey(called: "The authority's key")
        guard privateKey.publicKey == x509.publicKey else {
            throw CredentialsError(
                .key, "The authority's key does not belong to its certificate.",
                hint: "Bring the key that was made together with this certificate.")
        }
        guard x509.maySignCertificates else {
            throw CredentialsError(
                .certificate, "The certificate is not one of an authority (CA:TRUE with the right to sign).",
                hint: "Bring the certificate of the authority itself, not one that it signed.")
        }
        try self.init(x509: x509, signingKey: SigningKey(read: privateKey, pem: key))
    }

    private init(x509: Certificate, signingKey: SigningKey) throws(CredentialsError) {
        self.x509 = x509
        self.signingKey = signingKey
        certificate = try x509.pem()
        summary = CertificateSummary(x509, role: .authority)
    }

    /// Makes a key and signs a certificate for it. A leaf that would outlive this authority is refused, since
    /// it would stop working before its own date says so.
    @concurrent
    public func issue(
        _ profile: CertificateProfile, algorithm: KeyAlgorithm = .p256, days: Int, now: Date
    ) async throws(CredentialsError) -> IssuedCertificate {
        let lifetime = try ValidityPeriod(days: days, from: now)
        guard lifetime.end <= x509.notValidAfter else {
            throw CredentialsError(
                .lifetime,
                "A certificate for \(days) days would outlive its authority, "
                    + "which ends on \(x509.notValidAfter.day).",
                hint: "Choose fewer days, or make a new authority.")
        }
        guard now >= x509.notValidBefore else {
            throw CredentialsError(
                .lifetime, "The authority is valid from \(x509.notValidBefore.day) only.",
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

/// A certificate and its key: what a server or a client proves itself with.
public struct IssuedCertificate: Sendable, Hashable {
    /// The certificate in PEM.
    public let certificate: String
    /// Its private key, PKCS#8 in PEM.
    public let key: SecretText
    public let summary: CertificateSummary
}
