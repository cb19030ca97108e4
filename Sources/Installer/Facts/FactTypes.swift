import FoundationEssentials
import MutualTLS

extension Facts {
    /// The contexts of the kubeconfig.
    public struct Contexts: Codable, Equatable, Sendable {
        public var names: [String]
        public var current: String
    }

    /// A permission in Kubernetes: a verb on a resource, in the namespace or for the whole cluster.
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
        /// What blocks its deletion, in Kubernetes' own words.
        public var heldBy: [String] = []
    }

    public struct StorageClass: Codable, Equatable, Sendable {
        public var name: String
        public var isDefault: Bool
        /// Whether volumes of this class can be expanded; nil where unknown.
        public var allowsExpansion: Bool?
    }

    public struct Node: Codable, Equatable, Sendable {
        public var name: String
        public var addresses: [String]
        public var architecture: String
        public var kernel: String
        public var kubelet: String
        public var runtime: String
        /// The kind of each address, in the same order: `ExternalIP`, `InternalIP` …
        public var addressKinds: [String] = []
        /// Whether its container runtime reports support for user namespaces; nil where it reports nothing, as before
        /// Kubernetes 1.31.
        public var userNamespaces: Bool?
    }

    public struct ServiceState: Codable, Equatable, Sendable {
        public var type: String
        /// The load balancer's addresses, IPs before names.
        public var addresses: [String]
        public var nodePort: Int?
        /// Nil: it is not being deleted.
        public var deletion: PendingDeletion?
    }

    /// The two Secrets; nil for one that does not exist. Never their contents: only a digest of each key's bytes, and
    /// the summaries of the certificates.
    public struct Secrets: Equatable, Sendable {
        public var outer: SecretState?
        public var inner: SecretState?
        /// The findings on the certificates in both.
        public var findings: [Finding]
    }

    public struct SecretState: Codable, Equatable, Sendable {
        /// SHA-256 of each key's bytes, in hexadecimal.
        public var digests: [String: String]
        public var certificates: [CertificateSummary]
        /// Whether this program created it.
        public var isOurs: Bool
        /// The serials on its revocation list.
        public var revoked: [String] = []
        /// The certificates that each machine has issued; nil where the Secret has no register.
        public var clients: ClientRegistry?
        /// Nil: it is not being deleted.
        public var deletion: PendingDeletion?
    }

    /// The CAs on this machine: the signing one, and the one that it replaces.
    public struct Authorities: Equatable, Sendable {
        public var current: AuthorityStatus?
        /// It stays until every client has certificates of the current one; the Secret shows whether the proxy trusts it.
        public var former: AuthorityStatus?
        /// The CA of a rotation that has started and is not in place yet; the proxy may already trust it.
        public var waiting: AuthorityStatus?
        /// The revoked clients, regardless of the CA.
        public var revocations: [ClientRevocation] = []
        /// Those in `daemon/ca.pem`, which a proxy with the files in the directory trusts.
        public var offered: [CertificateSummary] = []
        /// Why no CA can be created in the directory; nil: nothing prevents it.
        public var incomplete: InstallerError?
    }

    /// A Helm release.
    public struct Release: Codable, Equatable, Sendable {
        /// `deployed`, `failed`, `pending-install`, `uninstalling` …
        public var status: String
        public var revision: Int
        /// `buildkit-0.1.0`.
        public var chart: String
        public var values: JSONValue
        /// The version of BuildKit that the chart installs by default.
        public var appVersion: String?
        /// The mark of the run of this program that created this revision, if any; read only where Helm left the
        /// release locked.
        public var mark: String?
        /// Whether its manifest comes from this chart's templates.
        public var bearsOurMark = true
        /// The objects in its manifest, as kubectl names them; read only with the values.
        public var objects: [String] = []
    }

    /// Helm's record of one revision of a release.
    struct ReleaseRevision: Equatable, Sendable {
        var revision: Int
        var status: String
        var mark: String?
    }

    /// The state of buildx on this machine.
    public struct Builders: Codable, Equatable, Sendable {
        public var builders: [Builder]
        /// The current builder's name.
        public var current: String?
        /// The path of a `buildkitd.default.toml`, which breaks every remote builder.
        public var defaultConfiguration: String?
        /// The names of docker contexts; a builder cannot have the name of one.
        public var dockerContexts: [String]
        /// The docker context in use, whose builder buildx uses where none is chosen.
        public var dockerContext = "default"
        /// The builders whose files could not be read: they exist, and their properties are unknown.
        public var unreadable: [String] = []
        /// Why docker cannot determine its engine; nil where it can.
        public var endpointProblem: EndpointProblem?
    }

    /// A reference in docker's settings to something that does not exist.
    public enum EndpointProblem: Codable, Equatable, Sendable {
        /// The docker context of that name, and whether `DOCKER_CONTEXT` or docker's own configuration names it.
        case contextMissing(String, isFromEnvironment: Bool)
        /// The CA certificate that `DOCKER_TLS_VERIFY` requires.
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

// Facts that only an uninstall needs.

extension Facts {
    /// The claim of the cache volume.
    public struct CacheClaim: Codable, Equatable, Sendable {
        /// As Kubernetes writes it: `50Gi`.
        public var size: String
        /// The requested size, where it differs.
        public var requested: String?
        /// Its storage class; nil where it has none.
        public var storageClass: String?
        /// When it was created; nil where unknown.
        public var madeAt: Date?
        /// The Helm release that created it; nil: none did.
        public var release: String?
        /// Nil: it is not being deleted.
        public var deletion: PendingDeletion?

        public init(
            size: String, requested: String? = nil, storageClass: String? = nil, madeAt: Date? = nil,
            release: String? = nil
        ) {
            self.release = release
            self.size = size
            self.requested = requested
            self.storageClass = storageClass
            self.madeAt = madeAt
        }
    }

    /// The objects in the namespace, except those that are in every namespace or are owned by other objects.
    public struct NamespaceContents: Equatable, Sendable {
        /// The objects of the release, as kubectl names them: `deployment.apps/buildkit-proxy`.
        public var ofRelease: [String]
        public var others: [String]
        /// The ReplicaSets of the release's Deployments, which control its pods; nil where they could not be listed.
        public var replicaSets: [ReplicaSetName]?
        /// Whether all objects could be read.
        public var areComplete: Bool

        public init(
            ofRelease: [String] = [], others: [String] = [], replicaSets: [ReplicaSetName]? = [],
            areComplete: Bool = true
        ) {
            self.ofRelease = ofRelease
            self.others = others
            self.replicaSets = replicaSets
            self.areComplete = areComplete
        }

        /// Why the namespace is not deleted; nil where it contains nothing else.
        /// - Parameter countsRelease: whether the release's objects prevent the deletion, too.
        func reasonToKeep(countsRelease: Bool = false) -> String? {
            let found = others + (countsRelease ? ofRelease : [])
            guard found.isEmpty else { return "it also contains \(found.inShort)" }
            return areComplete ? nil : "some resources in it cannot be listed"
        }
    }

    /// A cluster on this machine that this program created, and its other uses.
    public struct LocalClusterState: Equatable, Sendable {
        public var cluster: LocalCluster
        /// Namespaces, and objects in `default`, that neither the installation nor Kubernetes created; nil where they
        /// could not be listed.
        public var others: [String]?

        public init(cluster: LocalCluster, others: [String]?) {
            self.cluster = cluster
            self.others = others
        }

        /// Why it is not deleted with the namespace; nil where it can be.
        var reasonToKeep: String? {
            guard let others else { return "some resources in it cannot be listed" }
            return others.isEmpty ? nil : "it also contains \(others.inShort)"
        }
    }
}

// Helm's words for the state of a release; identical in Helm 3 and 4.
// https://helm.sh/docs/helm/helm_status/

extension Facts.Release {
    /// Whether Helm refuses to change it until it is unlocked.
    var isLocked: Bool { hasNoPriorRevision || ["pending-upgrade", "pending-rollback"].contains(status) }

    /// Whether there is no revision to roll back to: an interrupted first install or uninstall.
    var hasNoPriorRevision: Bool { ["pending-install", "uninstalling"].contains(status) }
}

extension Facts {
    /// Whether a run of this machine left the release locked: its journal records that it had Helm create this very
    /// revision. Any other lock may belong to a Helm operation that is still running.
    var explainsLock: Bool {
        guard let release = release.value ?? nil, release.isLocked else { return false }
        let work = (interruptedRun.value ?? nil)?.run.helmWork ?? []
        return work.contains {
            $0.explains(status: release.status, revision: release.revision, mark: release.mark)
        }
    }
}
