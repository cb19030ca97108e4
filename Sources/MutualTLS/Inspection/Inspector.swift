import FoundationEssentials
import X509

/// Gathers what there is to say about a set of credentials.
struct Inspector {
    static let soon = 30

    let now: Date
    private(set) var inspection = Inspection()
    /// Parts that both sides share are read once.
    private var authorities: [String: [Certificate]] = [:]

    /// Where the files are that the parts are named after; nil where they are none.
    private let folder: String?

    init(now: Date, folder: String? = nil) {
        self.now = now
        self.folder = folder
    }

    /// Where a part is, for a command; nil where it is no file.
    private func path(of part: PEMItem) -> String? {
        part.name.hasPrefix("/") ? part.name : folder.map { "\($0)/\(part.name)" }
    }

    /// A part in a command that is not quoted any further.
    private func word(for part: PEMItem) -> String { path(of: part)?.quotedForShell ?? part.name }

    // MARK: One file at a time

    /// The authorities in a file, which may be several while one replaces another.
    mutating func authorities(in part: PEMItem) -> [Certificate] {
        if let known = authorities[part.name] { return known }
        let certificates = certificates(in: part)
        for certificate in certificates {
            note(certificate, role: .authority)
            checkDates(of: certificate, in: part)
            // Of version 1 there are no extensions that could allow or forbid it.
            if !certificate.maySignCertificates, certificate.version != .v1 {
                add(
                    .notAuthority, .error, part,
                    "\(part.name) is no authority's certificate: “\(certificate.subject)” may not sign.",
                    "Put the certificate there that signed the others (CA:TRUE).")
            }
        }
        authorities[part.name] = certificates
        return certificates
    }

    /// The certificate of a pair, and whatever signers come with it.
    mutating func pair(in side: PEMSet.Side, role: CertificateRole) -> [Certificate] {
        let key = key(in: side.key)
        let chain = ordered(certificates(in: side.certificate), in: side, by: key)
        guard let leaf = chain.first else { return [] }
        note(leaf, role: role)
        checkDates(of: leaf, in: side.certificate)
        let strangers = chain.filter { !leaf.signers(among: chain).contains($0) && $0 != leaf }
        if !strangers.isEmpty {
            add(
                .severalCertificates, .warning, side.certificate,
                "\(side.certificate.name) also holds \(strangers.map { "“\($0.subject)”" }.joined(separator: ", ")), "
                    + "which signed neither “\(leaf.subject)” nor one of its signers.",
                "Remove what is not part of the chain.")
        }
        if leaf.maySignCertificates {
            add(
                .wrongPurpose, .warning, side.certificate,
                "\(side.certificate.name) is an authority's certificate, which should serve nobody itself.",
                "Have a certificate signed for this purpose.")
        }
        return chain
    }

    /// The certificates with the key's own first, as TLS demands (RFC 8446, section 4.4.2); the rest may follow in any
    /// order. Where the file has it otherwise that is said, and the rest is judged as if it were mended.
    private mutating func ordered(
        _ chain: [Certificate], in side: PEMSet.Side, by key: Certificate.PrivateKey?
    ) -> [Certificate] {
        guard let key, let first = chain.first, key.publicKey != first.publicKey else { return chain }
        guard let own = chain.firstIndex(where: { $0.publicKey == key.publicKey }) else {
            add(
                .keyMismatch, .error, side.key,
                "\(side.key.name) does not belong to \(side.certificate.name): they are not from one pair.",
                "Copy the key that was made together with this certificate.")
            return chain
        }
        let file = word(for: side.certificate)
        let order = [own] + chain.indices.filter { $0 != own }
        add(
            .keyMismatch, .error, side.certificate,
            "\(side.certificate.name) begins with “\(first.subject)”, which is not the certificate of "
                + "\(side.key.name): “\(chain[own].subject)” is, and must come first.",
            "Put it first: awk '/-----BEGIN/ { n++ } n { print > (FILENAME \".\" n) }' \(file) && cat "
                + order.map { "\(file).\($0 + 1)" }.joined(separator: " ")
                + " > \(file).new && mv \(file).new \(file) && rm "
                + chain.indices.map { "\(file).\($0 + 1)" }.joined(separator: " "))
        return order.map { chain[$0] }
    }

