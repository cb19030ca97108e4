import FoundationEssentials

extension CertificateFolder {
    /// A client's files in the order in which they are replaced individually: see ``CertificateFile``.
    static let clientFiles = ["ca.pem", "key.pem", "cert.pem"]

    /// Signs a certificate for a client without writing it, so that it can be registered first.
    ///
    /// Its files will be those of `client`, which buildx on this machine reads, where that is the client's name,
    /// otherwise those of `clients/NAME`.
    /// - Parameter serial: the certificate to replace. Nil: none is replaced.
    /// - Returns: nil where another certificate exists: it was already issued, so an interrupted run can be repeated.
    public func signClient(
        _ order: ClientOrder, replacing serial: String?, now: Date
    ) async throws(CredentialsError) -> SignedClient? {
        try recover()
        let place = place(ofClient: order.name)
        try FolderTransaction(folder: place, order: Self.clientFiles).recover()
        let present = certificate(in: place)
        guard present == nil || present?.serial == serial else { return nil }
        if present == nil, let file = Self.clientFiles.first(where: { SecureFile.exists("\(place)/\($0)") }) {
            throw CredentialsError(
                .folder, "\(place) contains \(file) but no usable certificate: the set is incomplete.",
                path: place,
                hint: "Provide cert.pem, or move \(file) to another directory.")
        }
        let authority = try signingAuthority()
        try recordClients()
        let identity = try await authority.issue(
            .client(name: order.name), algorithm: order.algorithm, days: order.days, now: now)
        // The CAs for the server certificate; more than one during a CA rotation.
        let trusted = holds([.serverAuthority]) ? try text(of: .serverAuthority) : authority.certificate
        return SignedClient(
            certificate: identity.summary, place: place,
            files: [
                "ca.pem": trusted, "key.pem": identity.key.revealed, "cert.pem": identity.certificate,
            ],
            isReadmission: try revokedClients().getsNothing(order.name, holding: present))
    }

    /// Writes a signed certificate. The files are replaced as one: an interruption leaves all of them or none.
    /// - Throws: where the client was revoked since it was signed; then no file is written.
    public func keep(_ signed: SignedClient) throws(CredentialsError) {
        let name = signed.certificate.clientName
        let revoked = try revokedClients()
        guard signed.isReadmission || !revoked.getsNothing(name, holding: certificate(in: signed.place))
        else {
            throw CredentialsError(
                .certificate, "The client \(name) was revoked during the run.",
                hint: "List clients: buildkit-installer client list")
        }
        try record(signed.files["cert.pem"] ?? "", signed.certificate)
        try FolderTransaction(folder: signed.place, order: Self.clientFiles).replace(signed.files)
    }

    /// Signs and writes a certificate for a client without registering it.
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

    /// The CA in this folder, to sign with.
    func signingAuthority() throws(CredentialsError) -> CertificateAuthority {
        guard let authority = try authority() else {
            throw CredentialsError(
                .key, "The CA key is missing: \(path(of: .authorityKey)).",
                path: path(of: .authorityKey),
                hint: "Copy the authority/ directory from the machine that has it.")
        }
        return authority
    }

    /// The certificate of a client's folder; nil where it cannot be read.
    private func certificate(in folder: String) -> CertificateSummary? {
        guard let bytes = try? SecureFile.contents(of: "\(folder)/cert.pem").bytes else { return nil }
        return try? CertificateSummary(pem: String(decoding: bytes, as: UTF8.self), role: .client)
    }
}

// MARK: - Records

extension CertificateFolder {
    /// Every client certificate that was signed or is stored here, the oldest first. Those whose files are on other
    /// machines are included: they can still be revoked.
    public func issuedCertificates() throws(CredentialsError) -> [CertificateSummary] {
        var certificates: [CertificateSummary] = []
        var fingerprints: Set<String> = []
        // A certificate in use has a record with the same text, which is not parsed again.
        var texts: Set<[UInt8]> = []
        for file in try clientCertificates() + recordedCertificates() {
            let bytes = try SecureFile.contents(of: file).bytes
            guard texts.insert(bytes).inserted else { continue }
            // An unreadable certificate has no client name.
            let pem = String(decoding: bytes, as: UTF8.self)
            guard let summary = try? CertificateSummary(pem: pem, role: .client) else { continue }
            if fingerprints.insert(summary.fingerprint).inserted { certificates.append(summary) }
        }
        return certificates.sorted { ($0.notBefore, $0.serial) < ($1.notBefore, $1.serial) }
    }

    /// Records the client certificates in this folder, so that they can also be revoked after they have been
    /// replaced. To be called before any of them is replaced.
    public func recordClients() throws(CredentialsError) {
        for file in try clientCertificates() {
            let pem = String(decoding: try SecureFile.contents(of: file).bytes, as: UTF8.self)
            guard let summary = try? CertificateSummary(pem: pem, role: .client) else { continue }
            try record(pem, summary)
        }
    }

