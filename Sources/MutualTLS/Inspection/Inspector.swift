import FoundationEssentials
import X509

/// Collects the findings on a set of credentials.
struct Inspector {
    let now: Date
    private(set) var inspection = Inspection()
    /// Parts that both sides share are parsed once.
    private var authorities: [String: [Certificate]] = [:]

    /// The folder of the named parts; nil where they are not files.
    private let folder: String?

    init(now: Date, folder: String? = nil) {
        self.now = now
        self.folder = folder
    }

    /// The path of a part, for a command; nil where it is not a file.
    private func path(of part: PEMItem) -> String? {
        part.name.hasPrefix("/") ? part.name : folder.map { "\($0)/\(part.name)" }
    }

    /// A part in a command, already quoted.
    private func word(for part: PEMItem) -> String { path(of: part)?.quotedForShell ?? part.name }

    // MARK: Single files

    /// The CAs in a file; several during a CA rotation.
    mutating func authorities(in part: PEMItem) -> [Certificate] {
        if let known = authorities[part.name] { return known }
        let certificates = certificates(in: part)
        for certificate in certificates {
            note(certificate, role: .authority)
            checkDates(of: certificate, in: part)
            // A version 1 certificate has no extensions that could permit or forbid it.
            if !certificate.maySignCertificates, certificate.version != .v1 {
                add(
                    .notAuthority, .error, part,
                    "\(part.name) is not a CA certificate: “\(certificate.subject)” cannot sign certificates.",
                    "Provide the CA certificate that signed the others (CA:TRUE).")
            }
        }
        authorities[part.name] = certificates
        return certificates
    }

