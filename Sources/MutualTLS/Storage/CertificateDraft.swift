/// Signed certificates that are not written yet.
///
/// They are written to disk only after they are registered where every machine reads them: an unwritten certificate
/// cannot be used, and a written one can be revoked from every machine.
public struct CertificateDraft: Sendable {
    /// The contents by the files' paths in their folder.
    let contents: [String: String]

    /// The client certificates among them, by the folder of each pair.
    var clients: [(part: String, certificate: CertificateSummary)] {
        contents.compactMap { file, text in
            guard file.hasPrefix("client"), file.hasSuffix("/cert.pem"),
                let summary = try? CertificateSummary(pem: text, role: .client)
            else { return nil }
            return (SecureFile.parent(of: file), summary)
        }
    }

    public var certificates: [CertificateSummary] { clients.map(\.certificate) }

    /// The certificate of a new CA; nil where there is none among them.
    public var authority: String? { contents[CertificateFile.authorityCertificate.rawValue] }
}
