import FoundationEssentials

/// Builds the contents of a renewal. Nothing is written here.
struct RenewalBuilder {
    let folder: CertificateFolder
    let order: RenewalOrder
    let now: Date
    /// The files' contents, by their paths in the renewal's folder.
    private(set) var contents: [String: String] = [:]

    private var certificates: CertificateOrder { order.certificates }

    init(_ order: RenewalOrder, of folder: CertificateFolder, now: Date) {
        self.order = order
        self.folder = folder
        self.now = now
    }

    /// A copy with all contents.
    /// - Throws: also where one end would reject the certificate of the other one.
    func filled() async throws(CredentialsError) -> Self {
        var draft = self
        switch order.change {
        case .leaves: try await draft.addLeaves()
        case .introduce: try await draft.addIntroduction()
        case .retire: try await draft.addRetirement()
        case .replace: try await draft.addReplacement()
        case .inner:
            for (file, text) in try await folder.inner(
                algorithm: certificates.algorithm, days: certificates.authorityDays, now: now)
            {
                draft[file] = text
            }
        }
        try draft.checkSignatures()
        return draft
    }

    /// The proxy and all clients get the same CAs.
    private func checkSignatures() throws(CredentialsError) {
        guard let trusted = self[.serverAuthority] else { return }
        let signers = try TrustedSigners(pem: trusted)
        for (file, text) in contents.sorted(by: { $0.key < $1.key })
        where file.hasSuffix("/cert.pem") {
            try signers.check(text, called: file)
        }
    }

    private subscript(file: CertificateFile) -> String? {
        get { contents[file.rawValue] }
        set { contents[file.rawValue] = newValue }
    }

    // MARK: CA changes

    private mutating func addLeaves() async throws(CredentialsError) {
        let authority = try folder.signingAuthority()
        let trusted = try folder.text(of: .serverAuthority, otherwise: authority.certificate)
        try await addServer(signedBy: formerAuthorityOfServer(among: trusted) ?? authority, trusting: trusted)
        try await addClients(signedBy: authority, trusting: trusted)
    }

    /// The previous CA, while it is trusted and the server has a certificate of it: clients on other machines may only have
    /// that one.
    /// - Throws: where its key is not here; only dropping it renews the server then.
    private func formerAuthorityOfServer(
        among trusted: String
    ) throws(CredentialsError) -> CertificateAuthority? {
        guard folder.holds([.formerCertificate, .serverCertificate]) else { return nil }
        let text = try folder.text(of: .formerCertificate)
        let trusted = try PEM(trusted).certificates(called: "ca.pem")
        // Without their keys, there may be several.
        let former = try PEM(text).certificates(called: folder.path(of: .formerCertificate))
            .filter(trusted.contains).map { CertificateSummary($0, role: .authority) }
        let server = try CertificateSummary(pem: folder.text(of: .serverCertificate))
        guard former.contains(where: { server.isSigned(by: $0) && $0.daysLeft(now) > 0 }) else { return nil }
        guard folder.holds([.formerKey]) else {
            throw CredentialsError(
                .key, "The server certificate is signed by the old CA, whose key is not on this machine.",
                path: folder.path(of: .formerKey),
                hint: "Drop the old CA first: buildkit-installer rotate --finish")
        }
        return try CertificateAuthority(
            certificate: text, key: SecretText(folder.text(of: .formerKey)))
    }

    /// The server keeps a CA that all clients know until the previous one is dropped: clients on other machines only
    /// have that one. The CA signs a new server certificate where its key is here and the proxy trusts it: another machine may
    /// have dropped it. The new CA signs one where none of the trusted CAs has signed the present one.
    private mutating func addIntroduction() async throws(CredentialsError) {
        let authority = try await newAuthority()
        let here = try folder.authority()
        let known = try folder.text(of: .serverAuthority, otherwise: here?.certificate ?? "")
        let trusted = authority.certificate + known
        let former = try here?.ifTrusted(among: known)
        if let former, former.summary.daysLeft(now) > 0 {
            try await addServer(signedBy: former, trusting: trusted)
        } else if try hasServer(signedByOneOf: trusted) {
            self[.serverAuthority] = trusted
            self[.serverKey] = try folder.text(of: .serverKey)
            self[.serverCertificate] = try folder.text(of: .serverCertificate)
        } else {
            try await addServer(signedBy: authority, trusting: trusted)
        }
        try await addClients(signedBy: authority, trusting: trusted)
        let lists = known.isEmpty ? "" : try folder.mergedRevocations(for: [known], now: now).pem
        try add(authority, revocations: lists)
        self[.formerCertificate] = former?.certificate ?? known
        self[.formerKey] = former?.key.revealed
    }

