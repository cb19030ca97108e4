import MutualTLS

/// What a step does.
///
/// Few cases, each performed in one place (``PlanExecutor``), each written out as shell lines (`Script`).
public enum Action: Codable, Equatable, Sendable {
    /// Run a tool that must succeed.
    case run(command: Command)
    /// Make an object of the cluster that must not be there yet.
    case create(object: ObjectSpec)
    /// Have Helm make a new revision of the release.
    case changeRelease(change: ReleaseChange)
    /// Have Helm take the release away.
    case uninstallRelease(installation: InstallationID, timeout: Int)
    /// Free a release that an interrupted Helm has left locked.
    case freeRelease(locked: LockedRelease)
    /// Issue authority, server and client certificates, and those of the inner hop. Clients' certificates are registered in
    /// the Secret, where there is one, before they get to a disk.
    case issueCertificates(order: CertificateOrder, folder: String, registry: SecretName?)
    /// Let a bake definition make authority, server and client certificates.
    case bakeCertificates(command: Command, folder: String)
    /// Issue only the certificates of the inner hop, beside certificates that were made elsewhere.
    case issueInner(folder: String, algorithm: KeyAlgorithm, days: Int)
    /// Keep the client certificate that a Secret holds as files, for buildx.
    case saveClient(folder: String, from: SecretName)
    /// Apply a Secret made of files, through standard input.
    case applySecret(recipe: SecretSpec)
    /// Make new certificates beside those in use, registered as with `issueCertificates`.
    case prepareRenewal(order: RenewalOrder, folder: String, registry: SecretName?)
    /// Put the new certificates into the places of those that were in use.
    case installRenewal(folder: String)
    /// Keep the proxy's certificates that a Secret holds as files, to renew them.
    case saveServer(folder: String, from: SecretName)
    /// Have the kubelet look at once for what has changed in the proxies' Secrets.
    case refreshProxies(installation: InstallationID)
    /// Wait until the endpoint shows a new certificate and accepts a new client.
    case awaitRollout(rollout: CertificateRollout)
    /// Sign a certificate for a client, in place of the one with that serial where one is given, registered as with
    /// `issueCertificates`.
    case issueClient(order: ClientOrder, folder: String, replacing: String?, registry: SecretName?)
    /// Put certificates on the authority's list of revocations, those of a client or, with no name, of anybody.
    case revoke(serials: [String], client: String, folder: String)
    /// Wait until the proxy lets a client in, or refuses it.
    case awaitClientAccess(look: ClientAccessCheck)
    /// Put all that a client needs into one place.
    case writeBundle(bundle: ClientBundle)
    /// Write the chart that is inside this program to a folder.
    case unpackChart(folder: String)
    /// Wait until the builder's Service has an address.
    case waitForAddress(service: ServiceName, exposure: Exposure, timeout: Int)
    /// Wait until the pod of BuildKit's Deployment has ended, or is ready.
    case awaitBuilder(name: String, installation: InstallationID, scaling: ScaleTarget, timeout: Int)
    /// Tell buildx about the builder. What is known of one of that name is changed only as it was when the plan was
    /// made: by its fingerprint; nil: there was none.
    case register(registration: BuilderRegistration, replacing: String?)
    /// Make a builder that buildx knows the current one.
    case useBuilder(name: String)
    /// Build something through the builder and compare what comes back.
    case verifyBuild(verification: BuildVerification)
    /// Delete files and folders of this program's own.
    case remove(paths: [String])
    /// Delete certificates and keys by their paths in a folder; whatever else is in it stays.
    case removeCertificates(folder: String, files: [String])
    /// Delete objects of the cluster, and wait until they are gone.
    case delete(removal: Removal)
    /// Delete what is written down about the installation; its journal goes when the run has ended.
    case forget(paths: [String])
    /// Wait until no build runs, and none is held.
    case waitForBuilds(installation: InstallationID, timeout: Int)
}

