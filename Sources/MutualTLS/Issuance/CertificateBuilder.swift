import FoundationEssentials
import SwiftASN1
import X509

/// A certificate before it is signed; its extensions (RFC 5280, section 4.2) are defined here.
struct CertificateBuilder {
    let subject: String
    let lifetime: ValidityPeriod
    let publicKey: Certificate.PublicKey

    /// A CA's own certificate.
    func signedByItself(with key: Certificate.PrivateKey) throws(CredentialsError) -> Certificate {
        try certificate(issuer: nil, key: key) {
            let identifier = SubjectKeyIdentifier(hash: publicKey)
            return try Certificate.Extensions {
                // Path length 0: it may sign leaves, but no other CA.
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                identifier
                AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
            }
        }
    }

    /// A leaf that a CA signs.
    /// - Parameters:
    ///   - issuer: the CA's certificate.
    ///   - key: the CA's key.
    func signed(
        by issuer: Certificate, key: Certificate.PrivateKey, for profile: CertificateProfile
    ) throws(CredentialsError) -> Certificate {
        let names = try profile.alternativeNames()
        return try certificate(issuer: issuer.subject, key: key) {
            try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                // TLS 1.3 and every earlier suite with forward secrecy only need signatures.
                Critical(KeyUsage(digitalSignature: true))
                // One purpose each: a client certificate must not be valid for a server, nor vice versa.
                try ExtendedKeyUsage([profile.usage])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: issuer.keyIdentifier)
                SubjectAlternativeNames(names)
            }
        }
    }

    private func certificate(
        issuer: DistinguishedName?, key: Certificate.PrivateKey,
        extensions: () throws -> Certificate.Extensions
    ) throws(CredentialsError) -> Certificate {
        do {
            let subject = try DistinguishedName { CommonName(self.subject) }
            return try Certificate(
                version: .v3, serialNumber: .random(), publicKey: publicKey, notValidBefore: lifetime.start,
                notValidAfter: lifetime.end, issuer: issuer ?? subject, subject: subject,
                extensions: extensions(),
                issuerPrivateKey: key)
        } catch {
            throw CredentialsError(.certificate, "The certificate for “\(subject)” could not be signed.")
        }
    }
}

extension CertificateProfile {
    var role: CertificateRole {
        switch self {
        case .server: .server
        case .client: .client
        }
    }

    var usage: ExtendedKeyUsage.Usage {
        switch self {
        case .server: .serverAuth
        case .client: .clientAuth
        }
    }

    /// For people who read certificates; programs use the alternative names.
    func commonName() throws(CredentialsError) -> String {
        switch self {
        case .server(let names):
            guard let first = names.first else {
                throw CredentialsError(
                    .name, "A server certificate needs at least one name.",
                    hint: "Specify the name or address that clients connect to, such as builder.example.com.")
            }
            // X.520 limits a common name to 64 characters; a longer name is in the alternative names.
            let text = first.description
            return text.utf8.count <= 64 ? text : "buildkit"
        case .client(let name):
            return name
        }
    }

    func alternativeNames() throws(CredentialsError) -> [GeneralName] {
        switch self {
        case .server(let names):
            return names.map { name in
                switch name {
                case .dns(let host): .dnsName(host)
                case .ip(let octets): .ipAddress(ASN1OctetString(contentBytes: octets[...]))
                }
            }
        case .client(let name):
            do {
                try ClientName.check(name)
            } catch {
                throw CredentialsError(error)
            }
            return [.uniformResourceIdentifier(ClientName.identity(of: name))]
        }
    }
}

/// The purpose of a certificate, which determines its contents.
public enum CertificateProfile: Sendable, Hashable {
    /// A server with these names.
    case server(names: [SubjectName])
    /// A client, identified by the URI `spiffe://buildkit/client/<name>`.
    case client(name: String)
}

/// The validity period of a certificate.
struct ValidityPeriod: Sendable {
    /// Certificates start slightly in the past, because the clocks of clients and clusters differ. In seconds.
    static let clockSkew: TimeInterval = 5 * 60
    /// A hundred years, in days; a larger number is a typing error.
    static let longest = 36500

    let start: Date
    let end: Date

    init(days: Int, from now: Date) throws(CredentialsError) {
        guard (1...Self.longest).contains(days) else {
            throw CredentialsError(
                .lifetime,
                "A validity of \(days) days is out of range: it must be 1 to \(Self.longest) days.",
                hint: "Example: 365")
        }
        // Certificates contain whole seconds only.
        let second = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        start = second.addingTimeInterval(-Self.clockSkew)
        end = second.addingTimeInterval(TimeInterval(days) * 86400)
    }
}
