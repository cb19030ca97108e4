import FoundationEssentials
import MutualTLS

/// Every client: its role, its certificates, its folder and its last connection.
///
/// Pure: the same facts at the same time always give the same report.
public struct ClientReport: Report, Equatable {
    public static let kind = "clients"

    public var clients: [Client]
    /// General remarks, as sentences.
    public var remarks: [String]
    /// Whether the clients of this machine and those in the cluster could be read.
    private let isComplete: Bool

    public struct Client: Equatable, Sendable {
        public var name: String
        public var standing: ClientAccess
        /// Those that are known on this machine, the newest first.
        public var certificates: [Certificate]
        /// The serial of one that another machine has issued, where none is known here.
        public var registeredSerial: String?
        /// The folder with its files, where it is on this machine.
        public var folder: String?
        public var lastSeen: LastSeen?
    }

    /// The access of a client.
    public enum ClientAccess: Equatable, Sendable {
        case role(ClientRole)
        /// No roles are configured: every certificate signed by the CA has full access.
        case everything
        /// Roles are configured and it has none: it is rejected.
        case notListed
        /// A certificate is registered in the cluster, but neither known here nor seen: another machine has issued it,
        /// or it was never delivered.
        case noCertificate
        /// All of its certificates are revoked: it is rejected.
        case revoked
        /// The same on this machine, while the proxy still accepts one of them.
        case revocationPending
        case unknown

        public var revocation: RevocationStatus {
            switch self {
            case .revoked: .revoked
            case .revocationPending: .pending
            case .role, .everything, .notListed, .noCertificate, .unknown: .notRevoked
            }
        }

        /// Whether only a new certificate grants access again.
        public var isRevoked: Bool { revocation != .notRevoked }
    }

    public struct Certificate: Equatable, Sendable {
        public var certificate: CertificateSummary
        /// Whole days until it expires; negative after expiry.
        public var daysLeft: Int
        public var revocation: RevocationStatus

        public var isRevoked: Bool { revocation != .notRevoked }
    }

    /// - Parameter folder: the certificate folder.
    public init(_ facts: Facts, _ answers: Answers, in folder: CertificateFolder, now: Date) {
        let known = ClientDirectory(facts)
        var names: [String] = []
        for name in known.certificates.map(\.clientName) + known.registered
            + (known.list?.clients.map(\.name) ?? [])
        where !names.contains(name) { names.append(name) }
        clients = names.map { name in
            let certificates = known.certificates.filter { $0.clientName == name }
            let lastSeen = facts.sightings.value?[name]
            return Client(
                name: name,
                standing: ClientAccess(
                    of: name, known, roles: facts.lacksRelease ? nil : known.list, isInUse: lastSeen != nil),
                certificates: certificates.reversed().map {
                    Certificate(
                        certificate: $0, daysLeft: $0.daysLeft(now),
                        revocation: known.revocations.status(of: $0.serial))
                },
                registeredSerial: certificates.isEmpty ? known.registeredSerial(of: name) : nil,
                folder: known.present(name) == nil ? nil : folder.place(ofClient: name), lastSeen: lastSeen)
        }
        remarks = Self.remarks(facts, known, answers.installation(facts))
        isComplete = (facts.server.failure ?? facts.secrets.failure ?? facts.certificatesFailure) == nil
    }

    private static func remarks(
        _ facts: Facts, _ known: ClientDirectory, _ installation: InstallationID
    ) -> [String] {
        var remarks: [String] = []
        // Where the cluster does not answer, that is the only reason for all unknown parts.
        if let failure = facts.server.failure {
            remarks.append("Roles and last connections are unknown: \(failure.sentence).")
        } else if let failure = facts.release.failure {
            remarks.append("The roles are unknown: \(failure.sentence).")
        } else if facts.lacksRelease {
            remarks.append(
                facts.secrets.certainly { $0.outer == nil }
                    ? "BuildKit not found: \(installation)."
                    : "The roles are unknown: \(installation) not found.")
        } else if known.list?.isEmpty == true {
            remarks.append("Roles are disabled: every certificate signed by the CA has full access.")
        }
        if facts.server.failure == nil, let failure = facts.secrets.failure {
            remarks.append("Clients of other machines are unknown: \(failure.sentence).")
        }
        if let failure = facts.certificatesFailure {
            remarks.append("The certificates on this machine are unknown: \(failure.sentence).")
            if let hint = failure.hint { remarks.append(hint) }
        }
        if let sentence = known.revocations.pendingSentence { remarks.append(sentence) }
        if known.revocations.needsMerge {
            remarks.append(
                "The revocation lists on this machine and in the cluster differ. The next client revoke, install "
                    + "or rotate merges them.")
        }
        if facts.server.failure == nil, let failure = facts.sightings.failure {
            remarks.append("The last connections are unknown: \(failure.sentence).")
        }
        return remarks
    }
}

extension Facts {
    /// Whether the release certainly does not exist: then it has no roles, which does not grant access to anybody.
    fileprivate var lacksRelease: Bool { release.certainly { $0 == nil } }
}