    private func hasServer(signedByOneOf trusted: String) throws(CredentialsError) -> Bool {
        try TrustedSigners(pem: trusted).accepts(
            folder.text(of: .serverCertificate), called: folder.path(of: .serverCertificate))
    }

    private mutating func addRetirement() async throws(CredentialsError) {
        let authority = try folder.signingAuthority()
        try await addServer(signedBy: authority, trusting: authority.certificate)
        try await addClients(signedBy: authority, trusting: authority.certificate, keepingItsOwn: true)
        self[.revocations] = try folder.mergedRevocations(for: [authority.certificate], now: now).pem
    }

    private mutating func addReplacement() async throws(CredentialsError) {
        let authority = try await newAuthority()
        try await addServer(signedBy: authority, trusting: authority.certificate)
        try await addClients(signedBy: authority, trusting: authority.certificate)
        try add(authority, revocations: "")
    }

    // MARK: Parts

    private func newAuthority() async throws(CredentialsError) -> CertificateAuthority {
        try await CertificateAuthority.make(
            commonName: certificates.subject, algorithm: certificates.algorithm,
            days: certificates.authorityDays, now: now)
    }

    private mutating func add(_ authority: CertificateAuthority, revocations: String) throws(CredentialsError)
    {
        self[.authorityCertificate] = authority.certificate
        self[.authorityKey] = authority.key.revealed
        self[.revocations] = try CertificateRevocationList().signed(by: authority, now: now) + revocations
    }

    private mutating func addServer(
        signedBy authority: CertificateAuthority, trusting trusted: String
    ) async throws(CredentialsError) {
        let server = try await authority.issue(
            .server(names: certificates.names), algorithm: certificates.algorithm,
            days: authority.possible(certificates.days, now), now: now)
        self[.serverAuthority] = trusted
        self[.serverKey] = server.key.revealed
        self[.serverCertificate] = server.certificate
    }

    /// All clients with files here, except those whose certificates have been revoked.
    private mutating func addClients(
        signedBy authority: CertificateAuthority, trusting trusted: String, keepingItsOwn keeps: Bool = false
    ) async throws(CredentialsError) {
        let revoked = try folder.revokedClients()
        let here = folder.certificate(inFolder: "client")
        let own = here?.clientName ?? certificates.client
        if !revoked.getsNothing(own, holding: here) {
            try await addClient(own, in: "client", authority, trusted, keeps)
        }
        for name in try folder.clientNames() {
            let there = folder.certificate(inFolder: "clients/\(name)")
            guard let there, !revoked.getsNothing(there.clientName, holding: there) else { continue }
            try await addClient(name, in: "clients/\(name)", authority, trusted, keeps)
        }
    }

    private mutating func addClient(
        _ name: String, in part: String, _ authority: CertificateAuthority, _ trusted: String, _ keeps: Bool
    ) async throws(CredentialsError) {
        contents["\(part)/ca.pem"] = trusted
        if keeps, let there = folder.certificate(inFolder: part), there.isSigned(by: authority.summary) {
            for file in ["cert.pem", "key.pem"] {
                contents["\(part)/\(file)"] = try folder.text(ofFile: "\(part)/\(file)")
            }
            return
        }
        let identity = try await authority.issue(
            .client(name: name), algorithm: certificates.algorithm,
            days: authority.possible(certificates.days, now), now: now)
        contents["\(part)/cert.pem"] = identity.certificate
        contents["\(part)/key.pem"] = identity.key.revealed
    }
}

extension CertificateAuthority {
    /// The requested number of days, limited to the remaining days of this CA.
    fileprivate func possible(_ days: Int, _ now: Date) -> Int { max(1, min(days, summary.daysLeft(now))) }

    /// Nil where it is not among these CAs.
    fileprivate func ifTrusted(among authorities: String) throws(CredentialsError) -> Self? {
        try PEM(authorities).certificates(called: "ca.pem").contains(x509) ? self : nil
    }
}

extension CertificateFolder {
    fileprivate func text(
        of file: CertificateFile, otherwise text: String
    ) throws(CredentialsError) -> String {
        holds([file]) ? try self.text(of: file) : text
    }

    fileprivate func text(ofFile file: String) throws(CredentialsError) -> String {
        String(decoding: try SecureFile.contents(of: "\(path)/\(file)").bytes, as: UTF8.self)
    }
}
