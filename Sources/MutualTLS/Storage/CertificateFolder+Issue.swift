import FoundationEssentials

extension CertificateFolder {
    /// Issues everything that the order asks for and that is not there yet: the authority, the server's and
    /// the client's certificates, and the inner hop. An interruption leaves all of it or nothing; run it
    /// again.
    ///
    /// What exists is kept, whoever made it, unless it is to be replaced; then each file is replaced by a
    /// rename, in the order of `CertificateFile`.
    /// - Parameter authority: One that was kept, to issue under it again; without it a new one is made.
    /// - Returns: The files that were written; none when all were there.
    @discardableResult
    public func issue(
        _ order: CertificateOrder, by authority: CertificateAuthority? = nil, now: Date,
        replacing: Bool = false
    ) async throws(CredentialsError) -> [CertificateFile] {
        try write(
            await draft(order, by: authority, now: now, replacing: replacing), for: order,
            replacing: replacing)
    }

    /// Signs what is to be issued. None of it lies anywhere yet: those who may have to revoke it are told first.
    public func draft(
        _ order: CertificateOrder, by authority: CertificateAuthority?, now: Date, replacing: Bool = false
    ) async throws(CredentialsError) -> CertificateDraft {
        try recover()
        var contents: [CertificateFile: String] = [:]
        if try wants(CertificateFile.outer, replacing: replacing) {
            contents.merge(try await outer(order, by: authority, now: now)) { $1 }
        }
        if try wants(CertificateFile.inner, replacing: replacing) {
            contents.merge(
                try await inner(algorithm: order.algorithm, days: order.authorityDays, now: now)
            ) { $1 }
        }
        return CertificateDraft(
            contents: Dictionary(uniqueKeysWithValues: contents.map { ($0.key.rawValue, $0.value) }))
    }

    /// Writes what was signed for this folder: all of it, or, where it is cut short, nothing.
    /// - Returns: the files that were written; none when all were there.
    @discardableResult
    public func write(
        _ draft: CertificateDraft, for order: CertificateOrder, replacing: Bool = false
    ) throws(CredentialsError) -> [CertificateFile] {
        guard !draft.contents.isEmpty else { return [] }
        if replacing, order.keepAuthority { try recordClients() }
        try FolderTransaction(folder: path).write(draft.contents)
        // Whoever takes the authority elsewhere knows there, too, who was let in.
        if order.keepAuthority { try recordClients() }
        if replacing, !order.keepAuthority { try removeAuthority() }
        return CertificateFile.allCases.filter { draft.contents[$0.rawValue] != nil }
    }

    /// Issues the hop from the proxy to BuildKit alone, for people who bring the other certificates
    /// themselves.
    @discardableResult
    public func issueInner(
        algorithm: KeyAlgorithm = .p256, days: Int = 3650, now: Date, replacing: Bool = false
    ) async throws(CredentialsError) -> [CertificateFile] {
        let transaction = FolderTransaction(folder: path)
        try transaction.recover()
        guard try wants(CertificateFile.inner, replacing: replacing) else { return [] }
        try transaction.write(try await inner(algorithm: algorithm, days: days, now: now))
        return CertificateFile.inner
    }

    /// Whether these files are to be written. Some without the others are nobody's complete set: that is for
    /// a person to decide.
    private func wants(_ files: [CertificateFile], replacing: Bool) throws(CredentialsError) -> Bool {
        let there = files.filter { SecureFile.exists(path(of: $0)) }
        if there.isEmpty || replacing { return true }
        guard there.count < files.count else { return false }
        let missing = files.first { !there.contains($0) }
        throw CredentialsError(
            .folder,
            "\(path) holds \(there[0].rawValue) but not \(missing?.rawValue ?? ""): the set is not complete.",
            path: path,
            hint: "Bring the missing files, choose another folder, or have the whole set replaced.")
    }

