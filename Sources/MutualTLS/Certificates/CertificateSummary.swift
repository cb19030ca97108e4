import Crypto
import FoundationEssentials
import X509

/// The role of a certificate in a set of credentials.
public enum CertificateRole: String, Codable, Sendable {
    case authority
    case server
    case client
}

/// The main properties of a certificate: for status, reports and comparisons.
public struct CertificateSummary: Sendable, Hashable, Codable {
    public let role: CertificateRole
    /// The subject as one line: `CN=builder.example.com`.
    public let subject: String
    /// The host names and addresses that it is valid for, in the order of the certificate.
    public let names: [SubjectName]
    /// The URIs in it; one of them is a client's identity.
    public let identities: [String]
    public let issuer: String
    /// Lower-case hexadecimal digits.
    public let serial: String
    public let notBefore: Date
    public let notAfter: Date
    /// The type of its key: `P-256`, `RSA 3072`.
    public let algorithm: String
    /// SHA-256 of the certificate's DER, in lower-case hexadecimal digits.
    public let fingerprint: String
    /// The identifier of its key in the certificates that the key has signed.
    public let keyIdentifier: String
    /// The key identifier of its signer; nil where the certificate does not contain it.
    public let signer: String?

    /// Parses the first certificate of a PEM text. Without a given role, the role is derived from its permitted uses.
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

    /// Whether the name and key of that CA match the issuer in this certificate.
    public func isSigned(by authority: CertificateSummary) -> Bool {
        issuer == authority.subject && (signer == nil || signer == authority.keyIdentifier)
    }

    /// The name by which the proxy identifies a client; the subject of a certificate that this program did not issue.
    public var clientName: String {
        identityName ?? (subject.hasPrefix("CN=") ? String(subject.dropFirst(3)) : subject)
    }

    /// The name in the identity that the proxy checks; nil in a certificate that this program did not issue.
    public var identityName: String? { identities.lazy.compactMap(ClientName.client).first }

    /// In days: a certificate with fewer left expires soon, unless the user has another limit.
    public static let usualLimit = 30

    /// Whole days until it expires; negative after expiry.
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
        // Names that cannot be decoded cover nothing, and are reported as such.
        (try? extensions.subjectAlternativeNames).flatMap { $0 }.map { Array($0) } ?? []
    }

    var fingerprint: String {
        // A certificate that was parsed or signed can always be serialized.
        guard let der = try? der() else { return "" }
        return SHA256.hash(data: der).hex
    }
}

extension SubjectName {
    /// A name in a certificate of any origin: it is shown and compared, not validated.
    fileprivate init?(inCertificate name: GeneralName) {
        switch name {
        case .dnsName(let host): self = .dns(host.lowercased())
        case .ipAddress(let octets): self = .ip(Array(octets.bytes))
        default: return nil
        }
    }
}

extension Certificate.PublicKey {
    /// The common name of the key type.
    fileprivate var algorithmName: String {
        if P256.Signing.PublicKey(self) != nil { return "P-256" }
        if P384.Signing.PublicKey(self) != nil { return "P-384" }
        if P521.Signing.PublicKey(self) != nil { return "P-521" }
        if Curve25519.Signing.PublicKey(self) != nil { return "Ed25519" }
        // All other keys are RSA, which X509 describes with their size: RSA3072.PublicKey.
        return description.replacing("RSA", with: "RSA ").replacing(".PublicKey", with: "")
    }
}
