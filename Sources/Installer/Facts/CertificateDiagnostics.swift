import FoundationEssentials
import MutualTLS

/// The diagnostics of all certificates together: mismatches between places, and expiry.
struct CertificateDiagnostics {
    typealias Diagnostic = CertificateInventory.Diagnostic

    private let inventory: CertificateInventory
    private let facts: Facts

    init(_ inventory: CertificateInventory, _ facts: Facts) {
        self.inventory = inventory
        self.facts = facts
    }

    var all: [Diagnostic] {
        let all = revocations + dates + server + clients + authority + phases + findings
        var told: Set<String> = []
        let once = all.filter { told.insert($0.sentence).inserted }
        return once.filter { $0.severity == .error } + once.filter { $0.severity == .warning }
    }

    /// Installations with the same CA have a list each, so a revocation may be in effect in one of them only.
    private var revocations: [Diagnostic] {
        let revocations = facts.revocations
        guard let sentence = revocations.pendingSentence else { return [] }
        let client = revocations.pendingClients.first {
            $0 != facts.ownClient && revocations.knows($0) && (try? ClientName.check($0)) != nil
        }
        return [
            .error(
                "RevocationNotInEffect", "certificate/revocations", sentence,
                "Publish them: buildkit-installer \(client.map { "client revoke \($0)" } ?? "rotate")")
        ]
    }

    // MARK: Single certificates

    private var dates: [Diagnostic] {
        inventory.entries.filter { !$0.isRevoked }.compactMap { entry in
            let (certificate, days) = (entry.certificate, entry.daysLeft)
            switch entry.validity {
            case .valid: return nil
            case .ending:
                let words = days == 1 ? "1 day" : "\(days) days"
                return .warning(
                    "CertificateExpiring", entry.id,
                    "\(entry.title) expires on \(certificate.notAfter.day), in \(words).",
                    Self.renewal(of: entry.use))
            case .expired:
                return .error(
                    "CertificateExpired", entry.id, "\(entry.title) expired on \(certificate.notAfter.day).",
                    Self.renewal(of: entry.use))
            case .early:
                return .error(
                    "CertificateNotYetValid", entry.id,
                    "\(entry.title) is not valid before \(certificate.notBefore.day), by this machine's clock.",
                    "Check the clock: date")
            }
        }
    }

    /// The findings of an inspection except those on dates, which are reported above.
    private var findings: [Diagnostic] {
        let revocations = facts.revocations
        let told: [Finding.Kind] = [.expired, .expiresSoon, .notYetValid]
        let found =
            ((facts.folder.value ?? nil)?.findings ?? []) + (facts.secrets.value?.findings ?? [])
            + (facts.clients.value ?? [:]).filter { !revocations.isRevoked($0.key) }.sorted {
                $0.key < $1.key
            }
            .flatMap(\.value.findings)
        return found.filter { !told.contains($0.kind) }.map {
            Diagnostic(
                severity: $0.severity, code: $0.code, id: "file/\($0.file)", sentence: $0.sentence,
                hint: $0.hint.isEmpty ? nil : $0.hint)
        }
    }

    // MARK: Mismatches

    private var server: [Diagnostic] {
        guard let here = server(in: .here), let secret = server(in: .secret), here != secret else {
            return rollout
        }
        let isNewer = here == facts.newerServerCertificate
        let sentence =
            isNewer
            ? "The certificates in the certificate directory (\(here.shortSerial)) are newer than those in the Secret "
                + "(\(secret.shortSerial))."
            : "The server certificate on this machine (\(here.shortSerial)) differs from the one in the Secret "
                + "(\(secret.shortSerial))."
        let difference = Diagnostic.warning(
            "ServerCertificateDiffers", "certificate/server", sentence,
            isNewer ? "Install them: buildkit-installer rotate" : renew)
        return [difference] + rollout
    }

    /// Certificates in the proxy's Secret that the proxy does not serve yet.
    var rollout: [Diagnostic] {
        guard let secret = server(in: .secret), let served = server(in: .served), secret != served else {
            return []
        }
        return [
            .warning(
                "ServerCertificateNotLoaded", "certificate/server",
                "The proxy serves \(served.shortSerial), but its Secret contains \(secret.shortSerial): "
                    + "it has not reloaded it.", "Force reload: buildkit-installer rotate")
        ]
    }

    private func server(in place: CertificateInventory.Location) -> CertificateSummary? {
        inventory.entries(in: place).first { $0.use == .server }?.certificate
    }

    /// The CAs that the proxy trusts for clients; nil where unknown.
    private var trusted: [CertificateSummary]? {
        facts.secrets.value?.outer?.certificates.filter { $0.role == .authority }
    }