    /// The certificate of a pair, with the intermediates in its file.
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
                "\(side.certificate.name) also contains "
                    + "\(strangers.map { "“\($0.subject)”" }.joined(separator: ", ")), "
                    + "which signed neither “\(leaf.subject)” nor one of its signers.",
                "Remove the certificates that are not part of the chain.")
        }
        if leaf.maySignCertificates {
            add(
                .wrongPurpose, .warning, side.certificate,
                "\(side.certificate.name) is a CA certificate and must not be used as a leaf certificate.",
                "Issue a certificate for this purpose.")
        }
        return chain
    }

    /// The chain with the key's own certificate first, as TLS requires (RFC 8446, section 4.4.2); the others may be
    /// in any order. Another order in the file is reported, and further checks use the correct order.
    private mutating func ordered(
        _ chain: [Certificate], in side: PEMSet.Side, by key: Certificate.PrivateKey?
    ) -> [Certificate] {
        guard let key, let first = chain.first, key.publicKey != first.publicKey else { return chain }
        guard let own = chain.firstIndex(where: { $0.publicKey == key.publicKey }) else {
            add(
                .keyMismatch, .error, side.key,
                "\(side.key.name) does not match \(side.certificate.name): they are not a pair.",
                "Copy the key that belongs to this certificate.")
            return chain
        }
        let file = word(for: side.certificate)
        let order = [own] + chain.indices.filter { $0 != own }
        add(
            .keyMismatch, .error, side.certificate,
            "\(side.certificate.name) starts with “\(first.subject)”, which is not the certificate of "
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
                .readableByOthers, .warning, part, "\(part.name) is readable by other users of this machine.",
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
                .missing, .error, part, "\(part.name) is missing.", "Provide it, or issue new certificates."
            )
        case .unreadable(let sentence):
            add(.unreadable, .error, part, sentence, "Check its owner and permissions.")
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
                "\(whose) is not valid before \(certificate.notValidBefore.day).",
                "Check the clock of this machine and of the one that issued it.")
        } else if days < CertificateSummary.usualLimit {
            add(
                .expiresSoon, .warning, part,
                "\(whose) expires on \(certificate.notValidAfter.day), in \(days) \(days == 1 ? "day" : "days").",
                "Renew it before then.")
        }
    }

    // MARK: Combination

    /// Checks whether the other end, which trusts these CAs, will accept the certificate.
    mutating func check(
        _ chain: [Certificate], in part: PEMItem, as usage: ExtendedKeyUsage.Usage,
        by verifier: ChainVerifier,
        in authority: PEMItem, severity: Finding.Severity
    ) {
        guard let leaf = chain.first else { return }
        if let refusal = verifier.library.purposeRefusal(of: [leaf], for: usage) {
            let purpose = usage == .serverAuth ? "server (serverAuth)" : "client (clientAuth)"
            add(
                .wrongPurpose, .error, part,
                "\(part.name) cannot be used as a \(purpose) certificate: \(refusal.reason).",
                "\(refusal.hint) Server and client certificate may be swapped.")
        }
        guard !verifier.anchors.isEmpty else { return }
        switch verifier.doubt(about: leaf, with: Array(chain.dropFirst()), for: usage, now: now) {
        case nil, .expired(leaf), .notYetValid(leaf): break
        case .expired(let signer):
            // A CA's own dates have been checked already.
            guard !verifier.anchors.contains(signer) else { return }
            add(
                .expired, .error, part,
                "“\(signer.subject)” in \(part.name) expired on \(signer.notValidAfter.day).",
                "Replace it with the new certificate of that CA.")
        case .notYetValid(let signer):
            guard !verifier.anchors.contains(signer) else { return }
            add(
                .notYetValid, .error, part,
                "“\(signer.subject)” in \(part.name) is not valid before \(signer.notValidBefore.day).",
                "Check the clock of this machine and of the one that issued it.")
        case .wrongPurpose(let refusal):
            guard verifier.library.purposeRefusal(of: [leaf], for: usage) == nil else { return }
            refuse(part, with: authority, refusal, severity)
        case .refused(let refusal):
            // Anchors that are not CAs have been reported already.
            guard verifier.anchors.allSatisfy({ $0.maySignCertificates || $0.version == .v1 }) else { return }
            refuse(part, with: authority, refusal, severity)
        case .notSigned(let certificate):
            add(
                .notSigned, severity, part,
                "\(part.name) is not signed by the CA in \(authority.name): "
                    + "\(verifier.words(unsigned: certificate)).",
                verifier.hasNamesake(of: certificate)
                    ? "Provide the certificate of the CA that signed it."
                    : "If “\(certificate.issuer)” is an intermediate CA, append its certificate: "
                        + "cat intermediate.pem >> \(word(for: part)). "
                        + "Otherwise provide the CA that signed it.")
        }
    }

    private mutating func refuse(
        _ part: PEMItem, with authority: PEMItem, _ refusal: Refusal, _ severity: Finding.Severity
    ) {
        add(
            .refusedForAnotherReason, severity, part,
            "\(part.name) is not accepted with the CA in \(authority.name): \(refusal.reason).",
            refusal.hint)
    }

    mutating func check(_ leaf: Certificate, in part: PEMItem, covers expected: [SubjectName]) {
        let names = CertificateSummary(leaf).names
        let missing = expected.filter { name in !names.contains { $0.covers(name.description) } }
        guard !missing.isEmpty else { return }
        let covered = names.isEmpty ? "no host" : names.map(\.description).joined(separator: ", ")
        add(
            .nameNotCovered, .error, part,
            "\(part.name) is not valid for \(missing.map(\.description).joined(separator: ", ")); "
                + "it covers \(covered).",
            "Reissue it with that name, or connect with a name that it covers.")
    }

    /// Checks that a server certificate cannot be used as a client certificate.
    mutating func checkServesOnly(_ leaf: Certificate, in part: PEMItem) {
        guard leaf.isGood(for: .serverAuth), leaf.isGood(for: .clientAuth) else { return }
        let reason =
            leaf.purposes == nil
            ? "it has no extended key usage" : "its extended key usage includes clientAuth"
        add(
            .wrongPurpose, .warning, part,
            "\(part.name) would also be accepted as a client certificate, since \(reason): a build's RUN step with "
                + "access to it could control BuildKit.",
            "Reissue it with extendedKeyUsage=serverAuth only.")
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
    /// The certificates that signed it, or one of its signers, by their names.
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
