import FoundationEssentials
import MutualTLS

/// What there is to say of the certificates together: what does not match what, and what ends.
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
        // A bundle of several that somebody else made is no rotation.
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

extension CertificateSummary {
    /// The first digits of its serial: enough to tell two apart.
    public var shortSerial: String { String(serial.prefix(8)) }
}

extension CertificateInventory: Report {
    public static let kind = "certificates"

    private enum CodingKeys: String, CodingKey { case certificates, diagnostics }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(entries, forKey: .certificates)
        try object.encode(remarks, forKey: .diagnostics)
    }
}

extension CertificateInventory.Entry: Encodable {
    private enum CodingKeys: String, CodingKey {
        case id, usage, name, subject, names, serial, notBefore, notAfter, daysLeft, validity, issuer, signer
        case algorithm, fingerprint, locations, revoked
    }

    /// One flat object, for programs. `signer` is the fingerprint of the authority, where it is known.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(usage, forKey: .usage)
        if case .client(let name) = use { try object.encode(name, forKey: .name) }
        try object.encode(certificate.subject, forKey: .subject)
        try object.encode(certificate.names.map(\.description), forKey: .names)
        try object.encode(certificate.serial, forKey: .serial)
        try object.encode(certificate.notBefore.formatted(.iso8601), forKey: .notBefore)
        try object.encode(certificate.notAfter.formatted(.iso8601), forKey: .notAfter)
        try object.encode(daysLeft, forKey: .daysLeft)
        try object.encode(validity, forKey: .validity)
        if isRevoked { try object.encode(true, forKey: .revoked) }
        try object.encode(certificate.issuer, forKey: .issuer)
        try object.encodeIfPresent(signer?.fingerprint, forKey: .signer)
        try object.encode(certificate.algorithm, forKey: .algorithm)
        try object.encode(certificate.fingerprint, forKey: .fingerprint)
        try object.encode(places.sorted().map(\.id), forKey: .locations)
    }
}

extension CertificateInventory.Entry {
    /// What it is for, for programs.
    var usage: String {
        switch use {
        case .authority: "authority"
        case .formerAuthority: "former-authority"
        case .server: "server"
        case .client: "client"
        case .innerAuthority: "backend-authority"
        case .builder: "backend-server"
        case .proxy: "backend-client"
        }
    }

    /// "certificate/client/alice"
    public var id: String {
        guard case .client(let name) = use else { return "certificate/\(usage)" }
        return "certificate/client/\(name)"
    }

    /// As a sentence begins: "The server's certificate".
    var title: String {
        switch use {
        case .authority: "The authority"
        case .formerAuthority: "The former authority"
        case .server: "The server's certificate"
        case .client(let name): "The certificate of the client \(name)"
        case .innerAuthority: "The authority between Envoy and BuildKit"
        case .builder: "BuildKit's own certificate"
        case .proxy: "Envoy's certificate for BuildKit"
        }
    }

    /// As a column shows it: "client alice".
    public var label: String {
        switch use {
        case .authority: "authority"
        case .formerAuthority: "former authority"
        case .server: "server"
        case .client(let name): "client \(name)"
        case .innerAuthority: "inner authority"
        case .builder: "BuildKit"
        case .proxy: "Envoy to BuildKit"
        }
    }

    /// "365 days", "1 day", "ended 3 days ago".
    public var timeLeft: String {
        if isRevoked { return "revoked" }
        let count = abs(daysLeft)
        let words = count == 1 ? "1 day" : "\(count) days"
        switch validity {
        case .expired: return daysLeft == -1 ? "ended today" : "ended \(words) ago"
        case .early: return "from \(certificate.notBefore.day)"
        case .valid, .ending: return daysLeft == 0 ? "ends today" : words
        }
    }

    /// "here, Secret, served".
    public var placesInWords: String { places.sorted().map(\.word).joined(separator: ", ") }
}

extension CertificateInventory.Location {
    /// For programs.
    var id: String { self == .here ? "machine" : rawValue }

    public var word: String {
        switch self {
        case .here: "here"
        case .renewal: "waiting"
        case .secret: "Secret"
        case .served: "served"
        }
    }
}

extension CertificateInventory {
    /// The inventory as a person reads it, a line each: a table, then what there is to say.
    public var lines: [String] {
        guard !entries.isEmpty else { return ["There are no certificates."] }
        let rows =
            [["certificate", "serial", "left", "signed by", "where"]]
            + entries.map {
                [$0.label, $0.certificate.shortSerial, $0.timeLeft, $0.signerInWords, $0.placesInWords]
            }
        return Columns.lines(rows) + remarks.flatMap { [$0.sentence] + ($0.hint.map { ["  \($0)"] } ?? []) }
    }
}

extension CertificateInventory.Entry {
    /// Who signed it, by the name in it; marked where no authority of the inventory did.
    public var signerInWords: String {
        let issuer =
            certificate.issuer.hasPrefix("CN=") ? String(certificate.issuer.dropFirst(3)) : certificate.issuer
        guard certificate.role != .authority else {
            return certificate.issuer == certificate.subject ? "itself" : issuer
        }
        return signer == nil ? "\(issuer), unknown" : issuer
    }
}
