import MutualTLS

/// What there is to say of the certificates together: what does not match what, and what ends.
struct InventoryRemarks {
    typealias Remark = CertificateInventory.Remark

    private let inventory: CertificateInventory
    private let facts: Facts

    init(_ inventory: CertificateInventory, _ facts: Facts) {
        self.inventory = inventory
        self.facts = facts
    }

    var all: [Remark] {
        let all = dates + server + clients + authority + phases + findings
        var told: Set<String> = []
        let once = all.filter { told.insert($0.sentence).inserted }
        return once.filter { $0.severity == .error } + once.filter { $0.severity == .warning }
    }

    // MARK: Each by itself

    private var dates: [Remark] {
        inventory.entries.compactMap { entry in
            let (certificate, days) = (entry.certificate, entry.daysLeft)
            switch entry.validity {
            case .valid: return nil
            case .ending:
                let words = days == 1 ? "1 day" : "\(days) days"
                return .warning("\(entry.title) ends on \(certificate.notAfter.day), in \(words).", renew)
            case .expired: return .error("\(entry.title) expired on \(certificate.notAfter.day).", renew)
            case .early:
                return .error(
                    "\(entry.title) is valid only from \(certificate.notBefore.day) on, by this machine's clock.",
                    "Check the clock: date")
            }
        }
    }

    /// What an inspection found, but for the dates, which are told above.
    private var findings: [Remark] {
        let told: [Finding.Kind] = [.expired, .expiresSoon, .notYetValid]
        let found =
            ((facts.folder.value ?? nil)?.findings ?? []) + (facts.secrets.value?.findings ?? [])
            + (facts.clients.value ?? [:]).sorted { $0.key < $1.key }.flatMap(\.value.findings)
        return found.filter { !told.contains($0.kind) }.map {
            Remark(severity: $0.severity, sentence: $0.sentence, hint: $0.hint.isEmpty ? nil : $0.hint)
        }
    }

    // MARK: What does not match what

    private var server: [Remark] {
        guard let here = server(in: .here), let secret = server(in: .secret), here != secret else {
            return uptake
        }
        let difference = Remark.warning(
            "The server's certificate here (\(here.shortSerial)) is not the one in the Secret "
                + "(\(secret.shortSerial)).", renew)
        return [difference] + uptake
    }

    /// What the proxy's Secret holds, and the proxy has not taken up.
    var uptake: [Remark] {
        guard let secret = server(in: .secret), let served = server(in: .served), secret != served else {
            return []
        }
        return [
            .warning(
                "The proxy serves \(served.shortSerial), and its Secret holds \(secret.shortSerial): "
                    + "it has not taken that up.", "Have it taken up at once: buildkit-installer rotate")
        ]
    }

    private func server(in place: CertificateInventory.Place) -> CertificateSummary? {
        inventory.entries(in: place).first { $0.use == .server }?.certificate
    }

    /// The authorities by which the proxy judges its clients; nil where that is not known.
    private var trusted: [CertificateSummary]? {
        facts.secrets.value?.outer?.certificates.filter { $0.role == .authority }
    }

    private var clients: [Remark] {
        let kept = [facts.authorities.value?.current, facts.authorities.value?.former].compactMap(\.self)
        return inventory.entries(in: .here).compactMap { entry in
            guard case .client = entry.use else { return nil }
            let certificate = entry.certificate
            if kept.contains(where: {
                $0.revoked.contains(certificate.serial) && certificate.isSigned(by: $0.certificate)
            }) {
                return .error("\(entry.title) has been revoked.", nil)
            }
            guard let trusted, !trusted.contains(where: certificate.isSigned) else { return nil }
            return .error(
                "\(entry.title) is not signed by an authority that the proxy trusts, so it is refused.", renew
            )
        }
    }

    private var authority: [Remark] {
        guard let current = facts.authorities.value?.current else { return [] }
        var remarks: [Remark] = []
        if let trouble = current.trouble {
            remarks.append(
                .warning(
                    "Nothing can be signed with the authority here: \(trouble).",
                    "Copy the folder authority/ from the machine that has it, or make a new authority: "
                        + "buildkit-installer rotate --renew authority"))
        }
        if let trusted, !trusted.contains(current.certificate) {
            remarks.append(
                .warning("The proxy does not trust the authority that is kept here.", renew))
        }
        return remarks
    }

    /// A rotation of the authority that has its second phase before it.
    private var phases: [Remark] {
        // A bundle of several that somebody else made is no rotation.
        let isOurs = facts.secrets.value?.outer?.isOurs ?? false
        guard facts.authorities.value?.former != nil || isOurs && (trusted ?? []).count > 1 else { return [] }
        return [
            .warning(
                "The former authority is still trusted.",
                "Once every client has new certificates, drop it: buildkit-installer rotate --finish")
        ]
    }

    private var renew: String { "Renew it: buildkit-installer rotate" }
}

extension CertificateInventory.Remark {
    fileprivate static func error(_ sentence: String, _ hint: String?) -> Self {
        Self(severity: .error, sentence: sentence, hint: hint)
    }

    fileprivate static func warning(_ sentence: String, _ hint: String?) -> Self {
        Self(severity: .warning, sentence: sentence, hint: hint)
    }
}

extension CertificateSummary {
    /// The first digits of its serial: enough to tell two apart.
    public var shortSerial: String { String(serial.prefix(8)) }
}