extension ClientReport.ClientAccess {
    /// - Parameters:
    ///   - roles: nil where unknown.
    ///   - isInUse: whether a proxy has seen it.
    fileprivate init(of name: String, _ known: ClientDirectory, roles: ClientRoles?, isInUse: Bool) {
        switch (known.revocations.status(ofClient: name), roles) {
        case (.revoked, _): self = .revoked
        case (.pending, _): self = .revocationPending
        case (.notRevoked, nil): self = .unknown
        case (.notRevoked, let roles?) where !roles.isEmpty:
            self = roles[name].map { .role($0) } ?? .notListed
        case (.notRevoked, _):
            self = isInUse || !known.certificates(of: name).isEmpty ? .everything : .noCertificate
        }
    }

    /// All identifiers.
    public static let ids =
        ClientRole.allCases.map(\.rawValue) + [
            "unrestricted", "none", "revoked", "revocation-pending", "unknown",
        ]

    /// The identifier for programs: a role of the chart, or the state that replaces it.
    var id: String {
        switch self {
        case .role(let role): role.rawValue
        case .everything: "unrestricted"
        case .notListed: "none"
        case .revoked: "revoked"
        case .revocationPending: "revocation-pending"
        case .noCertificate, .unknown: "unknown"
        }
    }

    /// "builder", "admin", "unrestricted", "no access"
    public var word: String {
        switch self {
        case .role(let role): role.rawValue
        case .everything: "unrestricted"
        case .notListed: "no access"
        case .noCertificate: "no local certificate"
        case .revoked: "revoked"
        case .revocationPending: "revoked locally"
        case .unknown: "unknown"
        }
    }
}

extension ClientReport {
    /// The current state, as far as it can be read.
    public static func look(in dependencies: Dependencies, _ answers: Answers) async -> ClientReport {
        let (answers, facts) = await FactCollector(
            dependencies: dependencies, answers: answers, including: [.sightings]
        ).report()
        let plan = CertificateLayout(
            answers, installation: answers.installation, places: dependencies.places,
            home: dependencies.home)
        return ClientReport(facts, answers, in: plan.outer, now: dependencies.now())
    }
}

extension ClientReport {
    /// The report as text: a line for each client's newest certificate, and for each older one that would still be
    /// accepted.
    public var lines: [String] {
        guard !clients.isEmpty else {
            return [isComplete ? "No clients found." : "No client is known."] + remarks
        }
        let rows = clients.flatMap { client in
            client.shown.enumerated().map { index, certificate -> [String] in
                let isNewest = index == 0
                let serial = certificate?.certificate.serial ?? client.registeredSerial ?? "unknown"
                let end = certificate?.words ?? client.standing.revocation.word ?? ""
                let seen = client.lastSeen?.time.minute ?? ""
                return [
                    client.name, client.standing.word, serial, end, isNewest ? seen : "",
                    isNewest ? client.folder ?? "-" : "replaced",
                ]
            }
        }
        return Columns.lines([["CLIENT", "ROLE", "SERIAL", "EXPIRES", "LAST SEEN", "FILES"]] + rows) + remarks
    }
}

extension ClientReport.Client {
    fileprivate var shown: [ClientReport.Certificate?] {
        guard let newest = certificates.first else { return [nil] }
        return [newest] + certificates.dropFirst().filter { $0.revocation != .revoked && $0.daysLeft >= 0 }
    }
}

extension ClientReport.Certificate {
    fileprivate var words: String {
        if let word = revocation.word { return word }
        if daysLeft < 0 { return "expired on \(certificate.notAfter.day)" }
        return daysLeft == 0 ? "expires today" : daysLeft == 1 ? "in 1 day" : "in \(daysLeft) days"
    }
}

extension Date {
    /// The time in UTC: 2027-05-31 14:05Z.
    fileprivate var minute: String {
        let text = formatted(.iso8601)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))Z"
    }
}

extension ClientReport {
    private enum CodingKeys: String, CodingKey { case clients, notes }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(clients, forKey: .clients)
        try object.encode(remarks, forKey: .notes)
    }
}

extension ClientReport.Client: Encodable {
    private enum CodingKeys: String, CodingKey { case name, role, certificates, directory, lastSeen }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name, forKey: .name)
        try object.encode(standing.id, forKey: .role)
        try object.encode(certificates, forKey: .certificates)
        try object.encodeIfPresent(folder, forKey: .directory)
        try object.encodeIfPresent(lastSeen, forKey: .lastSeen)
    }
}

extension ClientReport.Certificate: Encodable {
    private enum CodingKeys: String, CodingKey {
        case serial, fingerprint, notBefore, notAfter, daysLeft, revoked, revocationPending
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(certificate.serial, forKey: .serial)
        try object.encode(certificate.fingerprint, forKey: .fingerprint)
        try object.encode(certificate.notBefore, forKey: .notBefore)
        try object.encode(certificate.notAfter, forKey: .notAfter)
        try object.encode(daysLeft, forKey: .daysLeft)
        try object.encode(isRevoked, forKey: .revoked)
        if revocation == .pending { try object.encode(true, forKey: .revocationPending) }
    }
}
