import MutualTLS

/// What a step does, or what takes it back.
///
/// Few cases, each performed in one place (``Executor``), each written out as shell lines (`Script`).
public enum Action: Codable, Equatable, Sendable {
    /// Run a tool that must succeed.
    case run(command: Command)
    /// Issue authority, server and client certificates, and those of the inner hop.
    case issueCertificates(order: CertificateOrder, folder: String)
    /// Let a bake definition make authority, server and client certificates.
    case bakeCertificates(command: Command, folder: String)
    /// Issue only the certificates of the inner hop, beside certificates that were made elsewhere.
    case issueInner(folder: String, algorithm: KeyAlgorithm, days: Int)
    /// Keep the client certificate that a Secret holds as files, for buildx.
    case saveClient(folder: String, from: SecretName)
    /// Apply a Secret made of files, through standard input.
    case applySecret(recipe: SecretRecipe)
    /// Put a Secret back as it was before this run changed it.
    case restoreSecret(name: SecretName)
    /// Have the kubelet look at once for what has changed in the proxies' Secrets.
    case nudgeProxies(site: Site)
    /// Wait until the endpoint shows a new certificate and accepts a new client.
    case awaitUptake(uptake: Uptake)
    /// Sign a certificate for a client, in place of the one with that serial where one is given.
    case issueClient(order: ClientOrder, folder: String, replacing: String?)
    /// Forget a client's certificate that nobody has got, unless it is one of these.
    case withdrawClient(name: String, folder: String, except: [String])
    /// Put certificates on the authority's list of revocations.
    case revoke(serials: [String], folder: String)
    /// Wait until the proxy lets a client in, or refuses it.
    case watchClient(look: ClientLook)
    /// Put all that a client needs into one place.
    case writeBundle(bundle: Bundle)
    /// Write the chart that is inside this program to a folder.
    case unpackChart(folder: String)
    /// Wait until the builder's Service has an address.
    case waitForAddress(service: ServiceName, exposure: Exposure, timeout: Int)
    /// Wait until the pod of BuildKit's Deployment has ended, or is ready.
    case awaitBuilder(name: String, site: Site, scaling: Scaling, timeout: Int)
    /// Tell buildx about the builder.
    case register(registration: Registration)
    /// Build something through the builder and compare what comes back.
    case prove(proof: Proof)
    /// Delete files and folders of this program's own.
    case remove(paths: [String])
    /// Delete certificates and keys by their names; whatever else is in the folder stays.
    case removeCertificates(folder: String, files: [CertificateFile])
    /// Delete objects of the cluster, and wait until they are gone.
    case delete(removal: Removal)
    /// Delete what is written down about the installation; its journal goes when the run has ended.
    case forget(paths: [String])
    /// Wait until no build runs, and none is held.
    case waitForBuilds(site: Site, timeout: Int)
}

/// Objects of the cluster that are to go.
public struct Removal: Codable, Equatable, Sendable {
    public var context: String
    /// Nil: they belong to no namespace.
    public var namespace: String?
    /// `deployment.apps/buildkit-proxy`, as kubectl takes them.
    public var objects: [String]
    /// How long they may take, in seconds.
    public var timeout: Int
}

/// A Secret of the cluster.
public struct SecretName: Codable, Hashable, Sendable {
    public var context: String
    public var namespace: String
    public var name: String
}

/// A Secret and the files that its keys are read from at the moment it is applied.
public struct SecretRecipe: Codable, Equatable, Sendable {
    public var secret: SecretName
    public var labels: [String: String]
    /// The path of each key's file.
    public var files: [String: String]
    /// Whether the Secret is there already and this run changes it: then its fields are taken over from whoever
    /// set them.
    public var replaces: Bool
    /// SHA-256 of what each key held when the plan was made: where that has changed since, somebody else is at work
    /// and the Secret is left as it is. Nil: whatever it holds is replaced.
    public var expected: [String: String]?
    /// Whether the keys that are not named here stay as they are.
    public var keepsOthers = false
}

/// New certificates that the proxies are to take up.
public struct Uptake: Codable, Equatable, Sendable {
    /// Whose proxies.
    public var site: Site
    /// How the builder is reached; its folder holds the client's files to look with.
    public var registration: Registration
    /// The Service to forward a port from for as long as the look takes; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// The file of the certificate that is to be served.
    public var certificate: String
    /// How long it may take, in seconds.
    public var timeout: Int
}

/// A Service of the cluster, and the port that clients dial.
public struct ServiceName: Codable, Hashable, Sendable {
    public var context: String
    public var namespace: String
    public var name: String
    public var port: Int
}

/// A remote builder as buildx is to know it.
public struct Registration: Codable, Equatable, Sendable {
    public var builder: String
    public var address: Address
    /// The name to expect in the server certificate; nil: the endpoint's host.
    public var servername: String?
    /// The folder with `ca.pem`, `cert.pem` and `key.pem`; absolute, for buildx keeps the path.
    public var folder: String
    public var platforms: [String]
    /// Whether it becomes the current builder.
    public var use: Bool

    /// buildx's name for the builder's one node.
    public var node: String { "\(builder)0" }
}

/// Where a builder answers.
public enum Address: Codable, Equatable, Sendable {
    case endpoint(endpoint: Endpoint)
    /// Whatever address the Service has got by then.
    case service(service: ServiceName, exposure: Exposure, names: [SubjectName])
}

/// A real build that shows that the builder works.
public struct Proof: Codable, Equatable, Sendable {
    public var registration: Registration
    /// The Service to forward a port from for as long as the proof takes; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// How long the builder may take to answer, in seconds.
    public var timeout: Int
}
