import FoundationEssentials

extension CertificateFolder {
    /// A client's files in the order in which they are replaced one by one: see ``CertificateFile``.
    static let clientFiles = ["ca.pem", "key.pem", "cert.pem"]

    /// Signs a certificate for a client, which lies nowhere yet: those who may have to revoke it are told first.
    ///
    /// Its files will be those of `client`, which buildx here reads, where that is the client's name, else of
    /// `clients/NAME`.
    /// - Parameter serial: the certificate to be replaced. Nil: none is replaced.
    /// - Returns: nil where another certificate is there: the work is done already, so a run that was cut short can be
    ///   repeated.
    public func signClient(
        _ order: ClientOrder, replacing serial: String?, now: Date
    ) async throws(CredentialsError) -> SignedClient? {
        try recover()
        let place = place(ofClient: order.name)
        try FolderTransaction(folder: place, order: Self.clientFiles).recover()
        let present = certificate(in: place)
        guard present == nil || present?.serial == serial else { return nil }
        let authority = try signingAuthority()
        try recordClients()
        let identity = try await authority.issue(
            .client(name: order.name), algorithm: order.algorithm, days: order.days, now: now)
        // What the server's certificate is judged by; more than one while the authority changes.
        let trusted = holds([.serverAuthority]) ? try text(of: .serverAuthority) : authority.certificate
        return SignedClient(
            certificate: identity.summary, place: place,
            files: [
                "ca.pem": trusted, "key.pem": identity.key.revealed, "cert.pem": identity.certificate,
            ],
            isReadmission: try revokedClients().getsNothing(order.name, holding: present))
    }

    /// Puts a signed certificate into its place. The files are replaced as one: an interruption leaves all of them or
    /// none.
    /// - Throws: where the client was revoked since it was signed; then nothing of it is written.
    public func keep(_ signed: SignedClient) throws(CredentialsError) {
        let name = signed.certificate.clientName
        let revoked = try revokedClients()
        guard signed.isReadmission || !revoked.getsNothing(name, holding: certificate(in: signed.place))
        else {
            throw CredentialsError(
                .certificate, "The client \(name) was revoked meanwhile.",
                hint: "See what was revoked: buildkit-installer client list")
        }
        try record(signed.files["cert.pem"] ?? "", signed.certificate)
        try FolderTransaction(folder: signed.place, order: Self.clientFiles).replace(signed.files)
    }

    /// Signs a certificate for a client and writes it, without registering it.
    @discardableResult
    public func issueClient(
        _ order: ClientOrder, replacing serial: String?, now: Date
    ) async throws(CredentialsError) -> CertificateSummary {
        if let signed = try await signClient(order, replacing: serial, now: now) {
            try keep(signed)
            return signed.certificate
        }
        let bytes = try SecureFile.contents(of: "\(place(ofClient: order.name))/cert.pem").bytes
        return try CertificateSummary(pem: String(decoding: bytes, as: UTF8.self), role: .client)
    }

    /// The folder with a client's `ca.pem`, `cert.pem` and `key.pem`.
    public func place(ofClient client: String) -> String {
        let own = "\(path)/client"
        return certificate(in: own)?.clientName == client ? own : folder(ofClient: client)
    }

    /// The authority that is kept here, to sign with.
    func signingAuthority() throws(CredentialsError) -> CertificateAuthority {
        guard let authority = try authority() else {
            throw CredentialsError(
                .key, "The authority's key is not here, in \(path(of: .authorityKey)).",
                path: path(of: .authorityKey),
                hint: "Copy the folder authority/ from the machine that has it.")
        }
        return authority
    }

    /// The certificate of a client's folder; one that cannot be read is as good as none.
    private func certificate(in folder: String) -> CertificateSummary? {
        guard let bytes = try? SecureFile.contents(of: "\(folder)/cert.pem").bytes else { return nil }
        return try? CertificateSummary(pem: String(decoding: bytes, as: UTF8.self), role: .client)
    }
}

// MARK: - Records

extension CertificateFolder {
    /// Every client's certificate that was ever signed here, or lies here, the oldest first. Those whose files have gone
    /// elsewhere are among them: they can still be revoked.
    public func issuedCertificates() throws(CredentialsError) -> [CertificateSummary] {
        var certificates: [CertificateSummary] = []
        for file in try clientCertificates() + recordedCertificates() {
            let pem = String(decoding: try SecureFile.contents(of: file).bytes, as: UTF8.self)
            // What cannot be read names nobody.
            guard let summary = try? CertificateSummary(pem: pem, role: .client) else { continue }
            if !certificates.contains(where: { $0.fingerprint == summary.fingerprint }) {
                certificates.append(summary)
            }
        }
        return certificates.sorted { ($0.notBefore, $0.serial) < ($1.notBefore, $1.serial) }
    }

    /// Records the clients' certificates that lie here, so that they can be revoked also once others have taken their
    /// places. To be called before any of them is replaced.
    public func recordClients() throws(CredentialsError) {
        for file in try clientCertificates() {
            let pem = String(decoding: try SecureFile.contents(of: file).bytes, as: UTF8.self)
            guard let summary = try? CertificateSummary(pem: pem, role: .client) else { continue }
            try record(pem, summary)
        }
    }

