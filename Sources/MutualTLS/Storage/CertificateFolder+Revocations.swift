import FoundationEssentials
import X509

extension CertificateFolder {
    /// Revokes certificates: adds their serials to the record of their client, and to the list of the CA that signed
    /// them; to every list where the CA is unknown here. Revoking them again changes nothing.
    ///
    /// A pending renewal is checked again: clients that are revoked by now are removed from it.
    /// - Parameter client: the client of certificates that are not known here; empty where unknown.
    public func revoke(
        _ serials: [String], of client: String = "", now: Date
    ) throws(CredentialsError) {
        try recover()
        // Without a key that can sign here, nothing is written.
        _ = try signingAuthority()
        try recordClients()
        let signers = try knownAuthorities()
        let issued = try issuedCertificates()
        let known = try issued + waitingClients().map(\.certificate)
        var certificates: [String: [RevokedCertificate]] = [:]
        for serial in serials.map({ $0.lowercased() }) {
            let certificate = known.first { $0.serial == serial }
            certificates[certificate?.clientName ?? client, default: []].append(
                RevokedCertificate(serial: serial, signer: certificate?.signer(among: signers), date: now))
        }
        try recordRevocations(certificates)
        let merged = try mergeRevocations(inForce: nil, trusting: "", among: issued, now: now)
        guard merged.unsigned.isEmpty else {
            throw CredentialsError(
                .key,
                "A trusted CA has no key on this machine, so its revocation list cannot be updated: "
                    + "\(merged.unsigned.joined(separator: ", ")).",
                path: path(of: .formerKey),
                hint: "Copy the authority/ directory from the machine that has it, or drop the old CA."
            )
        }
    }

    /// Merges the revocations of the cluster and of this folder: the lists, the records, and those of a pending
    /// renewal. Afterwards this folder contains all of them.
    /// - Parameters:
    ///   - inForce: the lists that the proxy uses; nil where it has none.
    ///   - trusted: the certificates of the CAs that the proxy will trust, in PEM.
    /// - Returns: the lists for the proxy.
    @discardableResult
    public func mergeRevocations(
        inForce: String?, trusting trusted: String, now: Date
    ) throws(CredentialsError) -> MergedRevocations {
        try recover()
        try recordClients()
        return try mergeRevocations(
            inForce: inForce, trusting: trusted, among: issuedCertificates(), now: now)
    }

    /// Merges the register and the revocations of the cluster and of this folder; the certificates that were issued here
    /// are read once for both.
    /// - Parameters:
    ///   - known: the register in the cluster; nil where there is none yet.
    ///   - signed: signed certificates that are not written yet.
    /// - Returns: the register and the lists for the cluster.
    @discardableResult
    public func merge(
        _ known: ClientRegistry?, adding signed: [CertificateSummary] = [], inForce: String?,
        trusting trusted: String, now: Date
    ) throws(CredentialsError) -> (registry: ClientRegistry, lists: MergedRevocations) {
        try recover()
        try recordClients()
        let issued = try issuedCertificates()
        let registry = try mergeRegistry(known, adding: signed, among: issued, now: now)
        let lists = try mergeRevocations(inForce: inForce, trusting: trusted, among: issued, now: now)
        return (registry, lists)
    }

    /// - Parameter issued: ``issuedCertificates()``, all with their records.
    private func mergeRevocations(
        inForce: String?, trusting trusted: String, among issued: [CertificateSummary], now: Date
    ) throws(CredentialsError) -> MergedRevocations {
        var merge = RevocationMerge()
        if let inForce { try merge.add(inForce, called: "crl.pem in the Secret", isInForce: true) }
        try addLists(to: &merge)
        try learn(from: merge, issued)
        try rejudgeRenewal(issued, now)
        // The records may have been extended.
        merge = RevocationMerge()
        if let inForce { try merge.add(inForce, called: "crl.pem in the Secret", isInForce: true) }
        try addLists(to: &merge)
        let keys = try signingAuthorities()
        let own = try merge.mergedKeepingOthers(for: authorityCertificates(), keys: keys, now: now)
        try keep(own)
        guard !trusted.isEmpty else { return own }
        // The lists in this folder and in the Secret are identical.
        if !own.pem.isEmpty { try merge.add(own.pem, called: path(of: .revocations)) }
        let authorities = try PEM(trusted).certificates(called: "ca.pem")
        return try merge.merged(for: authorities, keys: keys, now: now)
    }

    /// The lists in this folder for its future CAs.
    func mergedRevocations(for authorities: [String], now: Date) throws(CredentialsError) -> MergedRevocations
    {
        var merge = RevocationMerge()
        try addLists(to: &merge)
        var certificates: [Certificate] = []
        for pem in authorities { certificates += try PEM(pem).certificates(called: "ca.pem") }
        return try merge.merged(for: certificates, keys: signingAuthorities(), now: now)
    }

    /// The lists in this folder, regardless of their CA.
    func allRevocations(now: Date) throws(CredentialsError) -> String {
        var merge = RevocationMerge()
        try addLists(to: &merge)
        return try merge.mergedKeepingOthers(for: [], keys: [], now: now).pem
    }

    private func addLists(to merge: inout RevocationMerge) throws(CredentialsError) {
        for folder in [self, renewal] where folder.holds([.revocations]) {
            try merge.add(folder.text(of: .revocations), called: folder.path(of: .revocations))
        }
        merge.add(try revocationRecords())
    }

    private func keep(_ merged: MergedRevocations) throws(CredentialsError) {
        let before = holds([.revocations]) ? try text(of: .revocations) : ""
        guard !merged.pem.isEmpty, merged.pem != before else { return }
        try FolderTransaction(folder: path).write([.revocations: merged.pem])
    }