/// An object of the cluster as it is to be made.
public struct ObjectSpec: Codable, Equatable, Sendable {
    public var reference: ObjectReference
    public var manifest: JSONValue
}

/// A release that Helm refuses to change, as it was found.
public struct LockedRelease: Codable, Equatable, Sendable {
    public var installation: InstallationID
    public var revision: Int
    public var status: String
    /// Nil: there is nothing to go back to, and the release goes.
    public var returnsTo: Int?
}

/// A Secret and the files that its keys are read from at the moment it is applied.
public struct SecretSpec: Codable, Equatable, Sendable {
    public var secret: SecretName
    public var labels: [String: String]
    /// The path of each key's file.
    public var files: [String: String]
    /// Whether the Secret is there already and this run changes it: then its fields are taken over from whoever
    /// set them. Otherwise it must not be there.
    public var replaces: Bool
    /// SHA-256 of what each key held when the plan was made: where that has changed since, somebody else is at work
    /// and the Secret is left as it is. Nil: whatever it holds is replaced.
    public var expected: [String: String]?
    /// Whether the keys that are not named here stay as they are.
    public var keepsOthers = false
    /// The folder that keeps the authority whose revocation lists belong into the Secret, as `crl.pem`. They are never
    /// among the files: what is written is brought together from the folder and the cluster at that moment.
    public var revocations: String?

    /// Whether it is about the lists alone.
    var isRevocationsOnly: Bool { files.isEmpty && keepsOthers && revocations != nil }
}

/// New certificates that the proxies are to take up.
public struct CertificateRollout: Codable, Equatable, Sendable {
    /// Whose proxies.
    public var installation: InstallationID
    /// How the builder is reached; its folder holds the client's files to look with.
    public var registration: BuilderRegistration
    /// The Service to forward a port from for as long as the look takes; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// The file of the certificate that is to be served.
    public var certificate: String
    /// How long it may take, in seconds.
    public var timeout: Int
}

/// A real build that shows that the builder works.
public struct BuildVerification: Codable, Equatable, Sendable {
    public var registration: BuilderRegistration
    /// The Service to forward a port from for as long as the proof takes; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// How long the builder may take to answer, in seconds.
    public var timeout: Int
}

/// A look whether the proxy lets a client in.
public struct ClientAccessCheck: Codable, Equatable, Sendable {
    /// Whose proxy.
    public var installation: InstallationID
    public var client: String
    /// How the builder is reached; its folder holds the client's files.
    public var registration: BuilderRegistration
    /// The Service to forward a port from for as long as the look takes; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// Whether it is to be refused.
    public var isRefused: Bool
    /// Whether the proxies have something new to take up first.
    public var isChange: Bool
    /// How long that may take, in seconds.
    public var timeout: Int
}

/// All that a client needs, to be handed over.
public struct ClientBundle: Codable, Equatable, Sendable {
    public var client: String
    /// How the client is to register the builder; its folder holds the client's files.
    public var registration: BuilderRegistration
    /// The Service that the client has to forward a port from; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// A folder, or a file that ends in `.tar`.
    public var path: String
}

/// What becomes of BuildKit's pod: it goes, and its cache stays, or it comes again.
public enum ScaleTarget: String, Codable, Sendable {
    case sleep, wake

    /// How many pods there are then.
    public var replicas: Int { self == .sleep ? 0 : 1 }
}

extension LockedRelease {
    /// What frees it. Nobody waits for its pods: the next step changes them.
    var command: Command {
        returnsTo.map { installation.helm.rollback(to: $0, waits: false) } ?? installation.helm.uninstall()
    }
}

extension Action {
    /// Whether it changes something by itself.
    var isChange: Bool {
        switch self {
        case .verifyBuild, .awaitRollout, .awaitClientAccess, .waitForAddress, .awaitBuilder, .waitForBuilds:
            false
        default: true
        }
    }
}
