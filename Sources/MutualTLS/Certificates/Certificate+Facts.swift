import FoundationEssentials
import SwiftASN1
import X509

extension Certificate {
    /// This certificate in PEM, with a final newline as in files.
    func pem() throws(CredentialsError) -> String {
        do {
            return try PEMDocument(type: "CERTIFICATE", derBytes: der()).pemString + "\n"
        } catch {
            throw CredentialsError(
                .certificate, "The certificate of “\(subject)” could not be written as PEM.")
        }
    }

    /// An extension that cannot be decoded is treated as absent: every caller then rejects the certificate.
    var basicConstraints: BasicConstraints? {
        try? extensions.basicConstraints
    }

    /// Whether it may sign certificates: CA:TRUE, and no key usage that excludes signing.
    var maySignCertificates: Bool {
        guard case .isCertificateAuthority = basicConstraints else { return false }
        // Absent means unrestricted (RFC 5280, section 4.2.1.3); undecodable means not permitted.
        guard let usage = try? extensions.keyUsage else {
            return extensions[oid: .X509ExtensionID.keyUsage] == nil
        }
        return usage.keyCertSign
    }

    /// The identifier that signed certificates refer to: the key identifier in the certificate, otherwise the hash of
    /// its key.
    var keyIdentifier: ArraySlice<UInt8> {
        // An undecodable one is treated as absent: it only helps to select one of several CAs.
        (try? extensions.subjectKeyIdentifier)?.keyIdentifier
            ?? SubjectKeyIdentifier(hash: publicKey).keyIdentifier
    }

    /// The key identifier of its signer; nil where it is absent or cannot be decoded.
    var signerIdentifier: ArraySlice<UInt8>? {
        (try? extensions.authorityKeyIdentifier)?.keyIdentifier
    }

    /// The permitted purposes; nil where they are unrestricted.
    var purposes: [ExtendedKeyUsage.Usage]? {
        guard extensions[oid: .X509ExtensionID.extendedKeyUsage] != nil else { return nil }
        // Undecodable restrictions permit nothing.
        return (try? extensions.extendedKeyUsage).map { Array($0) } ?? []
    }

    func isGood(for usage: ExtendedKeyUsage.Usage) -> Bool {
        guard let purposes else { return true }
        return purposes.contains(usage) || purposes.contains(.any)
    }
}

extension Date {
    /// The day in UTC: 2027-05-31.
    public var day: String { formatted(.iso8601.year().month().day()) }
}

extension Certificate.SerialNumber {
    /// A random serial of exactly 20 octets. The first octet is between 0x40 and 0x7f, because with its top bit set
    /// DER would need a 21st octet, and RFC 5280, section 4.1.2.2, allows 20.
    static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        var bytes = (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        bytes[0] = bytes[0] & 0x3f | 0x40
        return Self(bytes: bytes)
    }

    /// The notation of OpenSSL and Envoy's access log, in lower case: an even number of digits.
    var hex: String { bytes.hex }
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
