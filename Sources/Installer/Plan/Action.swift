import MutualTLS

/// The operation of a step.
///
/// Few cases, each performed in one place (``PlanExecutor``), each written out as shell lines (`Script`).
public enum Action: Codable, Equatable, Sendable {
    /// Run a tool that must succeed.
    case run(command: Command)
    /// Create an object that must not exist yet.
    case create(object: ObjectSpec)
    /// Create a new revision of the release with Helm.
    case changeRelease(change: ReleaseChange)
    /// Uninstall the release with Helm, if it is still at the revision that the plan was made from.
    case uninstallRelease(installation: InstallationID, revision: Int, timeout: Int)
    /// Unlock a release that an interrupted Helm operation left locked.
    case freeRelease(locked: LockedRelease)
    /// Issue CA, server and client certificates, and those of the inner hop. Client certificates are registered in
    /// the Secret, where it exists, before they are written to disk.
    case issueCertificates(order: CertificateOrder, folder: String, registry: SecretName?)
    /// Create CA, server and client certificates with a bake definition.
    case bakeCertificates(command: Command, folder: String)
    /// Issue only the certificates of the inner hop, for certificates that were created elsewhere.
    case issueInner(folder: String, algorithm: KeyAlgorithm, days: Int)
    /// Write the client certificate of a Secret to files, for buildx.
    case saveClient(folder: String, from: SecretName)
    /// Apply a Secret with the contents of files, through standard input.
    case applySecret(recipe: SecretSpec)
    /// Create new certificates beside those in use, registered as with `issueCertificates`.
    case prepareRenewal(order: RenewalOrder, folder: String, registry: SecretName?)
    /// Replace the certificates in use with the new ones.
    case installRenewal(folder: String)
    /// Delete the previous CA in a folder, which no proxy trusts any more.
    case removeFormerAuthority(folder: String)
    /// Write the proxy's certificates of a Secret to files, to renew them.
    case saveServer(folder: String, from: SecretName)
    /// Add the revocations of a Secret to the lists of the CA in a folder.
    case saveRevocations(folder: String, from: SecretName)
    /// Make the kubelet update the proxies' Secrets at once.
    case refreshProxies(installation: InstallationID)
    /// Replace the pods of a Deployment, which read their Secrets when they start.
    case restart(installation: InstallationID, deployment: String)
    /// Wait until the endpoint serves a new certificate and accepts a new client.
    case awaitRollout(rollout: CertificateRollout)
    /// Sign a certificate for a client, replacing the one with that serial where one is given, registered as with
    /// `issueCertificates`.
    case issueClient(order: ClientOrder, folder: String, replacing: String?, registry: SecretName?)
    /// Add certificates to the CA's revocation list: those of a client or, with an empty name, of any client.
    case revoke(serials: [String], client: String, folder: String)
    /// Wait until the proxy accepts or rejects a client.
    case awaitClientAccess(look: ClientAccessCheck)
    /// Write all files that a client needs to one place.
    case writeBundle(bundle: ClientBundle)
    /// Write the embedded chart to a folder.
    case unpackChart(folder: String)
    /// Wait until the builder's Service has an address.
    case waitForAddress(service: ServiceName, exposure: Exposure, timeout: Int)
    /// Wait until the pod of BuildKit's Deployment has terminated, or is ready.
    case awaitBuilder(name: String, installation: InstallationID, scaling: ScaleTarget, timeout: Int)
    /// Wait until all pods that a component's Deployment asks for are ready, after they were restarted or deleted.
    case awaitPods(component: String, deployment: String, installation: InstallationID, timeout: Int)
    /// Register the builder in buildx. An existing builder of that name is changed only if it is unchanged since the
    /// plan was made, judged by its fingerprint; nil: there was none.
    case register(registration: BuilderRegistration, replacing: String?)
    /// Select a registered builder as the current one.
    case useBuilder(name: String)
    /// Build something through the builder and compare the output.
    case verifyBuild(verification: BuildVerification)
    /// Delete this program's own files and folders.
    case remove(paths: [String])
    /// Delete certificates and keys by their paths in a folder; other files in it are kept.
    case removeCertificates(folder: String, files: [String])
    /// Delete objects of the cluster, and wait until they no longer exist.
    case delete(removal: Removal)
    /// Delete pods of a release, without waiting until they no longer exist.
    case deletePods(removal: PodRemoval)
    /// Delete a local cluster that this program created, with all that is in it.
    case deleteLocalCluster(removal: LocalClusterRemoval)
    /// Delete the records of the installation; its journal is deleted when the run has ended.
    case forget(paths: [String])
    /// Wait until no build runs and no request is queued.
    case waitForBuilds(installation: InstallationID, timeout: Int)
}

extension Action {
    /// How long it may wait, in seconds; nil where it does not wait.
    public var timeLimit: Int? {
        switch self {
        case .changeRelease(let change): change.timeout
        case .verifyBuild(let verification): verification.timeout
        case .awaitRollout(let rollout): rollout.timeout
        case .awaitClientAccess(let look): look.timeout
        case .delete(let removal): removal.timeout
        case .uninstallRelease(_, _, let timeout), .waitForAddress(_, _, let timeout),
            .awaitBuilder(_, _, _, let timeout), .awaitPods(_, _, _, let timeout),
            .waitForBuilds(_, let timeout):
            timeout
        default: nil
        }
    }

