import Crypto
import CryptoExtras
import SwiftASN1
import X509

// RSASSA-PSS signatures (RFC 4055), which Active Directory's authorities can be told to make. X509 neither reads nor
// verifies them; Envoy and everything written in Go do.

extension Certificate {
    /// Reads a certificate however it is signed.
    ///
    /// One with RSASSA-PSS is read as if it were signed otherwise: only what verifies and writes certificates may
    /// see the difference, and both are below.
    init(readingDER der: [UInt8]) throws {
        do {
            self = try Certificate(derEncoded: der)
        } catch {
            let parts = try DER.parse(der).children
            guard parts.count == 3, parts[1].objectIdentifier == .rsassaPSS else { throw error }
            var serializer = DER.Serializer()
            serializer.appendConstructedNode(identifier: .sequence) { coder in
                coder.serializeRawBytes(parts[0].encodedBytes)
                coder.serializeRawBytes(Self.sha256WithRSA)
                coder.serializeRawBytes(parts[2].encodedBytes)
            }
            self = try Certificate(derEncoded: serializer.serializedBytes)
        }
    }

    /// The algorithm identifier sha256WithRSAEncryption in DER.
    private static let sha256WithRSA: [UInt8] = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00,
    ]

    /// Its bytes as the authority signed them.
    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        guard let algorithm = signedAlgorithm, algorithm.objectIdentifier == .rsassaPSS else {
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
        // The algorithm stands in the signed part as well (RFC 5280, section 4.1.1.2).
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            coder.serializeRawBytes(tbsCertificateBytes)
            coder.serializeRawBytes(algorithm.encodedBytes)
            try coder.serialize(ASN1BitString(bytes: signature.rawRepresentation[...]))
        }
        return serializer.serializedBytes
    }

    /// Whether that certificate's key made the signature.
    func isSigned(by signer: Certificate) -> Bool {
        guard let algorithm = signedAlgorithm, algorithm.objectIdentifier == .rsassaPSS else {
            return signer.publicKey.isValidSignature(signature, for: self)
        }
        guard let key = _RSA.Signing.PublicKey(signer.publicKey) else { return false }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature.rawRepresentation)
        let data = tbsCertificateBytes
        // The salt must be as long as the hash: Go and BoringSSL take nothing else, either.
        return switch algorithm.pssHash {
        case .sha256?: key.isValidSignature(signature, for: SHA256.hash(data: data), padding: .PSS)
        case .sha384?: key.isValidSignature(signature, for: SHA384.hash(data: data), padding: .PSS)
        case .sha512?: key.isValidSignature(signature, for: SHA512.hash(data: data), padding: .PSS)
        default: false
        }
    }

    /// The algorithm identifier in the signed part, after the version, where it stands, and the serial number.
    private var signedAlgorithm: ASN1Node? {
        // What X509 has read can be read again.
        guard let parts = try? DER.parse(Array(tbsCertificateBytes)).children else { return nil }
        let hasVersion =
            parts.first?.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        return parts.dropFirst(hasVersion ? 2 : 1).first
    }
}

extension ASN1Node {
    fileprivate var children: [ASN1Node] {
        guard case .constructed(let nodes) = content else { return [] }
        return Array(nodes)
    }

    /// Of an algorithm identifier: which algorithm.
    fileprivate var objectIdentifier: ASN1ObjectIdentifier? {
        // What is no identifier names no algorithm.
        children.first.flatMap { try? ASN1ObjectIdentifier(derEncoded: $0) }
    }

    /// Of RSASSA-PSS-params, which follow the algorithm: the hash. Without one it is SHA-1, which nobody takes.
    fileprivate var pssHash: ASN1ObjectIdentifier? {
        let hash = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        let parameters = children.dropFirst().first?.children ?? []
        return parameters.first { $0.identifier == hash }?.children.first?.objectIdentifier
    }
}

extension ASN1ObjectIdentifier {
    fileprivate static let rsassaPSS: Self = [1, 2, 840, 113549, 1, 1, 10]
    fileprivate static let sha256: Self = [2, 16, 840, 1, 101, 3, 4, 2, 1]
    fileprivate static let sha384: Self = [2, 16, 840, 1, 101, 3, 4, 2, 2]
    fileprivate static let sha512: Self = [2, 16, 840, 1, 101, 3, 4, 2, 3]
}
