import FoundationEssentials
import MutualTLS

extension Facts {
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
        /// Whether volumes of this class may grow; nil where that is not known.
        public var allowsExpansion: Bool?
    }

    public struct Node: Codable, Equatable, Sendable {
        public var name: String
        public var addresses: [String]
        public var architecture: String
        public var kernel: String
        public var kubelet: String
        public var runtime: String
        /// `ExternalIP`, `InternalIP` …: of which kind each address is, in the same order.
        public var addressKinds: [String] = []
        /// Whether its container runtime says that it can give a pod a user namespace; nil where it says nothing, as
        /// before Kubernetes 1.31.
        public var userNamespaces: Bool?
    }

    public struct ServiceState: Codable, Equatable, Sendable {
        public var type: String
        /// The load balancer's addresses, IPs before names.
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
        /// Whom each machine has signed for; nil where the Secret does not say.
        public var clients: ClientRegistry?
    }

    /// The authorities that are kept here: the one that signs, and the one that it takes the place of.
    public struct Authorities: Equatable, Sendable {
        public var current: AuthorityStatus?
        /// Still trusted, until every client has certificates of the current one.
        public var former: AuthorityStatus?
        /// That of a rotation that was begun and is not in its place yet; the proxy may trust it already.
        public var waiting: AuthorityStatus?
        /// Who was revoked, whatever authority signed for them.
        public var revocations: [ClientRevocation] = []
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
        /// Which run has made this revision, where one of this program has; looked up only where Helm has left it
        /// locked.
        public var mark: String?
        /// Whether its manifest is made of this chart's own templates.
        public var bearsOurMark = true
    }

    /// Helm's record of one revision of a release.
    struct ReleaseRevision: Equatable, Sendable {
        var revision: Int
        var status: String
        var mark: String?
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
        /// The builders whose files could not be read: they are there, and nobody knows what they are.
        public var unreadable: [String] = []
        /// Why docker cannot tell which engine is meant; nil where it can.
        public var endpointProblem: EndpointProblem?
    }

    /// What docker's settings name and is not there.
    public enum EndpointProblem: Codable, Equatable, Sendable {
        /// The docker context of that name; whether `DOCKER_CONTEXT` names it, or docker's own configuration.
        case contextMissing(String, isFromEnvironment: Bool)
        /// The authority's certificate that `DOCKER_TLS_VERIFY` demands.
        case certificatesMissing(String)
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

// What an uninstall has to know beyond what an install asks.

extension Facts {
    /// The claim of the cache volume.
    public struct CacheClaim: Codable, Equatable, Sendable {
        /// As Kubernetes writes it: `50Gi`.
        public var size: String
        /// The size that it asks for, where that is another.
        public var requested: String?
        /// Its storage class; nil where it has none.
        public var storageClass: String?
        /// When it was made; nil where that is not said.
        public var madeAt: Date?

        public init(
            size: String, requested: String? = nil, storageClass: String? = nil, madeAt: Date? = nil
        ) {
            self.size = size
            self.requested = requested
            self.storageClass = storageClass
            self.madeAt = madeAt
        }
    }

    /// Who lives in the namespace, but for what is in every namespace and what others there brought along.
    public struct NamespaceContents: Equatable, Sendable {
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
    public struct LocalState: Equatable, Sendable {
        /// The folder that buildx reads the client's certificate from.
        public var clientFolder: String
        /// The files of certificates that this program made or keeps, by their folder and their paths in it; those
        /// of the authority are apart.
        public var certificates: [CertificateFolder: [String]] = [:]
        public var authority: [CertificateFolder: [String]] = [:]
        /// The folders with an authority that somebody brought, which stays whatever goes.
        public var broughtAuthorities: [String] = []
        /// What is written down, by its path.
        public var records: [String] = []
        /// The builder that was the current one before; nil where there was none, or nobody wrote it down.
        public var formerBuilder: String?

        public init(clientFolder: String) { self.clientFolder = clientFolder }
    }

    /// A cluster on this machine that this program made, and what else it is used for.
    public struct LocalClusterState: Equatable, Sendable {
        public var cluster: LocalCluster
        /// Namespaces that neither the installation nor Kubernetes made; nil where they could not be seen.
        public var otherNamespaces: [String]?

        public init(cluster: LocalCluster, otherNamespaces: [String]?) {
            self.cluster = cluster
            self.otherNamespaces = otherNamespaces
        }

        /// Why it is not deleted with the namespace; nil where it may be.
        var reasonToKeep: String? {
            guard let otherNamespaces else { return "not all that is in it could be seen" }
            guard !otherNamespaces.isEmpty else { return nil }
            return "\(otherNamespaces.map { "namespace/\($0)" }.inShort) would go with it"
        }
    }
}

// What a rotation has to know beyond what an install asks.

extension Facts {
    /// New certificates that were made and are not in use yet.
    public struct Renewal: Equatable, Sendable {
        public var order: RenewalOrder
        /// Whether the proxy's own are still to be put into place.
        public var serverWaits: Bool
        public var inspection: Inspection

        public init(order: RenewalOrder, serverWaits: Bool, inspection: Inspection) {
            self.order = order
            self.serverWaits = serverWaits
            self.inspection = inspection
        }
    }
}

// The words by which Helm says how far a release is; the same in Helm 3 and 4.
// https://helm.sh/docs/helm/helm_status/

extension Facts.Release {
    /// Whether Helm refuses to change it until somebody frees it.
    var isLocked: Bool { hasNoPriorRevision || ["pending-upgrade", "pending-rollback"].contains(status) }

    /// Whether there is nothing to go back to: a first install or an uninstall that was cut short.
    var hasNoPriorRevision: Bool { ["pending-install", "uninstalling"].contains(status) }
}

extension Facts {
    /// Whether it was a run from this machine that has left the release locked: its journal says that it had Helm make
    /// this very revision. Any other lock may be somebody's who is at work.
    var explainsLock: Bool {
        guard let release = release.value ?? nil, release.isLocked else { return false }
        let work = (interruptedRun.value ?? nil)?.run.helmWork ?? []
        return work.contains {
            $0.explains(status: release.status, revision: release.revision, mark: release.mark)
        }
    }
}
