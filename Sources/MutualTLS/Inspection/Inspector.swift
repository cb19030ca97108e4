import FoundationEssentials
import X509

/// Gathers what there is to say about a set of credentials.
struct Inspector {
    static let soon = 30

    let now: Date
    private(set) var inspection = Inspection()
    /// Parts that both sides share are read once.
    private var authorities: [String: [Certificate]] = [:]

    init(now: Date) { self.now = now }

    // MARK: One file at a time

    /// The authorities in a file, which may be several while one replaces another.
    mutating func authorities(in part: PEMItem) -> [Certificate] {
        if let known = authorities[part.name] { return known }
        let certificates = certificates(in: part)
        for certificate in certificates {
            note(certificate, role: .authority)
            checkDates(of: certificate, in: part)
            if !certificate.maySignCertificates {
                add(
                    .notAuthority, .error, part,
                    "\(part.name) is no authority's certificate: “\(certificate.subject)” may not sign.",
                    "Put the certificate there that signed the others (CA:TRUE).")
            }
        }
        authorities[part.name] = certificates
        return certificates
    }

    /// The certificate of a pair, and whatever intermediates come with it.
    mutating func pair(in side: PEMSet.Side, role: CertificateRole) -> [Certificate] {
        let chain = certificates(in: side.certificate)
        let key = key(in: side.key)
        guard let leaf = chain.first else { return [] }
        note(leaf, role: role)
        checkDates(of: leaf, in: side.certificate)
        if let key, key.publicKey != leaf.publicKey {
            add(
                .keyMismatch, .error, side.key,
                "\(side.key.name) does not belong to \(side.certificate.name): they are not from one pair.",
                "Copy the key that was made together with this certificate.")
        }
        if let second = chain.dropFirst().first, second.subject != leaf.issuer {
            add(
                .severalCertificates, .warning, side.certificate,
                "\(side.certificate.name) holds \(chain.count) certificates that are no chain; "
                    + "the first, “\(leaf.subject)”, is used.",
                "Keep only the one that belongs to the key.")
        }
        if leaf.maySignCertificates {
            add(
                .wrongPurpose, .warning, side.certificate,
                "\(side.certificate.name) is an authority's certificate, which should serve nobody itself.",
                "Have a certificate signed for this purpose.")
        }
        return chain
    }

    private mutating func certificates(in part: PEMItem) -> [Certificate] {
        guard let bytes = bytes(of: part) else { return [] }
        do {
            return try PEM(bytes).certificates(called: part.name)
        } catch {
            add(.notCertificate, .error, part, error.sentence, error.hint)
            return []
        }
    }

    private mutating func key(in part: PEMItem) -> Certificate.PrivateKey? {
        guard let bytes = bytes(of: part) else { return nil }
        if let mode = part.mode, mode & 0o077 != 0 {
            add(
                .readableByOthers, .warning, part, "\(part.name) can be read by other users of this machine.",
                "Run: chmod 600 \(part.name)")
        }
        do {
            return try PEM(bytes).privateKey(called: part.name)
        } catch {
            add(
                error.problem == .encryptedKey ? .encryptedKey : .notKey, .error, part, error.sentence,
                error.hint)
            return nil
        }
    }

    private mutating func bytes(of part: PEMItem) -> [UInt8]? {
        switch part.content {
        case .bytes(let bytes): return bytes
        case .missing:
            add(
                .missing, .error, part, "\(part.name) is missing.", "Put it there, or issue new certificates."
            )
        case .unreadable(let sentence):
            add(.unreadable, .error, part, sentence, "Check who owns it, and its permissions.")
        }
        return nil
    }

