import Crypto
import CryptoExtras
import SwiftASN1
import X509

// RSASSA-PSS signatures (RFC 4055), which CAs of Active Directory can be configured to use. X509 neither parses nor
// verifies them; Envoy and all Go programs do.

extension Certificate {
    /// Parses a certificate with any signature algorithm.
    ///
    /// A certificate with RSASSA-PSS is parsed as if it had another algorithm: only the functions that verify and
    /// serialize certificates, both below, take the difference into account.
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

    /// Its bytes as the CA signed them.
    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        guard let algorithm = signedAlgorithm, algorithm.objectIdentifier == .rsassaPSS else {
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
        // The signed part also contains the algorithm (RFC 5280, section 4.1.1.2).
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            coder.serializeRawBytes(tbsCertificateBytes)
            coder.serializeRawBytes(algorithm.encodedBytes)
            try coder.serialize(ASN1BitString(bytes: signature.rawRepresentation[...]))
        }
        return serializer.serializedBytes
    }

    /// Whether the key of that certificate created the signature.
    func isSigned(by signer: Certificate) -> Bool {
        guard let algorithm = signedAlgorithm, algorithm.objectIdentifier == .rsassaPSS else {
            return signer.publicKey.isValidSignature(signature, for: self)
        }
        guard let key = _RSA.Signing.PublicKey(signer.publicKey) else { return false }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature.rawRepresentation)
        let data = tbsCertificateBytes
        // The salt must be as long as the hash: Go and BoringSSL accept no other length, either.
        return switch algorithm.pssHash {
        case .sha256?: key.isValidSignature(signature, for: SHA256.hash(data: data), padding: .PSS)
        case .sha384?: key.isValidSignature(signature, for: SHA384.hash(data: data), padding: .PSS)
        case .sha512?: key.isValidSignature(signature, for: SHA512.hash(data: data), padding: .PSS)
        default: false
        }
    }

    /// The algorithm identifier in the signed part, after the optional version and the serial number.
    private var signedAlgorithm: ASN1Node? {
        // X509 has already parsed these bytes, so parsing them again cannot fail.
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

    /// The object identifier of an algorithm identifier.
    fileprivate var objectIdentifier: ASN1ObjectIdentifier? {
        // Invalid bytes identify no algorithm.
        children.first.flatMap { try? ASN1ObjectIdentifier(derEncoded: $0) }
    }

    /// The hash in RSASSA-PSS-params, which follow the algorithm. Without one it is SHA-1, which no library accepts.
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
