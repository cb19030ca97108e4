extension CertificateFolder {
    /// Keeps the proxy's certificates as they were found elsewhere, in its Secret, so that they can be renewed here.
    /// - Parameters:
    ///   - authority: what the proxy judges its clients by.
    ///   - revocations: its lists; where lists are kept here too, the newest one of each authority counts.
    public func keepServer(
        authority: String, certificate: String, key: SecretText, revocations: String?
    ) throws(CredentialsError) {
        let transaction = FolderTransaction(folder: path)
        try transaction.recover()
        var contents: [CertificateFile: String] = [
            .serverAuthority: authority, .serverCertificate: certificate, .serverKey: key.revealed,
        ]
        if let revocations {
            let here = holds([.revocations]) ? [try text(of: .revocations)] : []
            contents[.revocations] = try Revocations.newest(in: here + [revocations])
        }
        try transaction.write(contents)
    }
}
