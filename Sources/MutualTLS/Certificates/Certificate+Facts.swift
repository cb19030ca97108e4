import FoundationEssentials
import SwiftASN1
import X509

extension Certificate {
    /// This certificate in PEM, ending in a newline as files do.
    func pem() throws(CredentialsError) -> String {
        do {
            return try serializeAsPEM().pemString + "\n"
        } catch {
            throw CredentialsError(
                .certificate, "The certificate of “\(subject)” could not be written as PEM.")
        }
    }

    /// An extension that cannot be decoded counts as absent: every caller then refuses, rather than trusts.
    var basicConstraints: BasicConstraints? {
        try? extensions.basicConstraints
    }

    /// Whether others may be signed with it: CA:TRUE, and no key usage that leaves signing out.
    var maySignCertificates: Bool {
        guard case .isCertificateAuthority = basicConstraints else { return false }
        // Absent means unrestricted (RFC 5280, section 4.2.1.3); undecodable means no.
        guard let usage = try? extensions.keyUsage else {
            return extensions[oid: .X509ExtensionID.keyUsage] == nil
        }
        return usage.keyCertSign
    }

    /// What signed certificates point back to: the key identifier that stands in the certificate, or its
    /// hash.
    var keyIdentifier: ArraySlice<UInt8> {
        // An undecodable one is as good as none: it only helps to find the authority among several.
        (try? extensions.subjectKeyIdentifier)?.keyIdentifier
            ?? SubjectKeyIdentifier(hash: publicKey).keyIdentifier
    }

    /// The key identifier of its signer, where it says so. An undecodable one says nothing.
    var signerIdentifier: ArraySlice<UInt8>? {
        (try? extensions.authorityKeyIdentifier)?.keyIdentifier
    }

    /// The purposes it is limited to; nil when there is no limit.
    var purposes: [ExtendedKeyUsage.Usage]? {
        guard extensions[oid: .X509ExtensionID.extendedKeyUsage] != nil else { return nil }
        // Undecodable limits allow nothing.
        return (try? extensions.extendedKeyUsage).map { Array($0) } ?? []
    }

    func isGood(for usage: ExtendedKeyUsage.Usage) -> Bool {
        guard let purposes else { return true }
        return purposes.contains(usage) || purposes.contains(.any)
    }
}

extension Date {
    /// The day in UTC, as in 2027-05-31.
    public var day: String { formatted(.iso8601.year().month().day()) }
}
