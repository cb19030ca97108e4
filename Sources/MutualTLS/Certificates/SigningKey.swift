import Crypto
import CryptoExtras
import X509

/// A private key with the PEM it is stored as.
struct SigningKey: Sendable {
    let key: Certificate.PrivateKey
    let pem: SecretText

    /// A new key. RSA takes a good part of a second.
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
                // PKCS#8 as for the other kinds: what X509 itself writes for RSA is PKCS#1.
                self.init(Certificate.PrivateKey(key), pem: key.pkcs8PEMRepresentation)
            } catch {
                throw CredentialsError(.key, "An RSA key could not be made.", hint: "Choose p256.")
            }
        }
    }

    private init(_ key: Certificate.PrivateKey, pem: String) {
        self.key = key
        self.pem = SecretText(pem.hasSuffix("\n") ? pem : pem + "\n")
    }

    /// A key read from a file, kept as it was written.
    init(read key: Certificate.PrivateKey, pem: SecretText) {
        self.key = key
        self.pem = pem
    }
}

/// What kind of keys are made.
public enum KeyAlgorithm: String, CaseIterable, Codable, Sendable {
    /// ECDSA on P-256: small, quick, and known to every TLS library. The default.
    case p256
    /// Ed25519. Not every TLS library offers it unasked.
    case ed25519
    /// RSA of 3072 bits: the strength of P-256 (NIST SP 800-57, part 1, table 2). With 2048 bits an authority
    /// that lives for ten years would outlast what NIST allows that size, the end of 2030.
    case rsa
}

/// A text that no log, error or dump may show: the PEM of a private key.
public struct SecretText: Sendable, Hashable {
    /// The text itself. To be written to a file or a pipe, and nowhere else.
    public let revealed: String

    public init(_ text: String) { revealed = text }
}

extension SecretText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
