import FoundationEssentials
import MutualTLS

/// The facts of this machine and the cluster, as far as they are known.
///
/// Each part is read separately and may be missing; the code that reads a part decides what follows then.
public struct Facts: Equatable, Sendable {
    /// When they were read; expiry is judged at this time.
    public var lookedAt = Date.distantPast

    // This machine.
    /// Each tool's version, without a leading `v`.
    public var kubectl: Fact<String> = .pending
    public var helm: Fact<String> = .pending
    public var docker: Fact<String> = .pending
    public var buildx: Fact<String> = .pending
    public var builders: Fact<Builders> = .pending
    /// The folders of the installation's client files, and the builders that this machine has records of.
    public var clientFolders: Fact<ClientFolders> = .pending
    /// The certificates in the folder of the answers; nil where there are none.
    public var folder: Fact<Inspection?> = .pending
    /// The CAs on this machine, with or without their keys.
    public var authorities: Fact<Authorities> = .pending
    /// The clients with certificates of their own on this machine, by name.
    public var clients: Fact<[String: Inspection]> = .pending
    /// Every client certificate that was signed or is stored here, the oldest first.
    public var issued: Fact<[CertificateSummary]> = .pending
    /// A renewal that has started and is not in use yet; nil where there is none.
    public var renewal: Fact<Renewal?> = .pending
    /// SHA-256 of each file in the folder, in hexadecimal, by its path.
    public var files: Fact<[String: String]> = .pending
    /// A run that started and did not finish; nil where there is none.
    public var interruptedRun: Fact<InterruptedRun?> = .pending
    /// The saved answers of the last install, by the field's id; empty where there are none.
    public var kept: Fact<[Field.ID: String]> = .pending
    public var localState: Fact<LocalState> = .pending
    /// Why the client bundle of the answers may not be written to its path; nil where it may.
    public var bundleTrouble: Fact<InstallerError?> = .pending

    // The cluster.
    /// The messages of the kubeconfig's login while the server is contacted: where to sign in, and with which code.
    public var loginWords: [String] = []
    public var contexts: Fact<Contexts> = .pending
    /// The API server's version, `1.36.2`.
    public var server: Fact<String> = .pending
    /// The permissions that the plan needs and the user lacks; empty where none is missing.
    public var missingRights: Fact<[Right]> = .pending
    public var namespace: Fact<NamespaceState> = .pending
    public var storageClasses: Fact<[StorageClass]> = .pending
    /// Whether the user may list nodes, a right that users with rights in one namespace rarely have.
    public var mayListNodes = true
    /// The nodes that run Linux; empty also where the user may not list nodes.
    public var nodes: Fact<[Node]> = .pending
    /// The addresses of the builder's Service; nil where there is no such Service.
    public var service: Fact<ServiceState?> = .pending
    public var secrets: Fact<Secrets> = .pending
    public var release: Fact<Release?> = .pending
    /// The claim of the cache volume, perhaps from an install that was removed since; nil where there is none.
    public var cacheClaim: Fact<CacheClaim?> = .pending
    public var namespaceContents: Fact<NamespaceContents> = .pending
    /// The names of the other releases of this chart in the namespace: their pods mount the same Secrets.
    public var otherReleases: Fact<[String]> = .pending
    /// BuildKit's Deployments that read the Secret of the internal certificates: that of the installation, as far as it is
    /// listed, and those of the other releases in the namespace.
    public var backends: Fact<[BackendDeployment]> = .pending
    /// The names of the release's Deployments whose rollout is paused: their pods are not replaced.
    public var pausedRollouts: Fact<[String]> = .pending
    /// The cluster, where it is on this machine and this program created it; otherwise nil.
    public var localCluster: Fact<LocalClusterState?> = .pending
    /// The admission result for the objects of an install; read after all other facts.
    public var admission: Fact<Admission> = .pending
    /// The names of the chart's objects that the values file of an install sets; read only for an install.
    public var chartNames: Fact<ChartNames> = .pending
    /// Whether the additional values let BuildKit sleep, and the cluster has no KEDA to wake it.
    public var lacksKEDA: Fact<Bool> = .pending

    // Facts that are read only on request.
    /// The current load of the proxies.
    public var activity: Fact<BuildActivity> = .pending
    /// Whether BuildKit is scaled to zero.
    public var scale: Fact<ScaleState> = .pending
    /// All installations in the cluster.
    public var installations: Fact<[ClusterInstallation]> = .pending
    /// The names of all namespaces.
    public var namespaces: Fact<[String]> = .pending
    /// What the endpoint serves now.
    public var served: Fact<ServedEndpointState> = .pending
    /// When each client last connected, by its name.
    public var sightings: Fact<[String: LastSeen]> = .pending
    /// The serials on the revocation lists of the other installations of this cluster with the same certificate
    /// folder.
    public var revokedElsewhere: Fact<[InstallationID: Fact<Set<String>>]> = .pending
    /// The objects of the release with their status.
    public var objects: Fact<ReleaseObjects> = .pending
    /// The last log lines of pods that are not ready, by the pod's name.
    public var lastLines: Fact<[String: [String]]> = .pending
    public var cacheUse: Fact<CacheUse> = .pending

    public init(lookedAt: Date = .distantPast) { self.lookedAt = lookedAt }
}

/// A fact: pending, known, or unavailable with the reason.
///
/// An unavailable fact never counts as "absent": no plan may use ``value``, which is for display only. Plans are
/// created from ``InstallFacts`` and its siblings, which exist only where all required facts were read.
public enum Fact<Value: Sendable>: Sendable {
    case pending
    case known(Value)
    case unavailable(InstallerError)

    /// The known value, for display.
    public var value: Value? {
        guard case .known(let value) = self else { return nil }
        return value
    }

    public var failure: InstallerError? {
        guard case .unavailable(let failure) = self else { return nil }
        return failure
    }

    public var isPending: Bool {
        guard case .pending = self else { return false }
        return true
    }

    /// Whether the condition is known to be true. For an unknown fact it returns false for a condition and for its
    /// opposite.
    func certainly(_ isSo: (Value) -> Bool) -> Bool { value.map(isSo) == true }
}

extension Fact: Equatable where Value: Equatable {}

extension Fact {
    /// Reads the fact. It never fails: a failure becomes `unavailable`.
    /// - Parameter look: throws ``InstallerError``, or `CancellationError` where the fact is no longer awaited.
    init(_ look: () async throws -> Value) async {
        do { self = .known(try await look()) } catch let error as CredentialsError {
            self = .unavailable(InstallerError(error))
        } catch let error as InstallerError {
            self = .unavailable(error)
        } catch is CancellationError {
            self = .unavailable(InstallerError("Not checked"))
        } catch {
            self = .unavailable(InstallerError("Could not be read", detail: error.reason))
        }
    }
}

extension Answers {
    /// The installation of the answers, with its context named where it is known.
    public func installation(_ facts: Facts) -> InstallationID {
        var installation = installation
        if installation.context.isEmpty { installation.context = facts.contexts.value?.current ?? "" }
        return installation
    }
}
