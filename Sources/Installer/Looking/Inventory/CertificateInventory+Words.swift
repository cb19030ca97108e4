import FoundationEssentials
import MutualTLS

extension CertificateInventory.Entry {
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

extension CertificateInventory.Place {
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
