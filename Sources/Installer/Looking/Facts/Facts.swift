import FoundationEssentials
import MutualTLS

/// What this machine and the cluster are, as far as it has been found out.
///
/// Each part is found by itself and may be missing; whoever reads one says what follows when it is.
public struct Facts: Equatable, Sendable {
    // This machine.
    /// Each tool's version, as it names itself without a leading `v`.
    public var kubectl: Fact<String> = .pending
    public var helm: Fact<String> = .pending
    public var docker: Fact<String> = .pending
    public var buildx: Fact<String> = .pending
    public var builders: Fact<Builders> = .pending
    /// The certificates in the folder of the answers; nil where there are none.
    public var folder: Fact<Inspection?> = .pending
    /// What is kept of the authority, with its key or without.
    public var authorities: Fact<Authorities> = .pending
    /// The clients that were given certificates of their own here, by name.
    public var clients: Fact<[String: Inspection]> = .pending
    /// Every client's certificate that was signed here or lies here, the oldest first.
    public var issued: Fact<[CertificateSummary]> = .pending
    /// A renewal that was begun and is not in use yet; nil where there is none.
    public var renewal: Fact<Inspection?> = .pending
    /// SHA-256 of the bytes of each of the folder's files, in hexadecimal, by the path.
    public var files: Fact<[String: String]> = .pending
    /// A run that began and was never finished; nil where there is none.
    public var unfinished: Fact<Unfinished?> = .pending
    public var remains: Fact<Remains> = .pending

    // The cluster.
    public var contexts: Fact<Contexts> = .pending
    /// The API server's version, `1.36.2`.
    public var server: Fact<String> = .pending
    /// What the user may not do of what the plan does; empty where all is allowed.
    public var missingRights: Fact<[Right]> = .pending
    public var namespace: Fact<NamespaceState> = .pending
    public var storageClasses: Fact<[StorageClass]> = .pending
    /// Empty where the user may not list nodes.
    public var nodes: Fact<[Node]> = .pending
    /// The addresses that the builder's Service has; nil where there is no such Service.
    public var service: Fact<ServiceState?> = .pending
    public var secrets: Fact<Secrets> = .pending
    public var release: Fact<Release?> = .pending
    /// The cache volume's claim, perhaps from an install that was taken away since; nil where there is none.
    public var cacheClaim: Fact<CacheClaim?> = .pending
    public var inhabitants: Fact<Inhabitants> = .pending
    /// Whether the further values let BuildKit sleep, and the cluster has no KEDA to wake it.
    public var lacksKEDA: Fact<Bool> = .pending

    // What is looked up only where somebody asks for it.
    /// What goes through the proxies now.
    public var activity: Fact<Activity> = .pending
    /// What the endpoint serves now.
    public var served: Fact<Served> = .pending
    /// When each client was last let in, by its name.
    public var sightings: Fact<[String: Sighting]> = .pending
    /// How the release's objects are.
    public var objects: Fact<ReleaseObjects> = .pending
    /// The last lines that pods have printed that are not ready, by the pod's name.
    public var lastLines: Fact<[String: [String]]> = .pending
    public var cacheUse: Fact<CacheUse> = .pending

    public init() {}

    /// The contexts of the kubeconfig.
    public struct Contexts: Codable, Equatable, Sendable {
        public var names: [String]
        public var current: String
    }

    /// Something that Kubernetes allows or not: a verb on a resource, in the namespace or for the whole cluster.
    public struct Right: Codable, Hashable, Sendable {
        public var verb: String
        /// `deployments.apps`.
        public var resource: String
        public var inNamespace: Bool
    }

    public struct NamespaceState: Codable, Equatable, Sendable {
        public var exists: Bool
        public var isTerminating: Bool
        public var labels: [String: String]
        /// What keeps one that is being deleted from going, in Kubernetes' own words.
        public var heldBy: [String] = []
    }

    public struct StorageClass: Codable, Equatable, Sendable {
        public var name: String
        public var isDefault: Bool
    }

    public struct Node: Codable, Equatable, Sendable {
        public var name: String
        public var addresses: [String]
        public var architecture: String
        public var kernel: String
        public var kubelet: String
        public var runtime: String
    }

    public struct ServiceState: Codable, Equatable, Sendable {
        public var type: String
        /// Load balancer addresses, names or IPs.
        public var addresses: [String]
        public var nodePort: Int?
    }

    /// The two Secrets; nil for one that is not there. Never their contents: only a digest of each key's bytes,
    /// and what the certificates say of themselves.
    public struct Secrets: Equatable, Sendable {
        public var outer: SecretState?
        public var inner: SecretState?
        /// What is to be said of the certificates in both.
        public var findings: [Finding]
    }

    public struct SecretState: Codable, Equatable, Sendable {
        /// SHA-256 of each key's bytes, in hexadecimal.
        public var digests: [String: String]
        public var certificates: [CertificateSummary]
        /// Whether this program made it.
        public var isOurs: Bool
        /// The serials on the list of revocations in it.
        public var revoked: [String] = []
    }

    /// The authorities that are kept here: the one that signs, and the one that it takes the place of.
    public struct Authorities: Equatable, Sendable {
        public var current: KeptAuthority?
        /// Still trusted, until every client has certificates of the current one.
        public var former: KeptAuthority?
    }

    /// A Helm release.
    public struct Release: Codable, Equatable, Sendable {
        /// `deployed`, `failed`, `pending-install`, `uninstalling` …
        public var status: String
        public var revision: Int
        /// `buildkit-0.1.0`.
        public var chart: String
        public var values: JSONValue
        /// The version of BuildKit that the chart installs unless told otherwise.
        public var appVersion: String?
    }

    /// What buildx knows on this machine.
    public struct Builders: Codable, Equatable, Sendable {
        public var builders: [Builder]
        /// The current builder's name.
        public var current: String?
        /// The path of a `buildkitd.default.toml`, which breaks every remote builder.
        public var defaultConfiguration: String?
        /// The names of docker contexts; a builder cannot have the name of one.
        public var dockerContexts: [String]
        /// The docker context in use, whose own builder buildx takes where none is chosen.
        public var dockerContext = "default"
    }

    public struct Builder: Codable, Equatable, Sendable {
        public var name: String
        /// `remote`, `docker-container` …
        public var driver: String
        public var nodes: [BuilderNode]
    }

    public struct BuilderNode: Codable, Equatable, Sendable {
        public var name: String
        public var endpoint: String
        public var options: [String: String]
        public var platforms: [String]
    }
}
