import FoundationEssentials
import MutualTLS

extension CertificateInventory: Encodable {
    private enum CodingKeys: String, CodingKey { case certificates, remarks }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(entries, forKey: .certificates)
        try object.encode(remarks, forKey: .remarks)
    }
}

extension CertificateInventory.Entry: Encodable {
    private enum CodingKeys: String, CodingKey {
        case use, subject, names, serial, notBefore, notAfter, daysLeft, validity, issuer, signer, algorithm
        case fingerprint, places
    }

    /// One flat object, for programs. `signer` is the fingerprint of the authority, where it is known.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(label, forKey: .use)
        try object.encode(certificate.subject, forKey: .subject)
        try object.encode(certificate.names.map(\.description), forKey: .names)
        try object.encode(certificate.serial, forKey: .serial)
        try object.encode(certificate.notBefore.formatted(.iso8601), forKey: .notBefore)
        try object.encode(certificate.notAfter.formatted(.iso8601), forKey: .notAfter)
        try object.encode(daysLeft, forKey: .daysLeft)
        try object.encode(validity, forKey: .validity)
        try object.encode(certificate.issuer, forKey: .issuer)
        try object.encodeIfPresent(signer?.fingerprint, forKey: .signer)
        try object.encode(certificate.algorithm, forKey: .algorithm)
        try object.encode(certificate.fingerprint, forKey: .fingerprint)
        try object.encode(places.sorted(), forKey: .places)
    }
}
