import FoundationEssentials

extension CertificateFolder {
    /// Takes certificates back: puts their serials on the list of the authority that signed them. A second time changes
    /// nothing.
    public func revoke(_ serials: [String], now: Date) throws(CredentialsError) {
        let transaction = FolderTransaction(folder: path)
        try transaction.recover()
        try recordClients()
        let current = try signingAuthority()
        let authorities = [current, try formerAuthority()].compactMap(\.self)
        let issued = try issuedCertificates()
        let lists = holds([.revocations]) ? try Revocations.lists(in: text(of: .revocations)) : [:]
        var text = ""
        for authority in authorities {
            var list = lists[authority.summary.keyIdentifier] ?? Revocations()
            for serial in serials {
                let certificate = issued.first { $0.serial == serial.lowercased() }
                // One that is not recorded counts as the current authority's.
                let signer = certificate.flatMap { certificate in
                    authorities.first { certificate.isSigned(by: $0.summary) }
                }
                guard (signer ?? current).summary == authority.summary else { continue }
                list.revoke(serial: serial, at: now)
            }
            text += try list.signed(by: authority, now: now)
        }
        try transaction.write([.revocations: text])
    }

    /// The authority before the current one, as long as both are trusted; its list goes on, too.
    private func formerAuthority() throws(CredentialsError) -> Authority? {
        guard holds([.formerCertificate]) else { return nil }
        guard holds([.formerKey]) else {
            throw CredentialsError(
                .key,
                "The former authority is still trusted, and its key is not here, so its list cannot go on.",
                path: path(of: .formerKey),
                hint: "Copy the folder authority/ from the machine that has it, or drop the former authority."
            )
        }
        return try Authority(
            certificate: text(of: .formerCertificate), key: SecretText(text(of: .formerKey)))
    }
}