    private func outer(
        _ order: CertificateOrder, by kept: CertificateAuthority?, now: Date
    ) async throws(CredentialsError) -> [CertificateFile: String] {
        let authority =
            if let kept {
                kept
            } else {
                try await CertificateAuthority.make(
                    commonName: order.subject, algorithm: order.algorithm, days: order.authorityDays, now: now
                )
            }
        let server = try await authority.issue(
            .server(names: order.names), algorithm: order.algorithm, days: order.days, now: now)
        let client = try await authority.issue(
            .client(name: order.client), algorithm: order.algorithm, days: order.days, now: now)
        var contents: [CertificateFile: String] = [
            .serverAuthority: authority.certificate, .serverKey: server.key.revealed,
            .serverCertificate: server.certificate,
            .clientAuthority: authority.certificate, .clientKey: client.key.revealed,
            .clientCertificate: client.certificate,
        ]
        // An authority that lies here already keeps its list of revocations; one that came without gets one.
        if order.keepAuthority, try self.authority()?.certificate != authority.certificate {
            contents[.authorityCertificate] = authority.certificate
            contents[.authorityKey] = authority.key.revealed
            contents[.revocations] = try CertificateRevocationList().signed(by: authority, now: now)
        } else if order.keepAuthority, !holds([.revocations]) {
            contents[.revocations] = try mergedRevocations(for: [authority.certificate], now: now).pem
        }
        return contents
    }

    /// The inner hop has an authority of its own, whose key is forgotten at once: nobody else is ever to be
    /// let in there. The certificates live as long as it does, since BuildKit reads them only when it starts.
    func inner(
        algorithm: KeyAlgorithm, days: Int, now: Date
    ) async throws(CredentialsError) -> [CertificateFile: String] {
        let authority = try await CertificateAuthority.make(
            commonName: "buildkit inner authority", algorithm: algorithm, days: days, now: now)
        let server = try await authority.issue(
            .server(names: BackendTLS.serverNames), algorithm: algorithm, days: days, now: now)
        let client = try await authority.issue(
            .client(name: BackendTLS.clientName), algorithm: algorithm, days: days, now: now)
        return [
            .innerAuthority: authority.certificate, .innerServerKey: server.key.revealed,
            .innerServerCertificate: server.certificate, .innerClientKey: client.key.revealed,
            .innerClientCertificate: client.certificate,
        ]
    }
}

extension CertificateFolder {
    /// Keeps the proxy's certificates as they were found elsewhere, in its Secret, so that they can be renewed here.
    /// - Parameters:
    ///   - authority: what the proxy judges its clients by.
    ///   - revocations: its lists; where lists are kept here too, they are brought together.
    public func keepServer(
        authority: String, certificate: String, key: SecretText, revocations: String?, now: Date = Date()
    ) throws(CredentialsError) {
        try recover()
        try FolderTransaction(folder: path).write([
            .serverAuthority: authority, .serverCertificate: certificate, .serverKey: key.revealed,
        ])
        try mergeRevocations(inForce: revocations, trusting: "", now: now)
    }
}

/// What certificates somebody wants to have.
public struct CertificateOrder: Codable, Hashable, Sendable {
    /// The names and addresses by which the builder is dialled.
    public var names: [SubjectName]
    /// The first client's name, as `ClientName` allows it.
    public var client: String
    public var algorithm: KeyAlgorithm
    /// How long the authority lives. The inner hop lives as long, since renewing it restarts BuildKit.
    public var authorityDays: Int
    /// How long the server's and the client's certificates live.
    public var days: Int
    /// Whether the authority's key is kept, so that clients can be added and certificates renewed with it.
    public var keepAuthority: Bool
    /// What the authority is called in its certificate; people see it in other tools.
    public var subject: String

    public init(
        names: [SubjectName], client: String, algorithm: KeyAlgorithm = .p256, authorityDays: Int = 3650,
        days: Int = 365, keepAuthority: Bool = true, subject: String = "buildkit authority"
    ) {
        self.names = names
        self.client = client
        self.algorithm = algorithm
        self.authorityDays = authorityDays
        self.days = days
        self.keepAuthority = keepAuthority
        self.subject = subject
    }
}
