import FoundationEssentials

extension CertificateFolder {
    /// Signs what a renewal asks for. None of it lies anywhere yet: those who may have to revoke it are told first.
    public func draft(_ order: RenewalOrder, now: Date) async throws(CredentialsError) -> CertificateDraft {
        try recover()
        try recordClients()
        return CertificateDraft(
            contents: try await RenewalBuilder(order, of: self, now: now).filled().contents)
    }

    /// Writes new certificates beside those in use, into ``renewal``: all of them, or, where it is cut short, none. What
    /// waits there already is replaced. Whoever was revoked since they were signed gets nothing.
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

    /// Signs a renewal and writes it, without registering it.
    @discardableResult
    public func prepare(_ order: RenewalOrder, now: Date) async throws(CredentialsError) -> [String] {
        try prepare(await draft(order, now: now), for: order)
    }

    /// Forgets certificates that are not in use yet.
    public func discardRenewal() throws(CredentialsError) {
        try FolderTransaction(folder: renewal.path).discard()
        try SecureFile.remove(renewal.path)
    }

    /// Puts the new certificates into the places of those that were in use. Each pair changes in one instant together
    /// with the authorities beside it, and where one cannot be changed, none is.
    ///
    /// It can be repeated when it was cut short, and does no more than what is left to do. Whoever was revoked since it
    /// was prepared gets nothing.
    /// - Returns: the folders that were changed.
    @discardableResult
    public func installRenewal(now: Date = Date()) throws(CredentialsError) -> [String] {
        try recover()
        try recordClients()
        try rejudgeRenewal(now)
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
        try recordClients()
        for part in pending.parts.keys.sorted() {
            try SecureFile.moveRest(
                of: "\(renewal.path)/\(part)", to: "\(path)/\(part)", except: Self.partFiles)
        }
        if [.retire, .replace].contains(pending.order.change) {
            try SecureFile.remove("\(path)/authority/former")
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
            // What was revoked since it was prepared is on the lists here, not on those that wait.
            let current =
                if let new = contents[.authorityCertificate] { new } else {
                    try text(of: .authorityCertificate)
                }
            let authorities = [current, contents[.formerCertificate]].compactMap(\.self)
            contents[.revocations] = try mergedRevocations(for: authorities, now: now).pem
        }
        try transaction.write(contents)
    }

    /// The authority goes; what is known of clients stays, so that nobody who was revoked is signed for again.
    func removeAuthority() throws(CredentialsError) {
        for file in CertificateFile.authority { try SecureFile.removeFile(path(of: file)) }
        let records = try revocationRecordNames()
        if records.isEmpty { try SecureFile.remove("\(path)/authority") }
        try SecureFile.remove("\(path)/authority/former")
    }

    /// What the folders of pairs hold; what else lies there is the user's, and stays.
    private static let partFiles = CertificateFile.allCases.compactMap {
        $0.rawValue.split(separator: "/").last.map(String.init)
    }

    /// Each pair's folder, with the digest of what it holds. The authorities are no pair that anybody connects with:
    /// they are written over.
    private static func parts(of contents: [String: String]) -> [String: String] {
        var folders: [String: [String: String]] = [:]
        for (file, text) in contents { folders[SecureFile.parent(of: file), default: [:]][file] = text }
        return folders.filter { !$0.key.hasPrefix("authority") }.mapValues(digest(of:))
    }
}
