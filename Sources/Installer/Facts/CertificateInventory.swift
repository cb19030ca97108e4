import FoundationEssentials
import MutualTLS

/// Every certificate of an installation: location, expiry, issuer, and mismatches.
///
/// Pure: the same facts at the same time always give the same inventory. What could not be read is omitted.
public struct CertificateInventory: Equatable, Sendable {
    /// Outer certificates first: CAs, servers, clients; then those between Envoy and BuildKit.
    public var entries: [Entry]
    /// Mismatches, problems and rotations in progress; the most severe first.
    public var remarks: [Diagnostic]

    /// A certificate with all its locations.
    public struct Entry: Equatable, Sendable {
        public var use: Use
        public var certificate: CertificateSummary
        public var places: Set<Location>
        /// Whole days until it expires; negative after expiry.
        public var daysLeft: Int
        public var validity: Validity
        /// The CA in this inventory that signed it; nil: none of them, or it is a CA itself.
        public var signer: CertificateSummary?
        /// One that is revoked is not renewed, which is not a problem.
        public var revocation = RevocationStatus.notRevoked

        public var isRevoked: Bool { revocation != .notRevoked }
    }

    /// The use of a certificate.
    public enum Use: Equatable, Sendable {
        /// The CA that signs the server's and the clients' certificates.
        case authority
        /// The previous CA, trusted until every client has new certificates.
        case formerAuthority
        /// The server certificate of Envoy.
        case server
        /// The certificate of a person or a machine.
        case client(name: String)
        /// Between Envoy and BuildKit.
        case innerAuthority, builder, proxy
    }

    /// Where a certificate is.
    public enum Location: String, Codable, CaseIterable, Comparable, Sendable {
        /// In the folder on this machine.
        case here
        /// In the folder on this machine, not yet in use.
        case renewal
        /// In the cluster's Secrets.
        case secret
        /// Served by the endpoint.
        case served
    }

    public enum Validity: String, Codable, Sendable {
        case valid, ending, expired, early
    }

    /// A message about the certificates as a whole.
    public struct Diagnostic: Equatable, Sendable, Codable {
        public var severity: Finding.Severity
        /// The kind of problem, for programs.
        public var code: ErrorCode
        /// The subject: `pod/buildkit-builder-0`, `certificate/server`.
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
    /// The certificates at a location.
    public func entries(in place: Location) -> [Entry] { entries.filter { $0.places.contains(place) } }

    public func entries(for use: Use) -> [Entry] { entries.filter { $0.use == use } }

    /// Certificates in use that expire within this number of days, or have expired.
    public func due(within days: Int) -> [Entry] {
        entries.filter { $0.daysLeft <= days && $0.places != [.renewal] && !$0.isRevoked }
    }
}

extension CertificateInventory {
    /// The inventory, with commands in its diagnostics that name the installation.
    public func pinned(
        to installation: InstallationID, builder: String, settings: String?
    ) -> CertificateInventory {
        var copy = self
        copy.remarks = remarks.map { $0.pinned(to: installation, builder: builder, settings: settings) }
        return copy
    }
}

extension CertificateInventory.Diagnostic {
    func pinned(to installation: InstallationID, builder: String, settings: String?) -> Self {
        var copy = self
        copy.hint = hint.map { installation.pinned($0, builder: builder, settings: settings) }
        return copy
    }
}

extension CertificateInventory.Location {
    public static func < (left: Self, right: Self) -> Bool {
        let order = Self.allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
}
