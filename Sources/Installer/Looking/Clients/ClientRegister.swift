import FoundationEssentials
import MutualTLS

/// Every client: its role, its certificates, where its files are and when it came last.
///
/// Pure: the same facts at the same time always give the same register.
public struct ClientRegister: Equatable, Sendable {
    public var clients: [Client]
    /// What a person should know of them together; sentences.
    public var remarks: [String]

    public struct Client: Equatable, Sendable {
        public var name: String
        public var standing: Standing
        /// The newest first.
        public var certificates: [Certificate]
        /// The folder with its files, where they are here.
        public var folder: String?
        public var lastSeen: Sighting?
    }

    /// What a client may do.
    public enum Standing: Equatable, Sendable {
        case role(ClientRole)
        /// There are no roles: whoever the authority has signed may do everything.
        case everything
        /// There are roles, and it has none: it is refused.
        case notListed
        case unknown
    }

    public struct Certificate: Equatable, Sendable {
        public var certificate: CertificateSummary
        /// Whole days until it ends; negative once it has ended.
        public var daysLeft: Int
        public var isRevoked: Bool
    }

    /// - Parameter folder: of the certificates.
    public init(_ facts: Facts, in folder: CertificateFolder, now: Date) {
        let known = KnownClients(facts)
        var names: [String] = []
        for name in known.certificates.map(\.clientName) + (known.list?.clients.map(\.name) ?? [])
        where !names.contains(name) { names.append(name) }
        clients = names.map { name in
            Client(
                name: name, standing: Standing(of: name, known.list),
                certificates: known.certificates.filter { $0.clientName == name }.reversed().map {
                    Certificate(
                        certificate: $0, daysLeft: $0.daysLeft(now),
                        isRevoked: known.revoked.contains($0.serial))
                },
                folder: known.present(name) == nil ? nil : folder.place(ofClient: name),
                lastSeen: facts.sightings.value?[name])
        }
        remarks = Self.remarks(facts, known)
    }

    private static func remarks(_ facts: Facts, _ known: KnownClients) -> [String] {
        var remarks: [String] = []
        if let failure = facts.release.failure {
            remarks.append("The roles are not known: \(failure.message).")
        } else if known.list?.isEmpty == true {
            remarks.append("No roles are in force: whoever the authority has signed may do everything.")
        }
        if let secret = facts.secrets.value?.outer {
            let kept = facts.authorities.value
            let here = (kept?.current?.revoked ?? []) + (kept?.former?.revoked ?? [])
            if !here.allSatisfy(secret.revoked.contains) {
                remarks.append(
                    "A revocation here has not reached the cluster yet; `client revoke` again brings it there."
                )
            }
        }
        if let failure = facts.sightings.failure {
            remarks.append("Who connected last is not known: \(failure.message).")
        }
        return remarks
    }
}

extension ClientRegister.Standing {
    fileprivate init(of name: String, _ list: ClientList?) {
        guard let list else {
            self = .unknown
            return
        }
        self = list.isEmpty ? .everything : list[name].map { .role($0) } ?? .notListed
    }

    /// "builder", "admin", "everything", "refused"
    public var word: String {
        switch self {
        case .role(let role): role.rawValue
        case .everything: "everything"
        case .notListed: "refused"
        case .unknown: "unknown"
        }
    }
}

extension ClientRegister {
    /// What there is now, as far as it can be found.
    public static func look(in world: World, _ answers: Answers) async -> ClientRegister {
        let facts = await Survey(world: world, answers: answers, including: [.sightings]).complete()
        let plan = CertificatePlan(
            answers, site: answers.site(facts), places: world.places, home: world.home)
        return ClientRegister(facts, in: plan.outer, now: world.now())
    }
}