    /// A revocation on a list that belongs to a known client is added to that client's record: it outlives the list.
    private func learn(
        from merge: RevocationMerge, _ issued: [CertificateSummary]
    ) throws(CredentialsError) {
        let signers = try knownAuthorities()
        let revoked = merge.serials
        var certificates: [String: [RevokedCertificate]] = [:]
        for certificate in issued {
            guard let date = revoked[certificate.serial] else { continue }
            certificates[certificate.clientName, default: []].append(
                RevokedCertificate(
                    serial: certificate.serial, signer: certificate.signer(among: signers), date: date))
        }
        try recordRevocations(certificates)
    }

    // MARK: Authorities

    /// The certificates of the CAs that are stored here, or are pending.
    func authorityCertificates() throws(CredentialsError) -> [Certificate] {
        var certificates: [Certificate] = []
        for folder in [self, renewal] {
            for file in [CertificateFile.authorityCertificate, .formerCertificate] where folder.holds([file])
            {
                certificates += try PEM(folder.text(of: file)).certificates(called: folder.path(of: file))
            }
        }
        return certificates
    }

    private func knownAuthorities() throws(CredentialsError) -> [CertificateSummary] {
        try authorityCertificates().map { CertificateSummary($0, role: .authority) }
    }

    /// The CAs whose keys are here. A key that does not match is ignored.
    private func signingAuthorities() throws(CredentialsError) -> [CertificateAuthority] {
        var authorities: [CertificateAuthority] = []
        for folder in [self, renewal] {
            for (certificate, key) in [
                (CertificateFile.authorityCertificate, CertificateFile.authorityKey),
                (.formerCertificate, .formerKey),
            ] where folder.holds([certificate, key]) {
                let pair = (try folder.text(of: certificate), SecretText(try folder.text(of: key)))
                guard let authority = try? CertificateAuthority(certificate: pair.0, key: pair.1) else {
                    continue
                }
                authorities.append(authority)
            }
        }
        return authorities
    }
}

// MARK: - Pending renewal

extension CertificateFolder {
    /// A client's part of a pending renewal.
    struct WaitingClient {
        let part: String
        let certificate: CertificateSummary
    }

    func waitingClients() throws(CredentialsError) -> [WaitingClient] {
        guard let pending = try pendingRenewal() else { return [] }
        return pending.parts.keys.sorted().filter { waits($0, of: pending) }.compactMap { part in
            renewal.certificate(inFolder: part).map { WaitingClient(part: part, certificate: $0) }
        }.filter { $0.part == "client" || $0.part.hasPrefix("clients/") }
    }

    /// Removes revoked clients from a pending renewal. The certificates that they would have received are revoked as
    /// well, because the proxy may already trust their CA.
    /// - Parameter issued: ``issuedCertificates()``.
    func rejudgeRenewal(_ issued: [CertificateSummary], _ now: Date) throws(CredentialsError) {
        let revoked = RevokedClients(issued: issued, serials: try revokedSerials())
        let dropped = try waitingClients().filter {
            revoked.getsNothing($0.certificate.clientName, holding: certificate(inFolder: $0.part))
        }
        guard !dropped.isEmpty, let pending = try pendingRenewal() else { return }
        let signers = try knownAuthorities()
        try recordRevocations(
            Dictionary(grouping: dropped, by: \.certificate.clientName).mapValues {
                $0.map {
                    RevokedCertificate(
                        serial: $0.certificate.serial, signer: $0.certificate.signer(among: signers),
                        date: now)
                }
            })
        // The renewal is updated first, so that the files cannot be put in place, then they are deleted.
        try write(pending.without(Set(dropped.map(\.part))))
        for client in dropped { try SecureFile.remove("\(renewal.path)/\(client.part)") }
    }

    /// The revoked clients, from everything that is known here.
    func revokedClients() throws(CredentialsError) -> RevokedClients {
        RevokedClients(issued: try issuedCertificates(), serials: try revokedSerials())
    }

    /// Every serial on a list here or in a record.
    func revokedSerials() throws(CredentialsError) -> Set<String> {
        var merge = RevocationMerge()
        try addLists(to: &merge)
        return Set(merge.serials.keys)
    }

    private func write(_ pending: PendingRenewal) throws(CredentialsError) {
        let file = "\(renewal.path)/\(PendingRenewal.file)"
        try SecureFile.remove("\(file).new")
        try SecureFile.create("\(file).new", bytes: Array(try pending.text.utf8), mode: 0o644)
        try SecureFile.move("\(file).new", to: file)
    }

    /// The certificate in one of its folders; nil where it cannot be read.
    func certificate(inFolder part: String) -> CertificateSummary? {
        guard let bytes = try? SecureFile.contents(of: "\(path)/\(part)/cert.pem").bytes else { return nil }
        return try? CertificateSummary(pem: String(decoding: bytes, as: UTF8.self), role: .client)
    }
}

extension RevocationMerge {
    /// Every serial that is known to be revoked, with its first revocation date.
    var serials: [String: Date] {
        (known.flatMap(\.list.entries).map { ($0.serial, $0.date) }
            + records.flatMap(\.certificates).map { ($0.serial, $0.date) })
            .reduce(into: [:]) { $0[$1.0] = min($0[$1.0] ?? $1.1, $1.1) }
    }
}

extension CertificateSummary {
    /// The key identifier of its signer: the one in the certificate, or that of a CA with a matching name.
    fileprivate func signer(among authorities: [CertificateSummary]) -> String? {
        signer ?? authorities.first { isSigned(by: $0) }?.keyIdentifier
    }
}
