import FoundationEssentials
import MutualTLS

/// What this machine and the cluster are, as far as it has been found out.
///
/// Each part is found by itself and may be missing; whoever reads one says what follows when it is.
public struct Facts: Equatable, Sendable {
    /// When they were looked up: what is due is judged by it.
    public var lookedAt = Date.distantPast

    // This machine.
    /// Each tool's version, as it names itself without a leading `v`.
    public var kubectl: Fact<String> = .pending
    public var helm: Fact<String> = .pending
    public var docker: Fact<String> = .pending
    public var buildx: Fact<String> = .pending
    public var builders: Fact<Builders> = .pending
    /// The folders that the installation's client files are in: by the answers, and by those of the last install.
    public var clientFolders: Fact<[String]> = .pending
    /// The certificates in the folder of the answers; nil where there are none.
    public var folder: Fact<Inspection?> = .pending
    /// What is kept of the authority, with its key or without.
    public var authorities: Fact<Authorities> = .pending
    /// The clients that were given certificates of their own here, by name.
    public var clients: Fact<[String: Inspection]> = .pending
    /// Every client's certificate that was signed here or lies here, the oldest first.
    public var issued: Fact<[CertificateSummary]> = .pending
    /// A renewal that was begun and is not in use yet; nil where there is none.
    public var renewal: Fact<Renewal?> = .pending
    /// SHA-256 of the bytes of each of the folder's files, in hexadecimal, by the path.
    public var files: Fact<[String: String]> = .pending
    /// A run that began and was never finished; nil where there is none.
    public var interruptedRun: Fact<InterruptedRun?> = .pending
    /// The answers that are kept of the last install, by the field's id; empty where there are none.
    public var kept: Fact<[Field.ID: String]> = .pending
    public var localState: Fact<LocalState> = .pending

    // The cluster.
    /// What the kubeconfig's login has said while the server is being reached: where to sign in, and with which code.
    public var loginWords: [String] = []
    public var contexts: Fact<Contexts> = .pending
    /// The API server's version, `1.36.2`.
    public var server: Fact<String> = .pending
    /// What the user may not do of what the plan does; empty where all is allowed.
    public var missingRights: Fact<[Right]> = .pending
    public var namespace: Fact<NamespaceState> = .pending
    public var storageClasses: Fact<[StorageClass]> = .pending
    /// Whether the user may list nodes, a right that people of one namespace rarely have.
    public var mayListNodes = true
    /// Those that run Linux; empty also where the user may not list nodes.
    public var nodes: Fact<[Node]> = .pending
    /// The addresses that the builder's Service has; nil where there is no such Service.
    public var service: Fact<ServiceState?> = .pending
    public var secrets: Fact<Secrets> = .pending
    public var release: Fact<Release?> = .pending
    /// The cache volume's claim, perhaps from an install that was taken away since; nil where there is none.
    public var cacheClaim: Fact<CacheClaim?> = .pending
    public var namespaceContents: Fact<NamespaceContents> = .pending
    /// The cluster, where it is on this machine and this program made it; nil of any other.
    public var localCluster: Fact<LocalClusterState?> = .pending
    /// What admission says of what an install would make; asked once all else is known.
    public var admission: Fact<Admission> = .pending
    /// Whether the further values let BuildKit sleep, and the cluster has no KEDA to wake it.
    public var lacksKEDA: Fact<Bool> = .pending

    // What is looked up only where somebody asks for it.
    /// What goes through the proxies now.
    public var activity: Fact<BuildActivity> = .pending
    /// What the endpoint serves now.
    public var served: Fact<ServedEndpointState> = .pending
    /// When each client was last let in, by its name.
    public var sightings: Fact<[String: LastSeen]> = .pending
    /// How the release's objects are.
    public var objects: Fact<ReleaseObjects> = .pending
    /// The last lines that pods have printed that are not ready, by the pod's name.
    public var lastLines: Fact<[String: [String]]> = .pending
    public var cacheUse: Fact<CacheUse> = .pending

    public init(lookedAt: Date = .distantPast) { self.lookedAt = lookedAt }
}

/// Something that is looked up: not known yet, known, or not to be had, and why.
///
/// A fact that is not to be had never counts as "not there": nothing can be planned by ``value``, which is for showing
/// what is known so far. Plans are made of ``InstallFacts`` and its siblings, which exist only where all was read.
public enum Fact<Value: Sendable>: Sendable {
    case pending
    case known(Value)
    case unavailable(InstallerError)

    /// What is known, to be shown.
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

    /// Whether it is known to be so. What is not known is not so, nor is its contrary.
    func certainly(_ isSo: (Value) -> Bool) -> Bool { value.map(isSo) == true }
}

extension Fact: Equatable where Value: Equatable {}

extension Fact {
    /// Looks it up. It never fails: a failure is what is known then.
    /// - Parameter look: throws ``InstallerError``, or `CancellationError` where nobody waits for it any more.
    init(_ look: () async throws -> Value) async {
        do { self = .known(try await look()) } catch let error as CredentialsError {
            self = .unavailable(InstallerError(error))
        } catch let error as InstallerError {
            self = .unavailable(error)
        } catch is CancellationError {
            self = .unavailable(InstallerError("It was not looked up"))
        } catch {
            self = .unavailable(InstallerError("It could not be looked up", detail: error.reason))
        }
    }
}

extension Answers {
    /// The installation that the answers are about, its context named where it is known.
    public func installation(_ facts: Facts) -> InstallationID {
        var installation = installation
        if installation.context.isEmpty { installation.context = facts.contexts.value?.current ?? "" }
        return installation
    }
}
