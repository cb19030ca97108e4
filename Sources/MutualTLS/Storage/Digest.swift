import Crypto

/// Tells whether bytes are the same without keeping them.
public enum Digest {
    /// SHA-256 in lower-case hexadecimal digits.
    public static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex }

    /// The same for a file of PEM blocks, whose line ends at the very end do not count.
    public static func ofPEM(_ bytes: [UInt8]) -> String {
        var bytes = bytes[...]
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return sha256(Array(bytes))
    }
}