    /// Deletes a certificate that was never delivered, with its record. Other files in the client's folder are kept.
    public func withdrawClient(_ name: String, except kept: [String]) throws(CredentialsError) {
        let place = place(ofClient: name)
        guard let certificate = certificate(in: place), !kept.contains(certificate.serial) else { return }
        // As one: an interruption leaves all of them or none. A folder that cannot be exchanged keeps them until here; the
        // certificate is the last, since files without one may be the user's.
        try FolderTransaction(folder: place, order: Self.clientFiles).replace([:])
        for file in ["key.pem", "ca.pem", "cert.pem"] { try SecureFile.removeFile("\(place)/\(file)") }
        try SecureFile.removeFile("\(records)/\(certificate.serial).pem")
        for folder in [place, records] { try SecureFile.removeFolderIfEmpty(folder) }
    }

    /// Writes a client's files that were created elsewhere, for buildx on this machine. All of them are replaced
    /// atomically.
    public func keepClient(
        authority: String, certificate: String, key: SecretText
    ) throws(CredentialsError) {
        try recover()
        let transaction = FolderTransaction(folder: "\(path)/client", order: Self.clientFiles)
        try transaction.recover()
        try transaction.replace(["ca.pem": authority, "key.pem": key.revealed, "cert.pem": certificate])
    }

    /// In the folder of the CA: a copy of that folder includes its records.
    private var records: String { "\(path)/authority/issued" }

    private func record(_ pem: String, _ summary: CertificateSummary) throws(CredentialsError) {
        let file = "\(records)/\(summary.serial).pem"
        guard !SecureFile.exists(file) else { return }
        try SecureFile.makeFolder(records)
        // It gets its final name only when it is complete.
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
    /// The state of the signing CA in this folder; nil where there is none.
    public func keptAuthority() throws(CredentialsError) -> AuthorityStatus? {
        try kept(.authorityCertificate, .authorityKey)
    }

    /// The state of the previous CA in this folder, until it is dropped; nil where there is none.
    public func keptFormerAuthority() throws(CredentialsError) -> AuthorityStatus? {
        try kept(.formerCertificate, .formerKey)
    }

    private func kept(
        _ certificate: CertificateFile, _ key: CertificateFile
    ) throws(CredentialsError) -> AuthorityStatus? {
        guard SecureFile.exists(settledPath(of: certificate)) else { return nil }
        let pem = try settledText(of: certificate)
        let summary = try CertificateSummary(pem: pem, role: .authority)
        let revoked = try serialsOnList(of: pem)
        guard SecureFile.exists(settledPath(of: key)) else {
            return AuthorityStatus(
                certificate: summary, trouble: "its key is missing: \(path(of: key))", revoked: revoked)
        }
        do {
            _ = try CertificateAuthority(certificate: pem, key: SecretText(settledText(of: key)))
            return AuthorityStatus(certificate: summary, revoked: revoked)
        } catch {
            return AuthorityStatus(
                certificate: summary, trouble: "its key is unusable: \(error.sentence)", revoked: revoked)
        }
    }

    /// An unreadable list revokes nothing here; the function that extends it reports it.
    private func serialsOnList(of authority: String) throws(CredentialsError) -> [String] {
        let certificate = try PEM(authority).firstCertificate(called: "The CA certificate")
        guard let lists = try? CRLCoder.all(in: settledText(of: .revocations)) else { return [] }
        return lists.filter { $0.isOf(certificate) }.flatMap { $0.entries.map(\.serial) }
    }

    private func settledText(of file: CertificateFile) throws(CredentialsError) -> String {
        String(decoding: try SecureFile.contents(of: settledPath(of: file)).bytes, as: UTF8.self)
    }

    func text(of file: CertificateFile) throws(CredentialsError) -> String {
        String(decoding: try bytes(of: file), as: UTF8.self)
    }
}

/// A signed client certificate that is not written yet.
public struct SignedClient: Sendable {
    public let certificate: CertificateSummary
    /// The folder of its files.
    public let place: String
    /// The contents of ``CertificateFolder/clientFiles``.
    let files: [String: String]
    /// Whether the client was revoked when it was signed, and is readmitted on purpose.
    let isReadmission: Bool
}

/// The properties of a certificate for a new client.
public struct ClientOrder: Codable, Equatable, Sendable {
    /// As permitted by `ClientName`.
    public var name: String
    public var algorithm: KeyAlgorithm
    public var days: Int

    public init(name: String, algorithm: KeyAlgorithm = .p256, days: Int = 365) {
        self.name = name
        self.algorithm = algorithm
        self.days = days
    }
}

/// The state of a CA in a folder, for reports and plans: never its key.
public struct AuthorityStatus: Sendable, Hashable, Codable {
    public let certificate: CertificateSummary
    /// Why it cannot sign: a sentence; nil where its key is here and matches.
    public let trouble: String?
    /// The serials that it has revoked.
    public let revoked: [String]

    /// Whether its key is here and matches.
    public var canSign: Bool { trouble == nil }

    public init(certificate: CertificateSummary, trouble: String? = nil, revoked: [String] = []) {
        self.certificate = certificate
        self.trouble = trouble
        self.revoked = revoked
    }
}
