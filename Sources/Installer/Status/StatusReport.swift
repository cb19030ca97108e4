import FoundationEssentials

/// The state of an installation: the lines, the screen and the JSON of `status` are views of it.
///
/// A part that could not be read is nil or empty here, and listed in ``unknown``.
public struct StatusReport: Report, Equatable {
    public static let kind = "status"
    public typealias Diagnostic = CertificateInventory.Diagnostic

    public enum Health: String, Codable, Sendable {
        case well = "healthy"
        case wrong = "unhealthy"
        /// No problem yet, but a certificate expires soon.
        case certificatesDue = "certificates-due"
    }

    public struct ReleaseReport: Codable, Equatable, Sendable {
        /// `buildkit-0.1.0`.
        public var chart: String
        /// The version of BuildKit.
        public var app: String?
        /// Helm's status: `deployed`, `failed` …
        public var status: String
        public var revision: Int
        /// The versions of the chart and BuildKit in this program, where they are newer.
        public var newerChart: String?
        public var newerApp: String?

        private enum CodingKeys: String, CodingKey {
            case chart, status, revision
            case app = "appVersion"
            case newerChart = "availableChartVersion"
            case newerApp = "availableAppVersion"
        }
    }

    public struct PodReport: Codable, Equatable, Sendable {
        public var name: String
        public var isReady: Bool
        public var node: String?
        /// Why it is not ready, as a sentence.
        public var trouble: String?
        public var lastEvent: String?
        public var lastLines: [String]

        private enum CodingKeys: String, CodingKey {
            case name, node, lastEvent
            case isReady = "ready"
            case trouble = "message"
            case lastLines = "logs"
        }
    }

    /// The address that the cluster provides for the builder.
    public struct AddressReport: Codable, Equatable, Sendable {
        /// The Service's type: `LoadBalancer`.
        public var type: String
        public var addresses: [String]
        public var port: Int?
        public var nodePort: Int?
    }

    /// What a client observes at the builder's address.
    public struct ServedReport: Codable, Equatable, Sendable {
        public var endpoint: String
        /// Whether the port was forwarded for the probe.
        public var wasForwarded: Bool
        /// Whether the proxy answered, and accepted the client's certificate.
        public var answered: Bool
        public var sentence: String

        private enum CodingKeys: String, CodingKey {
            case endpoint
            case wasForwarded = "portForwarded"
            case answered = "ready"
            case sentence = "message"
        }
    }

    /// The builder in buildx on this machine.
    public struct BuilderReport: Codable, Equatable, Sendable {
        public var name: String
        public var endpoint: String
        public var isCurrent: Bool
        /// The folder of the client's files that buildx reads.
        public var folder: String?

        private enum CodingKeys: String, CodingKey {
            case name, endpoint
            case isCurrent = "current"
            case folder = "directory"
        }
    }

    public struct CacheReport: Codable, Equatable, Sendable {
        /// The claim's name; nil where the cache is deleted with the pod.
        public var claim: String?
        public var size: String?
        public var use: CacheUse?

        private enum CodingKeys: String, CodingKey {
            case claim = "claimName"
            case size = "capacity"
            case use = "usage"
        }
    }

    public struct SleepReport: Codable, Equatable, Sendable {
        /// Whether BuildKit is scaled to zero.
        public var isAsleep: Bool
        /// Whether it is scaled to zero and back automatically.
        public var isAutomatic: Bool

        private enum CodingKeys: String, CodingKey {
            case isAsleep = "suspended"
            case isAutomatic = "automatic"
        }
    }

    /// A part that could not be read.
    public struct UnknownPart: Equatable, Sendable {
        public var part: String
        public var failure: InstallerError
    }

    public var health: Health
    public var installation: InstallationID
    /// The file with the settings of its last install; nil: none is known.
    public var settings: String?
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
    /// Problems and warnings; the most severe first.
    public var remarks: [Diagnostic]
    public var unknown: [UnknownPart]
}

// MARK: - JSON

extension StatusReport {
    private enum CodingKeys: String, CodingKey {
        case ready, health, message, installation, observedAt, release, pods, service, endpoint, certificates
        case builder, builds, cache, sleep, diagnostics, unknown
    }

    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(health != .wrong, forKey: .ready)
        try object.encode(health, forKey: .health)
        try object.encode(headline, forKey: .message)
        try object.encode(installation, forKey: .installation)
        try object.encode(takenAt, forKey: .observedAt)
        try object.encodeIfPresent(release, forKey: .release)
        try object.encode(pods, forKey: .pods)
        try object.encodeIfPresent(address, forKey: .service)
        try object.encodeIfPresent(served, forKey: .endpoint)
        try object.encode(certificates, forKey: .certificates)
        try object.encodeIfPresent(builder, forKey: .builder)
        try object.encodeIfPresent(builds, forKey: .builds)
        try object.encodeIfPresent(cache, forKey: .cache)
        try object.encodeIfPresent(sleep, forKey: .sleep)
        try object.encode(remarks, forKey: .diagnostics)
        try object.encode(unknown, forKey: .unknown)
    }
}

extension StatusReport.UnknownPart: Encodable {
    private enum CodingKeys: String, CodingKey { case id, code, message, detail, hint }

    /// One flat object, like a diagnostic.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(part.lowercased().replacing(" ", with: "-"), forKey: .id)
        try object.encode(failure.code, forKey: .code)
        try object.encode(failure.message, forKey: .message)
        try object.encodeIfPresent(failure.detail, forKey: .detail)
        try object.encodeIfPresent(failure.hint, forKey: .hint)
    }
}
