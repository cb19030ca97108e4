import Crypto

/// Tells whether bytes are the same without keeping them.
public enum Digest {
    /// SHA-256 in lower-case hexadecimal digits.
    public static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex }
}
