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
