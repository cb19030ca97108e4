import Crypto
import CryptoExtras
import X509

/// A private key with the PEM in which it is stored.
struct SigningKey: Sendable {
    let key: Certificate.PrivateKey
    let pem: SecretText

    /// Generates a key. RSA takes a large part of a second.
    init(_ algorithm: KeyAlgorithm) throws(CredentialsError) {
        switch algorithm {
        case .p256:
            let key = P256.Signing.PrivateKey()
            self.init(Certificate.PrivateKey(key), pem: key.pemRepresentation)
        case .ed25519:
            let key = Curve25519.Signing.PrivateKey()
            self.init(Certificate.PrivateKey(key), pem: key.pemRepresentation)
        case .rsa:
            do {
                let key = try _RSA.Signing.PrivateKey(keySize: .bits3072)
                // PKCS#8 as for the other types: X509 itself writes RSA keys as PKCS#1.
                self.init(Certificate.PrivateKey(key), pem: key.pkcs8PEMRepresentation)
            } catch {
                throw CredentialsError(
                    .key, "An RSA key could not be generated.", hint: "Use P-256: --key-algorithm p256")
            }
        }
    }

    private init(_ key: Certificate.PrivateKey, pem: String) {
        self.key = key
        self.pem = SecretText(pem.hasSuffix("\n") ? pem : pem + "\n")
    }

    /// A key that was read from a file, with its original PEM.
    init(read key: Certificate.PrivateKey, pem: SecretText) {
        self.key = key
        self.pem = pem
    }
}

/// The type of generated keys.
public enum KeyAlgorithm: String, CaseIterable, Codable, Sendable {
    /// ECDSA on P-256: small, fast, and supported by every TLS library. The default.
    case p256
    /// Ed25519. Not every TLS library enables it by default.
    case ed25519
    /// RSA of 3072 bits: the strength of P-256 (NIST SP 800-57, part 1, table 2). With 2048 bits a CA with a lifetime
    /// of ten years would exceed the end of 2030, until which NIST allows that size.
    case rsa
}

/// A text that must not appear in a log, error or dump: the PEM of a private key.
public struct SecretText: Sendable, Hashable {
    /// The text itself. It may only be written to a file or a pipe.
    public let revealed: String

    public init(_ text: String) { revealed = text }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
