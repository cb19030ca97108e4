import FoundationEssentials

/// How an installation fares: the lines, the screen and the JSON of `status` are views of it.
///
/// A part that could not be looked at is nil or empty here, and named in ``unknown``.
public struct StatusReport: Report, Equatable {
    public typealias Diagnostic = CertificateInventory.Diagnostic

    public enum Health: String, Codable, Sendable {
        case well
        case wrong
        /// Nothing is wrong yet, but a certificate ends soon.
        case certificatesDue
    }

    public struct ReleaseReport: Codable, Equatable, Sendable {
        /// `buildkit-0.1.0`.
        public var chart: String
        /// The version of BuildKit.
        public var app: String?
        /// As Helm calls it: `deployed`, `failed` …
        public var status: String
        public var revision: Int
        /// The chart and the BuildKit of this program, where they are newer.
        public var newerChart: String?
        public var newerApp: String?
    }

    public struct PodReport: Codable, Equatable, Sendable {
        public var name: String
        public var isReady: Bool
        public var node: String?
        /// Why it is not ready, as a sentence.
        public var trouble: String?
        public var lastEvent: String?
        public var lastLines: [String]
    }

    /// Where the cluster offers the builder.
    public struct AddressReport: Codable, Equatable, Sendable {
        /// The Service's type: `LoadBalancer`.
        public var type: String
        public var addresses: [String]
        public var port: Int?
        public var nodePort: Int?
    }

    /// What a client sees at the builder's address.
    public struct ServedReport: Codable, Equatable, Sendable {
        public var endpoint: String
        /// Whether the port had to be forwarded for the look.
        public var wasForwarded: Bool
        /// Whether the proxy answered, and accepted the client's certificate.
        public var answered: Bool
        public var sentence: String
    }

    /// What buildx on this machine knows.
    public struct BuilderReport: Codable, Equatable, Sendable {
        public var name: String
        public var endpoint: String
        public var isCurrent: Bool
        /// The folder of the client's files that buildx reads.
        public var folder: String?
    }

    public struct CacheReport: Codable, Equatable, Sendable {
        /// The claim's name; nil where the cache goes with the pod.
        public var claim: String?
        public var size: String?
        public var use: CacheUse?
    }

    public struct SleepReport: Codable, Equatable, Sendable {
        /// Whether BuildKit has been scaled to no pod at all.
        public var isAsleep: Bool
        /// Whether it falls asleep and wakes by itself.
        public var isAutomatic: Bool
    }

    /// A part that could not be looked at.
    public struct UnknownPart: Codable, Equatable, Sendable {
        public var part: String
        public var failure: InstallerError
    }

    /// With fewer days left, a certificate is due unless somebody says otherwise.
    public static let usualDays = 30

    public var health: Health
    public var installation: InstallationID
    public var takenAt: Date
    public var release: ReleaseReport?
    public var pods: [PodReport]
    public var address: AddressReport?
    public var served: ServedReport?
    public var certificates: [CertificateInventory.Entry]
    public var builder: BuilderReport?
    public var builds: BuildActivity?
    public var cache: CacheReport?
    public var sleep: SleepReport?
    /// What is wrong, or may become so; the worst first.
    public var remarks: [Diagnostic]
    public var unknown: [UnknownPart]
}
