import Crypto
import FoundationEssentials
import X509

/// What a certificate is in a set of credentials.
public enum CertificateRole: String, Codable, Sendable {
    case authority
    case server
    case client
}

/// What people want to know of a certificate: for status, reports and comparisons.
public struct CertificateSummary: Sendable, Hashable, Codable {
    public let role: CertificateRole
    /// The subject as one line, as in `CN=builder.example.com`.
    public let subject: String
    /// The host names and addresses it is valid for, in the order in which they stand in it.
    public let names: [SubjectName]
    /// The URIs in it; a client's identity is one.
    public let identities: [String]
    public let issuer: String
    /// Lower-case hexadecimal digits.
    public let serial: String
    public let notBefore: Date
    public let notAfter: Date
    /// The kind of its key, as in `P-256` or `RSA 3072`.
    public let algorithm: String
    /// SHA-256 of the certificate's DER, in lower-case hexadecimal digits.
    public let fingerprint: String
    /// What names its key in the certificates that the key has signed.
    public let keyIdentifier: String
    /// The key identifier of who signed it; nil where the certificate does not say.
    public let signer: String?

    /// Reads the first certificate of a PEM text. Without a role it is told from what the certificate may do.
    public init(pem: String, role: CertificateRole? = nil) throws(CredentialsError) {
        self.init(try PEM(pem).firstCertificate(called: "The certificate"), role: role)
    }

    init(_ certificate: Certificate, role: CertificateRole? = nil) {
        self.role = role ?? certificate.likelyRole
        subject = certificate.subject.description
        issuer = certificate.issuer.description
        serial = certificate.serialNumber.hex
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        algorithm = certificate.publicKey.algorithmName
        fingerprint = certificate.fingerprint
        keyIdentifier = certificate.keyIdentifier.hex
        signer = certificate.signerIdentifier?.hex
        names = certificate.alternativeNames.compactMap(SubjectName.init(inCertificate:))
        identities = certificate.alternativeNames.compactMap { name in
            guard case .uniformResourceIdentifier(let uri) = name else { return nil }
            return uri
        }
    }

    /// Whether that authority's name and key fit what stands in this certificate of who signed it.
    public func isSigned(by authority: CertificateSummary) -> Bool {
        issuer == authority.subject && (signer == nil || signer == authority.keyIdentifier)
    }

    /// The name by which the proxy knows a client; of one that was made elsewhere, its subject.
    public var clientName: String {
        identityName ?? (subject.hasPrefix("CN=") ? String(subject.dropFirst(3)) : subject)
    }

    /// The name in the identity that the proxy goes by; nil in a certificate that was made elsewhere.
    public var identityName: String? { identities.lazy.compactMap(ClientName.client).first }

    /// Whole days until it ends; negative once it has ended.
    public func daysLeft(_ now: Date) -> Int {
        Int((notAfter.timeIntervalSince(now) / 86400).rounded(.down))
    }
}

extension Certificate {
    fileprivate var likelyRole: CertificateRole {
        if maySignCertificates { return .authority }
        return isGood(for: .serverAuth) ? .server : .client
    }

    var alternativeNames: [GeneralName] {
        // Names that cannot be decoded cover nothing, which is what the reader is told.
        (try? extensions.subjectAlternativeNames).flatMap { $0 }.map { Array($0) } ?? []
    }

    var fingerprint: String {
        // A certificate that was parsed or signed can always be written again.
        guard let der = try? der() else { return "" }
        return SHA256.hash(data: der).hex
    }
}

extension SubjectName {
    /// A name as it stands in a certificate, whoever made it: it is shown and compared, not judged.
    fileprivate init?(inCertificate name: GeneralName) {
        switch name {
        case .dnsName(let host): self = .dns(host.lowercased())
        case .ipAddress(let octets): self = .ip(Array(octets.bytes))
        default: return nil
        }
    }
}

extension Certificate.PublicKey {
    /// The kind of key as people call it.
    fileprivate var algorithmName: String {
        if P256.Signing.PublicKey(self) != nil { return "P-256" }
        if P384.Signing.PublicKey(self) != nil { return "P-384" }
        if P521.Signing.PublicKey(self) != nil { return "P-521" }
        if Curve25519.Signing.PublicKey(self) != nil { return "Ed25519" }
        // What is left is RSA, which X509 describes with its size: RSA3072.PublicKey.
        return description.replacing("RSA", with: "RSA ").replacing(".PublicKey", with: "")
    }
}
