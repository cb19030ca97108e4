import FoundationEssentials
import MutualTLS

// What an uninstall has to know beyond what an install asks.

extension Facts {
    /// The claim of the cache volume.
    public struct CacheClaim: Codable, Equatable, Sendable {
        /// As Kubernetes writes it: `50Gi`.
        public var size: String
        /// When it was made; nil where that is not said.
        public var madeAt: Date?

        public init(size: String, madeAt: Date? = nil) {
            self.size = size
            self.madeAt = madeAt
        }
    }

    /// Who lives in the namespace, but for what is in every namespace and what others there brought along.
    public struct Inhabitants: Equatable, Sendable {
        /// What the release has made, as kubectl names it: `deployment.apps/buildkit-proxy`.
        public var ofRelease: [String]
        public var others: [String]
        /// Whether everything there could be seen.
        public var areComplete: Bool

        public init(ofRelease: [String] = [], others: [String] = [], areComplete: Bool = true) {
            self.ofRelease = ofRelease
            self.others = others
            self.areComplete = areComplete
        }
    }

    /// What an installation has left on this machine.
    public struct Remains: Equatable, Sendable {
        /// The folder that buildx reads the client's certificate from.
        public var clientFolder: String
        /// The files of certificates that this program made or keeps, by their folder; those of the authority
        /// are apart.
        public var certificates: [CertificateFolder: [CertificateFile]] = [:]
        public var authority: [CertificateFolder: [CertificateFile]] = [:]
        /// What is written down, by its path.
        public var records: [String] = []
        /// The builder that was the current one before; nil where there was none, or nobody wrote it down.
        public var formerBuilder: String?

        public init(clientFolder: String) { self.clientFolder = clientFolder }
    }
}