    /// How many seconds it usually takes on a working cluster: its share of a run's progress, not a promise.
    public var weight: Int {
        switch self {
        // Pods that pull their images and start.
        case .changeRelease: 30
        case .awaitBuilder, .awaitPods, .deleteLocalCluster: 15
        // A cloud creates a load balancer, or the kubelets update Secrets.
        case .waitForAddress, .awaitRollout: 15
        case .uninstallRelease, .delete, .awaitClientAccess: 10
        case .verifyBuild(let verification): verification.depth == .build ? 5 : 2
        case .bakeCertificates, .freeRelease, .waitForBuilds: 5
        default: 1
        }
    }
}

/// An object of the cluster to be created.
public struct ObjectSpec: Codable, Equatable, Sendable {
    public var reference: ObjectReference
    public var manifest: JSONValue
}

/// A release that Helm refuses to change, as it was read.
public struct LockedRelease: Codable, Equatable, Sendable {
    public var installation: InstallationID
    public var revision: Int
    public var status: String
    /// Nil: there is no revision to roll back to, and the release is removed.
    public var returnsTo: Int?
}

/// A Secret and the files whose contents are read when it is applied.
public struct SecretSpec: Codable, Equatable, Sendable {
    public var secret: SecretName
    public var labels: [String: String]
    /// The path of each key's file.
    public var files: [String: String]
    /// Whether the Secret exists and this run changes it, taking over its fields from their managers. Otherwise it
    /// must not exist.
    public var replaces: Bool
    /// SHA-256 of each key's content when the plan was made: where it has changed since, another process is changing
    /// the Secret and it is kept unchanged. Nil: any content is replaced.
    public var expected: [String: String]?
    /// Whether keys that are not listed here are kept.
    public var keepsOthers = false
    /// The folder of the CA whose revocation lists belong into the Secret, as `crl.pem`. They are never among the
    /// files: the lists of the folder and the cluster are merged when the Secret is written.
    public var revocations: String?

    /// Whether it only updates the lists.
    var isRevocationsOnly: Bool { files.isEmpty && keepsOthers && revocations != nil }
}

/// New certificates that the proxies are to use.
public struct CertificateRollout: Codable, Equatable, Sendable {
    /// The installation of the proxies.
    public var installation: InstallationID
    /// How the builder is reached; its folder contains the client's files for the probe.
    public var registration: BuilderRegistration
    /// The Service whose port is forwarded during the probe; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// The file of the certificate that is to be served.
    public var certificate: String
    /// The timeout, in seconds.
    public var timeout: Int
}

/// A connection, or a real build, that verifies the builder.
public struct BuildVerification: Codable, Equatable, Sendable {
    /// What must succeed.
    public enum Depth: String, Codable, Sendable {
        case connection
        /// A connection, and a small build through it.
        case build
    }

    public var registration: BuilderRegistration
    /// The Service whose port is forwarded during the verification; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// The timeout for the builder's answer, in seconds.
    public var timeout: Int
    public var depth = Depth.build
}

/// A check whether the proxy accepts a client.
public struct ClientAccessCheck: Codable, Equatable, Sendable {
    /// The installation of the proxy.
    public var installation: InstallationID
    public var client: String
    /// How the builder is reached; its folder contains the client's files.
    public var registration: BuilderRegistration
    /// The Service whose port is forwarded during the check; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// Whether the client is expected to be rejected.
    public var isRefused: Bool
    /// Whether the proxies must first load a change.
    public var isChange: Bool
    /// The timeout, in seconds.
    public var timeout: Int
}

/// All files that a client needs, to be delivered to it.
public struct ClientBundle: Codable, Equatable, Sendable {
    /// The script that registers the builder.
    static let script = "create-builder.sh"
    /// Its files, in the order of writing where they cannot be replaced atomically.
    static let files = ["ca.pem", "key.pem", "cert.pem", script]

    public var client: String
    /// How the client registers the builder; its folder contains the client's files.
    public var registration: BuilderRegistration
    /// The Service whose port the client must forward; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// A folder, or an archive if the name ends as in ``TarArchive/isName(_:)``.
    public var path: String
}

/// The target of scaling BuildKit: no pod, while its cache is kept, or one pod.
public enum ScaleTarget: String, Codable, Sendable {
    case sleep, wake

    /// The number of pods.
    public var replicas: Int { self == .sleep ? 0 : 1 }
}

extension LockedRelease {
    /// The command that unlocks it. It does not wait for the pods, because the next step changes them.
    var command: Command {
        returnsTo.map { installation.helm.rollback(to: $0, waits: false) } ?? installation.helm.uninstall()
    }
}

extension Action {
    /// Whether it changes something.
    var isChange: Bool {
        switch self {
        case .verifyBuild, .awaitRollout, .awaitClientAccess, .waitForAddress, .awaitBuilder, .awaitPods,
            .waitForBuilds:
            false
        default: true
        }
    }
}
