import FoundationEssentials
import MutualTLS

extension CertificateSummary {
    /// The first digits of its serial: enough to distinguish two certificates.
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
        case algorithm, fingerprint, locations, revoked, revocationPending
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
        if revocation == .pending { try object.encode(true, forKey: .revocationPending) }
        try object.encode(certificate.issuer, forKey: .issuer)
        try object.encodeIfPresent(signer?.fingerprint, forKey: .signer)
        try object.encode(certificate.algorithm, forKey: .algorithm)
        try object.encode(certificate.fingerprint, forKey: .fingerprint)
        try object.encode(places.sorted().map(\.id), forKey: .locations)
    }
}

extension CertificateInventory.Entry {
    /// The use as a word for programs.
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

    /// The subject of a sentence: "The server certificate".
    var title: String {
        switch use {
        case .authority: "The CA"
        case .formerAuthority: "The old CA"
        case .server: "The server certificate"
        case .client(let name): "The certificate of client \(name)"
        case .innerAuthority: "The internal CA (Envoy to BuildKit)"
        case .builder: "The BuildKit certificate (internal mTLS)"
        case .proxy: "The Envoy certificate (internal mTLS)"
        }
    }

    /// The text of a table cell: "client alice".
    public var label: String {
        switch use {
        case .authority: "CA"
        case .formerAuthority: "old CA"
        case .server: "server"
        case .client(let name): "client \(name)"
        case .innerAuthority: "internal CA"
        case .builder: "BuildKit"
        case .proxy: "Envoy to BuildKit"
        }
    }

    /// "in 365 days", "in 1 day", "expired 3 days ago": a cell below "EXPIRES".
    public var timeLeft: String {
        if let word = revocation.word { return word }
        let count = abs(daysLeft)
        let words = count == 1 ? "1 day" : "\(count) days"
        switch validity {
        case .expired: return daysLeft == -1 ? "expired today" : "expired \(words) ago"
        case .early: return "valid from \(certificate.notBefore.day)"
        case .valid, .ending: return daysLeft == 0 ? "expires today" : "in \(words)"
        }
    }

    /// The text inside a sentence: "expires in 365 days", "expired today", "revoked".
    public var expiry: String { hasDaysLeft ? "expires \(timeLeft)" : timeLeft }

    /// Whether ``timeLeft`` counts the days until the expiry.
    private var hasDaysLeft: Bool {
        switch validity {
        case .valid, .ending: !isRevoked && daysLeft != 0
        case .expired, .early: false
        }
    }

    /// "this machine, Secret, served".
    public var placesInWords: String { places.sorted().map(\.word).joined(separator: ", ") }
}

extension CertificateInventory.Location {
    /// For programs.
    var id: String { self == .here ? "machine" : rawValue }

    public var word: String {
        switch self {
        case .here: "this machine"
        case .renewal: "pending"
        case .secret: "Secret"
        case .served: "served"
        }
    }
}

extension CertificateInventory {
    /// The inventory as text, one line each: a table, then the diagnostics.
    public var lines: [String] {
        guard !entries.isEmpty else { return ["No certificates found."] }
        let rows =
            [["CERTIFICATE", "SERIAL", "EXPIRES", "ISSUER", "LOCATION"]]
            + entries.map {
                [$0.label, $0.certificate.shortSerial, $0.timeLeft, $0.signerInWords, $0.placesInWords]
            }
        return Columns.lines(rows) + remarks.flatMap { [$0.sentence] + ($0.hint.map { ["  \($0)"] } ?? []) }
    }
}

extension CertificateInventory.Entry {
    public var isSelfSigned: Bool { certificate.issuer == certificate.subject }

    /// The issuer's name from the certificate; marked where no CA of the inventory signed it.
    public var signerInWords: String {
        let issuer =
            certificate.issuer.hasPrefix("CN=") ? String(certificate.issuer.dropFirst(3)) : certificate.issuer
        guard certificate.role != .authority else {
            return isSelfSigned ? "itself" : issuer
        }
        return signer == nil ? "\(issuer) (unknown)" : issuer
    }
}
