extension CertificateFolder {
    /// What is kept here of the authority that signs; nil where nothing is.
    public func keptAuthority() throws(CredentialsError) -> KeptAuthority? {
        try kept(.authorityCertificate, .authorityKey)
    }

    /// What is kept here of the authority before it, as long as that is trusted too.
    public func keptFormerAuthority() throws(CredentialsError) -> KeptAuthority? {
        try kept(.formerCertificate, .formerKey)
    }

    private func kept(
        _ certificate: CertificateFile, _ key: CertificateFile
    ) throws(CredentialsError) -> KeptAuthority? {
        guard holds([certificate]) else { return nil }
        let pem = try text(of: certificate)
        let summary = try CertificateSummary(pem: pem, role: .authority)
        // A list that cannot be read takes nothing back; whoever continues it is told.
        let lists = holds([.revocations]) ? try? Revocations.lists(in: text(of: .revocations)) : nil
        let revoked = lists?[summary.keyIdentifier]?.entries.map(\.serial) ?? []
        guard holds([key]) else {
            return KeptAuthority(
                certificate: summary, trouble: "its key is not here, in \(path(of: key))", revoked: revoked)
        }
        do {
            _ = try Authority(certificate: pem, key: SecretText(text(of: key)))
            return KeptAuthority(certificate: summary, revoked: revoked)
        } catch {
            return KeptAuthority(
                certificate: summary, trouble: "its key cannot be used: \(error.sentence)", revoked: revoked)
        }
    }

    func text(of file: CertificateFile) throws(CredentialsError) -> String {
        String(decoding: try bytes(of: file), as: UTF8.self)
    }
}
