import FoundationEssentials
import MutualTLS

/// Every certificate of an installation: which there are, where each is, how long it lasts, who signed it, and what
/// does not match what.
///
/// Pure: the same facts at the same time always give the same inventory. What could not be looked up is left out.
public struct CertificateInventory: Equatable, Sendable {
    /// Outer certificates first: authorities, servers, clients; then those between Envoy and BuildKit.
    public var entries: [Entry]
    /// What does not match what, what is wrong, and what is under way; the worst first.
    public var remarks: [Diagnostic]

    /// A certificate, and everywhere it is.
    public struct Entry: Equatable, Sendable {
        public var use: Use
        public var certificate: CertificateSummary
        public var places: Set<Location>
        /// Whole days until it ends; negative once it has ended.
        public var daysLeft: Int
        public var validity: Validity
        /// The authority in this inventory that signed it; nil: none of them, or it is an authority itself.
        public var signer: CertificateSummary?
        /// Whether it was revoked: nobody renews it, and nothing is wrong with that.
        public var isRevoked = false
    }

    /// What a certificate is for.
    public enum Use: Equatable, Sendable {
        /// It signs the server's and the clients' certificates now.
        case authority
        /// It signed them before, and is trusted until every client has new ones.
        case formerAuthority
        /// What Envoy shows.
        case server
        /// What a person or a machine shows.
        case client(name: String)
        /// Between Envoy and BuildKit.
        case innerAuthority, builder, proxy
    }

    /// Where a certificate is.
    public enum Location: String, Codable, CaseIterable, Comparable, Sendable {
        /// In the folder on this machine.
        case here
        /// In the folder on this machine, not in use yet.
        case renewal
        /// In the cluster's Secrets.
        case secret
        /// What the endpoint shows whoever connects.
        case served
    }

    public enum Validity: String, Codable, Sendable {
        case valid, ending, expired, early
    }

    /// Something that a person should know of the certificates together.
    public struct Diagnostic: Equatable, Sendable, Codable {
        public var severity: Finding.Severity
        /// What kind of thing it is, for programs.
        public var code: ErrorCode
        /// What it is about: `pod/buildkit-builder-0`, `certificate/server`.
        public var id: String
        public var sentence: String
        public var hint: String?

        private enum CodingKeys: String, CodingKey {
            case severity, code, id, hint
            case sentence = "message"
        }
    }
}

extension CertificateInventory {
    /// The certificates of a place.
    public func entries(in place: Location) -> [Entry] { entries.filter { $0.places.contains(place) } }

    public func entries(for use: Use) -> [Entry] { entries.filter { $0.use == use } }

    /// What ends within so many days, or has ended, and is in use.
    public func due(within days: Int) -> [Entry] {
        entries.filter { $0.daysLeft <= days && $0.places != [.renewal] && !$0.isRevoked }
    }
}

extension CertificateInventory.Location {
    public static func < (left: Self, right: Self) -> Bool {
        let order = Self.allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
}
