import Crypto

/// Compares bytes without storing them.
public enum Digest {
    /// SHA-256 in lower-case hexadecimal digits.
    public static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex }

    /// The digest of a file of PEM blocks, ignoring line ends at its end.
    public static func ofPEM(_ bytes: [UInt8]) -> String {
        var bytes = bytes[...]
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return sha256(Array(bytes))
    }
}