    private mutating func checkDates(of certificate: Certificate, in part: PEMItem) {
        let days = CertificateSummary(certificate).daysLeft(now)
        let whose = "\(part.name) (“\(certificate.subject)”)"
        if now > certificate.notValidAfter {
            add(
                .expired, .error, part, "\(whose) expired on \(certificate.notValidAfter.day).",
                "Issue new certificates.")
        } else if now < certificate.notValidBefore {
            add(
                .notYetValid, .error, part,
                "\(whose) is valid only from \(certificate.notValidBefore.day) on.",
                "Check the clock of this machine and of the one that issued it.")
        } else if days < Self.soon {
            add(
                .expiresSoon, .warning, part,
                "\(whose) ends on \(certificate.notValidAfter.day), in \(days) \(days == 1 ? "day" : "days").",
                "Renew it before then.")
        }
    }

    // MARK: How they fit together

    /// Whether the other end, which trusts these authorities, will accept the certificate.
    mutating func check(
        _ chain: [Certificate], in part: PEMItem, as usage: ExtendedKeyUsage.Usage, by anchors: [Certificate],
        in authority: PEMItem, severity: Finding.Severity
    ) async {
        guard let leaf = chain.first else { return }
        if !leaf.isGood(for: usage) {
            let purpose = usage == .serverAuth ? "a server's (serverAuth)" : "a client's (clientAuth)"
            add(
                .wrongPurpose, .error, part, "\(part.name) may not be used as \(purpose) certificate.",
                "Put the certificate there that was issued for it; perhaps two were swapped.")
        }
        guard !anchors.isEmpty else { return }
        switch await ChainVerifier(anchors: anchors).doubt(
            about: leaf, with: Array(chain.dropFirst()), for: usage, now: now)
        {
        // Dates and purposes have their own findings.
        case nil, .expired, .notYetValid, .wrongPurpose: break
        case .notSigned:
            add(
                .notSigned, severity, part,
                "\(part.name) is not signed by the authority in \(authority.name): "
                    + "its issuer is “\(leaf.issuer)”.",
                "Bring the authority that signed it, or a certificate that this authority signed.")
        case .other(let reason):
            // Authorities that are none have been named already.
            guard anchors.allSatisfy(\.maySignCertificates) else { return }
            add(
                .refusedForAnotherReason, severity, part,
                "\(part.name) is not accepted with the authority in \(authority.name): \(reason).",
                "Have it issued anew.")
        }
    }

    mutating func check(_ leaf: Certificate, in part: PEMItem, covers expected: [SubjectName]) {
        let names = CertificateSummary(leaf).names
        let missing = expected.filter { name in !names.contains { $0.covers(name.description) } }
        guard !missing.isEmpty else { return }
        let covered = names.isEmpty ? "no host at all" : names.map(\.description).joined(separator: ", ")
        add(
            .nameNotCovered, .error, part,
            "\(part.name) is not valid for \(missing.map(\.description).joined(separator: ", ")); "
                + "it covers \(covered).",
            "Have it issued with that name, or dial one that it covers.")
    }

    /// Whether it makes no client of who gets at it.
    mutating func checkServesOnly(_ leaf: Certificate, in part: PEMItem) {
        guard leaf.isGood(for: .serverAuth), leaf.isGood(for: .clientAuth) else { return }
        let reason = leaf.purposes == nil ? "no purpose is named in it" : "clientAuth is among its purposes"
        add(
            .wrongPurpose, .warning, part,
            "\(part.name) would also pass as a client's certificate, since \(reason): a build's RUN step that gets "
                + "at it could command BuildKit.",
            "Have it issued with extendedKeyUsage=serverAuth alone.")
    }

    // MARK: Notes

    private mutating func note(_ certificate: Certificate, role: CertificateRole) {
        let summary = CertificateSummary(certificate, role: role)
        if !inspection.certificates.contains(summary) { inspection.certificates.append(summary) }
    }

    private mutating func add(
        _ kind: Finding.Kind, _ severity: Finding.Severity, _ part: PEMItem, _ sentence: String,
        _ hint: String
    ) {
        let finding = Finding(kind: kind, severity: severity, file: part.name, sentence: sentence, hint: hint)
        if !inspection.findings.contains(finding) { inspection.findings.append(finding) }
    }
}
