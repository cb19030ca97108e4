/// Certificates that are signed and lie nowhere yet.
///
/// Only after they are registered where every machine looks do they get to a disk: what was never written down cannot be
/// used, and what can be used can be revoked from everywhere.
public struct CertificateDraft: Sendable {
    /// By the files' paths in the folder that they are for.
    let contents: [String: String]

    /// The clients' certificates among them, by the folder of each pair.
    var clients: [(part: String, certificate: CertificateSummary)] {
        contents.compactMap { file, text in
            guard file.hasPrefix("client"), file.hasSuffix("/cert.pem"),
                let summary = try? CertificateSummary(pem: text, role: .client)
            else { return nil }
            return (SecureFile.parent(of: file), summary)
        }
    }

    /// The certificates of the clients among them.
    public var certificates: [CertificateSummary] { clients.map(\.certificate) }
}
