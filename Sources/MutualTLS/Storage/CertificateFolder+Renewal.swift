import FoundationEssentials

extension CertificateFolder {
    /// Signs the certificates of a renewal without writing them, so that they can be registered first.
    public func draft(_ order: RenewalOrder, now: Date) async throws(CredentialsError) -> CertificateDraft {
        try recover()
        if [.introduce, .replace].contains(order.change) { try checkKeysOfAuthorities() }
        try recordClients()
        return CertificateDraft(
            contents: try await RenewalBuilder(order, of: self, now: now).filled().contents)
    }

    /// Writes new certificates next to those in use, into ``renewal``: all of them, or, where it is interrupted,
    /// none. A pending renewal is replaced. Clients that were revoked since the signing get nothing.
    /// - Returns: the files that were written, by their paths in the renewal's folder.
    @discardableResult
    public func prepare(
        _ draft: CertificateDraft, for order: RenewalOrder
    ) throws(CredentialsError) -> [String] {
        try discardRenewal()
        let revoked = try revokedClients()
        var contents = draft.contents
        for (part, client) in draft.clients
        where revoked.getsNothing(client.clientName, holding: certificate(inFolder: part)) {
            contents = contents.filter { !$0.key.hasPrefix("\(part)/") }
        }
        let pending = PendingRenewal(order: order, parts: Self.parts(of: contents))
        contents[PendingRenewal.file] = try pending.text
        let files = contents.keys.sorted()
        try FolderTransaction(folder: renewal.path, order: files).write(contents)
        return files
    }

    /// Signs and writes a renewal without registering it.
    @discardableResult
    public func prepare(_ order: RenewalOrder, now: Date) async throws(CredentialsError) -> [String] {
        try prepare(await draft(order, now: now), for: order)
    }

    /// Deletes a pending renewal.
    public func discardRenewal() throws(CredentialsError) {
        try FolderTransaction(folder: renewal.path).discard()
        try SecureFile.remove(renewal.path)
    }

    /// Replaces the certificates in use with the new ones. Each pair is replaced atomically with its CAs, and where
    /// one pair cannot be replaced, none is.
    ///
    /// It can be repeated after an interruption, and then only does what remains. Clients that were revoked since the
    /// preparation get nothing.
    /// - Returns: the folders that were changed.
    @discardableResult
    public func installRenewal(now: Date = Date()) throws(CredentialsError) -> [String] {
        try recover()
        try recordClients()
        try rejudgeRenewal(issuedCertificates(), now)
        guard let pending = try pendingRenewal() else { return [] }
        var changed: [String] = []
        do {
            for part in pending.parts.keys.sorted() where waits(part, of: pending) {
                try SecureFile.exchange("\(renewal.path)/\(part)", "\(path)/\(part)")
                changed.append(part)
            }
            try installAuthorities(now)
        } catch {
            for part in changed.reversed() {
                try SecureFile.exchange("\(renewal.path)/\(part)", "\(path)/\(part)")
            }
            throw error
        }
        // Only now: nothing is rolled back any more.
        try removeKeyOfOtherCA()
        try recordClients()
        for part in pending.parts.keys.sorted() {
            try SecureFile.moveRest(
                of: "\(renewal.path)/\(part)", to: "\(path)/\(part)", except: Self.partFiles)
        }
        if [.retire, .replace].contains(pending.order.change) {
            if pending.order.keepsFormer != true { try removeFormerAuthority() }
            if !pending.order.certificates.keepAuthority { try removeAuthority() }
        }
        try discardRenewal()
        return changed
    }

    private func installAuthorities(_ now: Date) throws(CredentialsError) {
        let transaction = FolderTransaction(folder: path)
        try transaction.recover()
        var contents: [CertificateFile: String] = [:]
        for file in CertificateFile.authority where renewal.holds([file]) {
            contents[file] = try renewal.text(of: file)
        }
        guard !contents.isEmpty else { return }
        if contents[.revocations] != nil {
            // Revocations since the preparation are on the current lists, not on those of the renewal.
            let current =
                if let new = contents[.authorityCertificate] { new } else {
                    try text(of: .authorityCertificate)
                }
            let authorities = [current, contents[.formerCertificate]].compactMap(\.self)
            contents[.revocations] = try mergedRevocations(for: authorities, now: now).pem
        }
        try transaction.write(contents)
    }

    /// Where the key of the new former CA is on another machine, the key here is that of another CA.
    private func removeKeyOfOtherCA() throws(CredentialsError) {
        guard renewal.holds([.formerCertificate]), !renewal.holds([.formerKey]) else { return }
        try SecureFile.removeFile(path(of: .formerKey))
    }

    /// Removes the CA; the records of clients are kept, so that no certificate is signed for a revoked client.
    func removeAuthority() throws(CredentialsError) {
        try removeFormerAuthority()
        if holds([.authorityCertificate]) {
            // The certificate last: a key without one may be the user's.
            for file in [CertificateFile.authorityKey, .revocations, .authorityCertificate] {
                try SecureFile.removeFile(path(of: file))
            }
        }
        guard try revocationRecordNames().isEmpty else { return }
        try SecureFile.remove("\(path)/authority/issued")
        try SecureFile.removeFile("\(path)/\(CertificateFile.authorityMark)")
        for folder in ["authority/revoked", "authority"] {
            try SecureFile.removeFolderIfEmpty("\(path)/\(folder)")
        }
    }

    /// Removes the previous CA, which no proxy trusts any more. The revocations of its certificates stay in the records.
    public func removeFormerAuthority() throws(CredentialsError) {
        if holds([.formerCertificate]) {
            // The certificate last: a key without one may be the user's.
            for file in [CertificateFile.formerKey, .formerCertificate] {
                try SecureFile.removeFile(path(of: file))
            }
        }
        try SecureFile.removeFolderIfEmpty("\(path)/authority/former")
    }

    /// The files in the folders of pairs; other files in them belong to the user and are kept.
    private static let partFiles = CertificateFile.allCases.compactMap {
        $0.rawValue.split(separator: "/").last.map(String.init)
    }

    /// Each pair's folder, with the digest of its contents. The CAs are not part of a pair and are overwritten
    /// individually.
    private static func parts(of contents: [String: String]) -> [String: String] {
        var folders: [String: [String: String]] = [:]
        for (file, text) in contents { folders[SecureFile.parent(of: file), default: [:]][file] = text }
        return folders.filter { !$0.key.hasPrefix("authority") }.mapValues(digest(of:))
    }
}
