import FoundationEssentials

extension CertificateFolder {
    /// Issues everything in the order that does not exist yet: the CA, the server's and the client's certificates,
    /// and the inner hop. An interruption leaves all of it or nothing; it can be repeated.
    ///
    /// Existing files are kept, regardless of their origin, unless they are to be replaced; then each file is
    /// replaced by a rename, in the order of `CertificateFile`.
    /// - Parameter authority: An existing CA to issue with; without it that of this folder, or a new one where this folder
    ///   has none or all is to be replaced.
    /// - Returns: The files that were written; empty where all existed.
    @discardableResult
    public func issue(
        _ order: CertificateOrder, by authority: CertificateAuthority? = nil, now: Date,
        replacing: Bool = false
    ) async throws(CredentialsError) -> [CertificateFile] {
        try write(
            await draft(order, by: authority, now: now, replacing: replacing), for: order,
            replacing: replacing)
    }

    /// Signs the certificates of an order without writing them, so that they can be registered first.
    public func draft(
        _ order: CertificateOrder, by authority: CertificateAuthority? = nil, now: Date,
        replacing: Bool = false
    ) async throws(CredentialsError) -> CertificateDraft {
        try recover()
        var contents: [CertificateFile: String] = [:]
        if try wants(CertificateFile.outer, replacing: replacing) {
            if order.keepAuthority, !replacing, let problem = incompleteAuthority() { throw problem }
            // An existing CA, for example one that an uninstall kept, is used again: clients that trust it need no new one.
            var kept = authority
            if kept == nil, !replacing { kept = try self.authority() }
            contents.merge(try await outer(order, by: kept, now: now)) { $1 }
        }
        if try wants(CertificateFile.inner, replacing: replacing) {
            contents.merge(
                try await inner(algorithm: order.algorithm, days: order.authorityDays, now: now)
            ) { $1 }
        }
        return CertificateDraft(
            contents: Dictionary(uniqueKeysWithValues: contents.map { ($0.key.rawValue, $0.value) }))
    }

    /// Writes signed certificates to this folder: all of them, or, where it is interrupted, none.
    /// - Parameter mark: the content of ``CertificateFile/authorityMark``, for a new CA.
    /// - Returns: the files that were written; empty where all existed.
    @discardableResult
    public func write(
        _ draft: CertificateDraft, for order: CertificateOrder, replacing: Bool = false, mark: String? = nil
    ) throws(CredentialsError) -> [CertificateFile] {
        guard !draft.contents.isEmpty else {
            // A run that was killed may have written them without their records.
            if order.keepAuthority, holds([.authorityCertificate]) { try recordClients() }
            return []
        }
        if replacing, order.keepAuthority { try recordClients() }
        var contents = draft.contents
        contents[CertificateFile.authorityMark] = mark
        try FolderTransaction(folder: path).write(contents)
        // A copy of the CA folder on another machine then includes the existing clients.
        if order.keepAuthority { try recordClients() }
        if replacing, !order.keepAuthority { try removeAuthority() }
        return CertificateFile.allCases.filter { draft.contents[$0.rawValue] != nil }
    }

    /// Issues only the hop from the proxy to BuildKit, where the user supplies the other certificates.
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

    /// Whether these files are to be written. An incomplete set is an error: the user must decide what to do with it.
    private func wants(_ files: [CertificateFile], replacing: Bool) throws(CredentialsError) -> Bool {
        guard !replacing else { return true }
        if let problem = incompleteness(of: files) { throw problem }
        return !holds(files)
    }

    /// Why no CA can be created here: a part of one is in its place, which the user may need; nil where there is none. A CA
    /// that this program has created is stored and deleted so that an interruption leaves no key without its certificate.
    public func incompleteAuthority() -> CredentialsError? {
        incompleteness(of: [.authorityCertificate, .authorityKey])
    }

    /// - Throws: where a key without its CA would be replaced.
    func checkKeysOfAuthorities() throws(CredentialsError) {
        for (certificate, key) in [
            (CertificateFile.authorityCertificate, CertificateFile.authorityKey),
            (.formerCertificate, .formerKey),
        ] where holds([key]) {
            if let problem = incompleteness(of: [certificate, key]) { throw problem }
        }
    }

    /// Names a file of a set that exists, and one that is missing; nil where all or none of them exist.
    private func incompleteness(of files: [CertificateFile]) -> CredentialsError? {
        let there = files.filter { SecureFile.exists(settledPath(of: $0)) }
        guard let present = there.first, let missing = files.first(where: { !there.contains($0) }) else {
            return nil
        }
        return CredentialsError(
            .folder,
            "\(path) contains \(present.rawValue) but not \(missing.rawValue): the set is incomplete.",
            path: path,
            hint:
                "Provide \(missing.rawValue), move \(present.rawValue) to another directory, or choose another directory."
        )
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
        // An existing CA in this folder keeps its revocation list; a new one gets a list.
        if order.keepAuthority, try self.authority()?.certificate != authority.certificate {
            contents[.authorityCertificate] = authority.certificate
            contents[.authorityKey] = authority.key.revealed
            // Without a CA there may still be lists, which clients of another CA need.
            let others = holds([.authorityCertificate]) ? "" : try allRevocations(now: now)
            contents[.revocations] = try CertificateRevocationList().signed(by: authority, now: now) + others
        } else if order.keepAuthority, !holds([.revocations]) {
            contents[.revocations] = try mergedRevocations(for: [authority.certificate], now: now).pem
        }
        return contents
    }

    /// The inner hop has a CA of its own, whose key is discarded at once: no other client must ever be accepted
    /// there. The certificates are valid as long as the CA, because BuildKit reads them only when it starts.
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
    /// Writes the proxy's certificates from its Secret to this folder, so that they can be renewed here.
    /// - Parameters:
    ///   - authority: the CAs that the proxy trusts for clients.
    ///   - revocations: its lists; they are merged with the lists in this folder.
    public func keepServer(
        authority: String, certificate: String, key: SecretText, revocations: String?, now: Date = Date()
    ) throws(CredentialsError) {
        try recover()
        try FolderTransaction(folder: path).write([
            .serverAuthority: authority, .serverCertificate: certificate, .serverKey: key.revealed,
        ])
        try mergeRevocations(inForce: revocations, trusting: "", now: now)
    }

    /// The CAs that a proxy with the files in this folder trusts for clients; empty where their file does not exist, or
    /// cannot be read, which the inspection reports.
    public func trustedAuthorities() -> [CertificateSummary] {
        guard let text = try? text(of: .serverAuthority),
            let certificates = try? PEM(text).certificates(called: path(of: .serverAuthority))
        else { return [] }
        return certificates.map { CertificateSummary($0, role: .authority) }
    }
}

/// The properties of the certificates to issue.
public struct CertificateOrder: Codable, Hashable, Sendable {
    /// The names and addresses of the builder.
    public var names: [SubjectName]
    /// The first client's name, as permitted by `ClientName`.
    public var client: String
    public var algorithm: KeyAlgorithm
    /// The lifetime of the CA. The inner hop has the same lifetime, because renewing it restarts BuildKit.
    public var authorityDays: Int
    /// The lifetime of the server's and the client's certificates.
    public var days: Int
    /// Whether the CA's key is stored, so that it can add clients and renew certificates.
    public var keepAuthority: Bool
    /// The name of the CA in its certificate, which other tools show.
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
