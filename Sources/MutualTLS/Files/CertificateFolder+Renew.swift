import FoundationEssentials

extension CertificateFolder {
    /// Makes new certificates beside those in use, into ``renewal``: all of them, or, where it is cut short, none.
    /// What waits there already is made anew.
    /// - Returns: the files that were written, by their paths in the renewal's folder.
    @discardableResult
    public func prepare(_ order: RenewalOrder, now: Date) async throws(CredentialsError) -> [String] {
        try FolderTransaction(folder: path).recover()
        try discardRenewal()
        var contents = try await RenewalDraft(order, of: self, now: now).filled().contents
        let pending = PendingRenewal(order: order, parts: Self.parts(of: contents))
        contents[PendingRenewal.file] = try pending.text
        let files = contents.keys.sorted()
        try FolderTransaction(folder: renewal.path, order: files).write(contents)
        return files
    }

    /// Forgets certificates that are not in use yet.
    public func discardRenewal() throws(CredentialsError) {
        try FolderTransaction(folder: renewal.path).discard()
        try SecureFile.remove(renewal.path)
    }

    /// Puts the new certificates into the places of those that were in use. Each pair changes in one instant together
    /// with the authorities beside it, and where one cannot be changed, none is.
    ///
    /// It can be repeated when it was cut short, and does no more than what is left to do.
    /// - Returns: the folders that were changed.
    @discardableResult
    public func installRenewal() throws(CredentialsError) -> [String] {
        guard let pending = try pendingRenewal() else { return [] }
        try recordClients()
        var changed: [String] = []
        do {
            for part in pending.parts.keys.sorted() where waits(part, of: pending) {
                try SecureFile.exchange("\(renewal.path)/\(part)", "\(path)/\(part)")
                changed.append(part)
            }
            try installAuthorities()
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
            if !pending.order.certificates.keepAuthority { try SecureFile.remove("\(path)/authority") }
        }
        try discardRenewal()
        return changed
    }

    private func installAuthorities() throws(CredentialsError) {
        let transaction = FolderTransaction(folder: path)
        try transaction.recover()
        var contents: [CertificateFile: String] = [:]
        for file in CertificateFile.authority where renewal.holds([file]) {
            contents[file] = try renewal.text(of: file)
        }
        guard !contents.isEmpty else { return }
        try transaction.write(contents)
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

extension PendingRenewal {
    fileprivate var text: String {
        get throws(CredentialsError) {
            guard let bytes = try? JSONEncoder().encode(self) else {
                throw CredentialsError(.folder, "The renewal could not be written down.")
            }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }
}
