import FoundationEssentials
import SwiftASN1
import X509

/// A certificate before it is signed: which extensions it gets (RFC 5280, section 4.2) is decided here.
struct CertificateBuilder {
    let subject: String
    let lifetime: ValidityPeriod
    let publicKey: Certificate.PublicKey

    /// An authority's own certificate.
    func signedByItself(with key: Certificate.PrivateKey) throws(CredentialsError) -> Certificate {
        try certificate(issuer: nil, key: key) {
            let identifier = SubjectKeyIdentifier(hash: publicKey)
            return try Certificate.Extensions {
                // Path length 0: it may sign leaves, and no other authority.
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                identifier
                AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
            }
        }
    }

    /// A leaf that an authority signs.
    /// - Parameters:
    ///   - issuer: the authority's certificate.
    ///   - key: the authority's key.
    func signed(
        by issuer: Certificate, key: Certificate.PrivateKey, for profile: CertificateProfile
    ) throws(CredentialsError) -> Certificate {
        let names = try profile.alternativeNames()
        return try certificate(issuer: issuer.subject, key: key) {
            try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                // TLS 1.3 and every forward-secret suite before it need signatures only.
                Critical(KeyUsage(digitalSignature: true))
                // One purpose each: a client's certificate must never pass for a server's, nor the reverse.
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

    /// For people who read certificates; programs go by the alternative names.
    func commonName() throws(CredentialsError) -> String {
        switch self {
        case .server(let names):
            guard let first = names.first else {
                throw CredentialsError(
                    .name, "A server's certificate needs at least one name.",
                    hint: "Give the name or address that builds will dial, such as builder.example.com.")
            }
            // X.520 bounds a common name to 64 characters; a longer name stands in the alternative names.
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

/// What a certificate is for; everything in it follows from that.
public enum CertificateProfile: Sendable, Hashable {
    /// A server that may be dialled by these names.
    case server(names: [SubjectName])
    /// A client, known by the URI `spiffe://buildkit/client/<name>`.
    case client(name: String)
}

/// From when to when a certificate is valid.
struct ValidityPeriod: Sendable {
    /// Certificates begin a little in the past: the clocks of clients and clusters differ.
    static let clockSkew: TimeInterval = 5 * 60
    /// A hundred years; beyond that a number of days is a slip of the finger.
    static let longest = 36500

    let start: Date
    let end: Date

    init(days: Int, from now: Date) throws(CredentialsError) {
        guard (1...Self.longest).contains(days) else {
            throw CredentialsError(
                .lifetime, "A lifetime of \(days) days cannot be had: it is 1 to \(Self.longest) days.",
                hint: "A good value: 365")
        }
        // Certificates know whole seconds only.
        let second = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        start = second.addingTimeInterval(-Self.clockSkew)
        end = second.addingTimeInterval(TimeInterval(days) * 86400)
    }
}
