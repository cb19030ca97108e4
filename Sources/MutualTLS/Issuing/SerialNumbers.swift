import X509

extension Certificate.SerialNumber {
    /// A random serial of exactly 20 octets. The first octet is kept between 0x40 and 0x7f, since with its
    /// top bit set DER would need a 21st, and RFC 5280, section 4.1.2.2, allows 20.
    static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes[0] = bytes[0] & 0x3f | 0x40
        return Self(bytes: bytes)
    }

    /// As OpenSSL and Envoy's access log write it, in lower case: an even number of digits.
    var hex: String { bytes.hex }
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
