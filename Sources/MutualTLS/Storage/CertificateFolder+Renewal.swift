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

extension PendingRenewal {
    /// The same for fewer folders.
    func without(_ parts: Set<String>) -> Self {
        Self(order: order, parts: self.parts.filter { !parts.contains($0.key) })
    }

    var text: String {
        get throws(CredentialsError) {
            guard let bytes = try? JSONEncoder().encode(self) else {
                throw CredentialsError(.folder, "The renewal could not be written down.")
            }
            return String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }
}

extension CertificateFolder {
    /// The renewal that was begun here and is not in use yet; nil where there is none.
    public func pendingRenewal() throws(CredentialsError) -> PendingRenewal? {
        let file = "\(renewal.path)/\(PendingRenewal.file)"
        guard SecureFile.exists(file) else { return nil }
        let bytes = try SecureFile.contents(of: file).bytes
        // One that cannot be read was written by another version: it is begun anew.
        return try? JSONDecoder().decode(PendingRenewal.self, from: Data(bytes))
    }

    /// Whether what the proxy or BuildKit reads still waits to be put into place.
    public func serverWaits(of pending: PendingRenewal) -> Bool {
        [PendingRenewal.server, PendingRenewal.inner].contains { waits($0, of: pending) }
    }

    func waits(_ part: String, of pending: PendingRenewal) -> Bool {
        guard let digest = pending.parts[part] else { return false }
        return (try? renewal.digest(ofPart: part)) == digest
    }

    /// SHA-256 of all files of one of the folders.
    private func digest(ofPart part: String) throws(CredentialsError) -> String {
        let folder = "\(path)/\(part)"
        var contents: [String: String] = [:]
        for name in try SecureFile.names(in: folder) where name.hasSuffix(".pem") {
            contents["\(part)/\(name)"] = String(
                decoding: try SecureFile.contents(of: "\(folder)/\(name)").bytes, as: UTF8.self)
        }
        return Self.digest(of: contents)
    }

    /// - Parameter contents: by the files' paths.
    static func digest(of contents: [String: String]) -> String {
        Digest.sha256(
            contents.sorted { $0.key < $1.key }.flatMap { Array("\($0.key)\n\($0.value)".utf8) })
    }
}

/// New certificates that wait beside those in use until they are in use themselves.
public struct PendingRenewal: Codable, Hashable, Sendable {
    public let order: RenewalOrder
    /// SHA-256 of each of its folders: by it one that waits is told from one that has been put into place, whose
    /// predecessor lies there then.
    let parts: [String: String]

    /// The folder that the proxy's pair is in.
    static let server = "daemon"
    /// The folder of the hop from the proxy to BuildKit.
    static let inner = "inner"
    /// Where it is written down, beside the folders.
    static let file = "renewal.json"
}

/// What is to be made anew of certificates that are in use.
public struct RenewalOrder: Codable, Hashable, Sendable {
    /// What becomes of the authorities, which decides the rest.
    public enum Change: String, Codable, Sendable {
        /// None: the one that is there signs new certificates for the server and the clients.
        case leaves
        /// A new one signs the clients' certificates, and those of the one before are trusted still.
        case introduce
        /// The one before is trusted no longer.
        case retire
        /// A new one takes the place of the one before at once.
        case replace
        /// Only the hop from the proxy to BuildKit is made anew.
        case inner
    }

    public var change: Change
    public var certificates: CertificateOrder

    public init(_ change: Change, _ certificates: CertificateOrder) {
        self.change = change
        self.certificates = certificates
    }
}
