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
        let all = dates + server + clients + authority + phases + findings
        var told: Set<String> = []
        let once = all.filter { told.insert($0.sentence).inserted }
        return once.filter { $0.severity == .error } + once.filter { $0.severity == .warning }
    }

    // MARK: Each by itself

    private var dates: [Diagnostic] {
        inventory.entries.filter { !$0.isRevoked }.compactMap { entry in
            let (certificate, days) = (entry.certificate, entry.daysLeft)
            switch entry.validity {
            case .valid: return nil
            case .ending:
                let words = days == 1 ? "1 day" : "\(days) days"
                return .warning(
                    "CertificateExpiring", entry.id,
                    "\(entry.title) ends on \(certificate.notAfter.day), in \(words).", renew)
            case .expired:
                return .error(
                    "CertificateExpired", entry.id, "\(entry.title) expired on \(certificate.notAfter.day).",
                    renew)
            case .early:
                return .error(
                    "CertificateNotYetValid", entry.id,
                    "\(entry.title) is valid only from \(certificate.notBefore.day) on, by this machine's clock.",
                    "Check the clock: date")
            }
        }
    }

    /// What an inspection found, but for the dates, which are told above.
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

    // MARK: What does not match what

    private var server: [Diagnostic] {
        guard let here = server(in: .here), let secret = server(in: .secret), here != secret else {
            return rollout
        }
        let difference = Diagnostic.warning(
            "ServerCertificateDiffers", "certificate/server",
            "The server's certificate here (\(here.shortSerial)) is not the one in the Secret "
                + "(\(secret.shortSerial)).", renew)
        return [difference] + rollout
    }

    /// What the proxy's Secret holds, and the proxy has not taken up.
    var rollout: [Diagnostic] {
        guard let secret = server(in: .secret), let served = server(in: .served), secret != served else {
            return []
        }
        return [
            .warning(
                "ServerCertificateNotLoaded", "certificate/server",
                "The proxy serves \(served.shortSerial), and its Secret holds \(secret.shortSerial): "
                    + "it has not taken that up.", "Have it taken up at once: buildkit-installer rotate")
        ]
    }

    private func server(in place: CertificateInventory.Location) -> CertificateSummary? {
        inventory.entries(in: place).first { $0.use == .server }?.certificate
    }

    /// The authorities by which the proxy judges its clients; nil where that is not known.
    private var trusted: [CertificateSummary]? {
        facts.secrets.value?.outer?.certificates.filter { $0.role == .authority }
    }

    private var clients: [Diagnostic] {
        inventory.entries(in: .here).compactMap { entry in
            guard case .client(let name) = entry.use else { return nil }
            let certificate = entry.certificate
            if entry.isRevoked {
                // Of anybody else's, that is as it should be.
                guard name == facts.ownClient else { return nil }
                return .error(
                    "CertificateRevoked", entry.id,
                    "\(entry.title), which docker buildx on this machine uses, is revoked.",
                    "Let it in again: buildkit-installer client add \(name)")
            }
            guard let trusted, !trusted.contains(where: certificate.isSigned) else { return nil }
            return .error(
                "CertificateUntrusted", entry.id,
                "\(entry.title) is not signed by an authority that the proxy trusts, so it is refused.", renew
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
                    "Nothing can be signed with the authority here: \(trouble).",
                    "Copy the folder authority/ from the machine that has it, or make a new authority: "
                        + "buildkit-installer rotate --renew authority"))
        }
        if let trusted, !trusted.contains(current.certificate) {
            remarks.append(
                .warning(
                    "AuthorityUntrusted", "certificate/authority",
                    "The proxy does not trust the authority that is kept here.", renew))
        }
        return remarks
    }

    /// A rotation of the authority that has its second phase before it.
    private var phases: [Diagnostic] {
        // Several authorities in a bundle that another tool made are no rotation.
        let isOurs = facts.secrets.value?.outer?.isOurs ?? false
        guard facts.authorities.value?.former != nil || isOurs && (trusted ?? []).count > 1 else { return [] }
        return [
            .warning(
                "FormerAuthorityTrusted", "certificate/former-authority",
                "The former authority is still trusted.",
                "Once every client has new certificates, drop it: buildkit-installer rotate --finish")
        ]
    }

    private var renew: String { "Renew it: buildkit-installer rotate" }
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