    /// Forgets a certificate that nobody has got, with its record. What else lies in the client's folder stays.
    public func withdrawClient(_ name: String, except kept: [String]) throws(CredentialsError) {
        let place = place(ofClient: name)
        guard let certificate = certificate(in: place), !kept.contains(certificate.serial) else { return }
        // The certificate goes first: without it nobody takes the rest for a client's.
        for file in Self.clientFiles.reversed() { try SecureFile.removeFile("\(place)/\(file)") }
        try SecureFile.removeFile("\(records)/\(certificate.serial).pem")
        for folder in [place, records] { try SecureFile.removeFolderIfEmpty(folder) }
    }

    /// Keeps a client's files that were made elsewhere, for buildx here. All of them change in one instant.
    public func keepClient(
        authority: String, certificate: String, key: SecretText
    ) throws(CredentialsError) {
        try recover()
        let transaction = FolderTransaction(folder: "\(path)/client", order: Self.clientFiles)
        try transaction.recover()
        try transaction.replace(["ca.pem": authority, "key.pem": key.revealed, "cert.pem": certificate])
    }

    /// Beside the authority: whoever takes it to another machine takes its records along.
    private var records: String { "\(path)/authority/issued" }

    private func record(_ pem: String, _ summary: CertificateSummary) throws(CredentialsError) {
        let file = "\(records)/\(summary.serial).pem"
        guard !SecureFile.exists(file) else { return }
        try SecureFile.makeFolder(records)
        // Under its own name only once it is whole.
        try SecureFile.remove("\(file).new")
        try SecureFile.create("\(file).new", bytes: Array(pem.utf8), mode: 0o644)
        try SecureFile.move("\(file).new", to: file)
    }

    private func recordedCertificates() throws(CredentialsError) -> [String] {
        guard SecureFile.exists(records) else { return [] }
        return try SecureFile.names(in: records).filter { $0.hasSuffix(".pem") }.map { "\(records)/\($0)" }
    }

    private func clientCertificates() throws(CredentialsError) -> [String] {
        (["\(path)/client"] + (try clientNames().map(folder(ofClient:)))).map { "\($0)/cert.pem" }
            .filter(SecureFile.exists)
    }
}

extension CertificateFolder {
    /// What is kept here of the authority that signs; nil where nothing is.
    public func keptAuthority() throws(CredentialsError) -> AuthorityStatus? {
        try kept(.authorityCertificate, .authorityKey)
    }

    /// What is kept here of the authority before it, as long as that is trusted too.
    public func keptFormerAuthority() throws(CredentialsError) -> AuthorityStatus? {
        try kept(.formerCertificate, .formerKey)
    }

    private func kept(
        _ certificate: CertificateFile, _ key: CertificateFile
    ) throws(CredentialsError) -> AuthorityStatus? {
        guard holds([certificate]) else { return nil }
        let pem = try text(of: certificate)
        let summary = try CertificateSummary(pem: pem, role: .authority)
        let revoked = try serialsOnList(of: pem)
        guard holds([key]) else {
            return AuthorityStatus(
                certificate: summary, trouble: "its key is not here, in \(path(of: key))", revoked: revoked)
        }
        do {
            _ = try CertificateAuthority(certificate: pem, key: SecretText(text(of: key)))
            return AuthorityStatus(certificate: summary, revoked: revoked)
        } catch {
            return AuthorityStatus(
                certificate: summary, trouble: "its key cannot be used: \(error.sentence)", revoked: revoked)
        }
    }

    /// A list that cannot be read takes nothing back; whoever continues it is told.
    private func serialsOnList(of authority: String) throws(CredentialsError) -> [String] {
        let certificate = try PEM(authority).firstCertificate(called: "The authority's certificate")
        guard holds([.revocations]), let lists = try? CRLCoder.all(in: text(of: .revocations)) else {
            return []
        }
        return lists.filter { $0.isOf(certificate) }.flatMap { $0.entries.map(\.serial) }
    }

    func text(of file: CertificateFile) throws(CredentialsError) -> String {
        String(decoding: try bytes(of: file), as: UTF8.self)
    }
}

/// A client's certificate that is signed and lies nowhere yet.
public struct SignedClient: Sendable {
    public let certificate: CertificateSummary
    /// The folder that it is for.
    public let place: String
    /// The contents of ``CertificateFolder/clientFiles``.
    let files: [String: String]
    /// Whether the client was revoked when it was asked for, and is let in again on purpose.
    let isReadmission: Bool
}

/// What certificate somebody wants to have for one more client.
public struct ClientOrder: Codable, Equatable, Sendable {
    /// As `ClientName` allows it.
    public var name: String
    public var algorithm: KeyAlgorithm
    public var days: Int

    public init(name: String, algorithm: KeyAlgorithm = .p256, days: Int = 365) {
        self.name = name
        self.algorithm = algorithm
        self.days = days
    }
}

/// What a folder keeps of an authority, for reports and plans: never its key.
public struct AuthorityStatus: Sendable, Hashable, Codable {
    public let certificate: CertificateSummary
    /// Why nothing can be signed with it: a sentence; nil where its key is here and fits.
    public let trouble: String?
    /// The serials that it has taken back.
    public let revoked: [String]

    /// Whether its key is here and fits.
    public var canSign: Bool { trouble == nil }

    public init(certificate: CertificateSummary, trouble: String? = nil, revoked: [String] = []) {
        self.certificate = certificate
        self.trouble = trouble
        self.revoked = revoked
    }
}