    private var clients: [Diagnostic] {
        inventory.entries(in: .here).compactMap { entry in
            guard case .client(let name) = entry.use else { return nil }
            let certificate = entry.certificate
            if entry.isRevoked {
                // A revoked certificate of another client is not a problem.
                guard name == facts.ownClient else { return nil }
                return .error(
                    "CertificateRevoked", entry.id,
                    "\(entry.title), which docker buildx on this machine uses, is revoked.",
                    "Grant access again: buildkit-installer client add \(name)")
            }
            guard let trusted, !trusted.contains(where: certificate.isSigned) else { return nil }
            return .error(
                "CertificateUntrusted", entry.id,
                "\(entry.title) is not signed by a CA that the proxy trusts, so it is rejected.", renew
            )
        }
    }

    private var authority: [Diagnostic] {
        guard let current = facts.authorities.value?.current else { return [] }
        var remarks: [Diagnostic] = []
        if let trouble = current.trouble {
            remarks.append(
                .warning(
                    "AuthorityUnusable", "certificate/authority",
                    "The CA on this machine cannot sign: \(trouble).",
                    "Copy the authority/ directory from the machine that has it, or create a new CA: "
                        + "buildkit-installer rotate --renew authority"))
        }
        if let trusted, !trusted.contains(current.certificate) {
            remarks.append(
                .warning(
                    "AuthorityUntrusted", "certificate/authority",
                    "The proxy does not trust the CA on this machine.", renew))
        }
        return remarks
    }

    /// A CA rotation whose second phase is still to come, by what the proxy trusts.
    private var phases: [Diagnostic] {
        let kept = facts.authorities.value
        guard facts.secrets.failure == nil else { return kept?.former == nil ? [] : [unknownPhase] }
        let current = kept?.current?.certificate
        let own = [current, kept?.waiting?.certificate].compactMap(\.self)
        let others = facts.trusted.filter { !own.contains($0) }
        // Several CAs in a bundle of another tool are not a rotation.
        let isOurs = facts.secrets.value?.outer?.isOurs ?? false
        let former = kept?.former?.certificate
        guard isOurs || others.contains(where: { $0 == former }), facts.trusted.count > 1, !others.isEmpty,
            current.map(facts.trusted.contains) ?? true
        else { return [] }
        // A CA that is newer than the signing one was not before it.
        let stranger = others.first { other in
            other != former && current.map { other.notBefore > $0.notBefore } ?? false
        }
        guard let stranger else { return [formerPhase] }
        return [
            .warning(
                "UnknownAuthorityTrusted", "certificate/authority",
                "The proxy also trusts the CA \(stranger.shortSerial), which is newer than the one on this machine.",
                "If another machine created it, copy its authority/ directory. If its rotation was discarded, drop it: "
                    + "buildkit-installer rotate --finish")
        ]
    }

    private var formerPhase: Diagnostic {
        .warning(
            "FormerAuthorityTrusted", "certificate/former-authority", "The old CA is still trusted.",
            "Once every client has new certificates, drop it: buildkit-installer rotate --finish")
    }

    private var unknownPhase: Diagnostic {
        .warning(
            "FormerAuthorityUnknown", "certificate/former-authority",
            "It is unknown whether the old CA in the certificate directory is still trusted: the Secret "
                + "\(CertificateLayout.secretNames.outer) could not be read.",
            "Check again: buildkit-installer status")
    }

    /// A CA that another installation with this folder has created comes to the proxy by an install, and one that it has
    /// dropped goes by an install. One that the directory has no record of does not.
    private var renew: String {
        let isChanged = facts.trustsFormerAuthorityOnly || !facts.authoritiesDroppedByOthers.isEmpty
        return isChanged && facts.trustedAuthorities.lost.isEmpty
            ? "Install the certificates in the certificate directory: buildkit-installer install"
            : Self.renewal(of: .server)
    }

    /// The command that replaces a certificate before it expires.
    private static func renewal(of use: CertificateInventory.Use) -> String {
        switch use {
        case .server, .client: "Renew it: buildkit-installer rotate"
        case .authority: "Create a new CA: buildkit-installer rotate --renew authority"
        case .formerAuthority: "Stop trusting it: buildkit-installer rotate --finish"
        case .innerAuthority, .builder, .proxy: "Renew it: buildkit-installer rotate --renew inner"
        }
    }
}

extension CertificateInventory.Diagnostic {
    static func error(_ code: ErrorCode, _ id: String, _ sentence: String, _ hint: String?) -> Self {
        Self(severity: .error, code: code, id: id, sentence: sentence, hint: hint)
    }

    static func warning(_ code: ErrorCode, _ id: String, _ sentence: String, _ hint: String?) -> Self {
        Self(severity: .warning, code: code, id: id, sentence: sentence, hint: hint)
    }
}

extension Finding {
    /// `CertificateKeyMismatch`
    var code: ErrorCode {
        ErrorCode(rawValue: "Certificate" + kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst())
    }
}
