import Crypto
import CryptoExtras
import SwiftASN1
import X509

/// The algorithm with which a revocation list is signed, and its identifier in DER (RFC 5280, section
/// 4.1.1.2).
struct ListSignature: DERSerializable {
    let algorithm: Certificate.SignatureAlgorithm
    private let identifier: ASN1ObjectIdentifier
    private let hasNullParameters: Bool

    init(for key: Certificate.PrivateKey) {
        if Curve25519.Signing.PublicKey(key.publicKey) != nil {
            self.init(.ed25519, [1, 3, 101, 112], null: false)
        } else if _RSA.Signing.PublicKey(key.publicKey) != nil {
            // RFC 4055, section 5: the parameters are there, and NULL.
            self.init(.sha256WithRSAEncryption, [1, 2, 840, 113549, 1, 1, 11], null: true)
        } else {
            self.init(.ecdsaWithSHA256, [1, 2, 840, 10045, 4, 3, 2], null: false)
        }
    }

    private init(_ algorithm: Certificate.SignatureAlgorithm, _ identifier: ASN1ObjectIdentifier, null: Bool)
    {
        self.algorithm = algorithm
        self.identifier = identifier
        hasNullParameters = null
    }

    func serialize(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(identifier)
            if hasNullParameters { try coder.serialize(ASN1Null()) }
        }
    }
}
