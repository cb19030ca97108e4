import FoundationEssentials
import MutualTLS

extension ClientRegister {
    /// The register as a person reads it: a line for each client's newest certificate, and for each older one that would
    /// still be let in.
    public var lines: [String] {
        guard !clients.isEmpty else { return ["No clients are known."] + remarks }
        let rows = clients.flatMap { client in
            client.shown.enumerated().map { index, certificate in
                [
                    client.name, client.standing.word, certificate?.certificate.serial ?? "not known",
                    certificate?.words ?? "", index == 0 ? client.lastSeen?.time.minute ?? "" : "",
                    index == 0 ? client.folder ?? "not here" : "replaced",
                ]
            }
        }
        return Columns.lines([["client", "may", "serial", "left", "last let in", "files"]] + rows) + remarks
    }
}

extension ClientRegister.Client {
    fileprivate var shown: [ClientRegister.Certificate?] {
        guard let newest = certificates.first else { return [nil] }
        return [newest] + certificates.dropFirst().filter { !$0.isRevoked && $0.daysLeft >= 0 }
    }
}

extension ClientRegister.Certificate {
    fileprivate var words: String {
        if isRevoked { return "revoked" }
        if daysLeft < 0 { return "expired on \(certificate.notAfter.day)" }
        return daysLeft == 1 ? "1 day" : "\(daysLeft) days"
    }
}

extension Date {
    /// In UTC, as in 2027-05-31 14:05Z.
    fileprivate var minute: String {
        let text = formatted(.iso8601)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))Z"
    }
}

extension ClientRegister: Encodable {
    private enum CodingKeys: String, CodingKey { case clients, remarks }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(clients, forKey: .clients)
        try object.encode(remarks, forKey: .remarks)
    }
}

extension ClientRegister.Client: Encodable {
    private enum CodingKeys: String, CodingKey { case name, role, certificates, folder, lastSeen }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(standing.word, forKey: .role)
        try object.encode(certificates, forKey: .certificates)
        try object.encodeIfPresent(folder, forKey: .folder)
        try object.encodeIfPresent(lastSeen, forKey: .lastSeen)
    }
}

extension ClientRegister.Certificate: Encodable {
    private enum CodingKeys: String, CodingKey {
        case serial, fingerprint, notBefore, notAfter, daysLeft, revoked
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(certificate.serial, forKey: .serial)
        try object.encode(certificate.fingerprint, forKey: .fingerprint)
        try object.encode(certificate.notBefore, forKey: .notBefore)
        try object.encode(certificate.notAfter, forKey: .notAfter)
        try object.encode(daysLeft, forKey: .daysLeft)
        try object.encode(isRevoked, forKey: .revoked)
    }
}