    private mutating func certificates(in part: PEMItem) -> [Certificate] {
        guard let bytes = bytes(of: part) else { return [] }
        do {
            return try PEM(bytes).certificates(called: part.name, at: path(of: part))
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
                "Run: chmod 600 \(word(for: part))")
        }
        do {
            return try PEM(bytes).privateKey(called: part.name, at: path(of: part))
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
        _ chain: [Certificate], in part: PEMItem, as usage: ExtendedKeyUsage.Usage,
        by verifier: ChainVerifier,
        in authority: PEMItem, severity: Finding.Severity
    ) {
        guard let leaf = chain.first else { return }
        if let refusal = verifier.library.purposeRefusal(of: [leaf], for: usage) {
            let purpose = usage == .serverAuth ? "a server's (serverAuth)" : "a client's (clientAuth)"
            add(
                .wrongPurpose, .error, part,
                "\(part.name) may not be used as \(purpose) certificate: \(refusal.reason).",
                "\(refusal.hint) Or put the certificate there that was issued for it, if two were swapped.")
        }
        guard !verifier.anchors.isEmpty else { return }
        switch verifier.doubt(about: leaf, with: Array(chain.dropFirst()), for: usage, now: now) {
        case nil, .expired(leaf), .notYetValid(leaf): break
        case .expired(let signer):
            // An authority's own dates have been judged already.
            guard !verifier.anchors.contains(signer) else { return }
            add(
                .expired, .error, part,
                "“\(signer.subject)” in \(part.name) expired on \(signer.notValidAfter.day).",
                "Replace it by that authority's new certificate.")
        case .notYetValid(let signer):
            guard !verifier.anchors.contains(signer) else { return }
            add(
                .notYetValid, .error, part,
                "“\(signer.subject)” in \(part.name) is valid only from \(signer.notValidBefore.day) on.",
                "Check the clock of this machine and of the one that issued it.")
        case .wrongPurpose(let refusal):
            guard verifier.library.purposeRefusal(of: [leaf], for: usage) == nil else { return }
            refuse(part, with: authority, refusal, severity)
        case .refused(let refusal):
            // Authorities that are none have been named already.
            guard verifier.anchors.allSatisfy({ $0.maySignCertificates || $0.version == .v1 }) else { return }
            refuse(part, with: authority, refusal, severity)
        case .notSigned(let certificate):
            add(
                .notSigned, severity, part,
                "\(part.name) is not signed by the authority in \(authority.name): "
                    + "\(verifier.words(unsigned: certificate)).",
                verifier.hasNamesake(of: certificate)
                    ? "Bring the certificate of the authority that signed it."
                    : "If “\(certificate.issuer)” is an intermediate authority, append its certificate: "
                        + "cat intermediate.pem >> \(word(for: part)). "
                        + "Otherwise bring the authority that signed it.")
        }
    }

    private mutating func refuse(
        _ part: PEMItem, with authority: PEMItem, _ refusal: Refusal, _ severity: Finding.Severity
    ) {
        add(
            .refusedForAnotherReason, severity, part,
            "\(part.name) is not accepted with the authority in \(authority.name): \(refusal.reason).",
            refusal.hint)
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

extension Certificate {
    /// Which of these certificates signed it, or signed one of its signers, by the names in them.
    fileprivate func signers(among others: [Certificate]) -> [Certificate] {
        var found: [Certificate] = []
        var open = [self]
        while let certificate = open.popLast() {
            for signer in others where signer.subject == certificate.issuer && !found.contains(signer) {
                found.append(signer)
                open.append(signer)
            }
        }
        return found
    }
}
