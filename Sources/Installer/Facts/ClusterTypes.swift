import FoundationEssentials
import MutualTLS

/// The current load of the proxies.
public struct BuildActivity: Codable, Equatable, Sendable {
    /// Clients whose requests BuildKit processes. A build has one connection, and so has a client that only queries.
    public var running: Int
    /// Requests that wait for BuildKit, because it starts, restarts or sleeps.
    public var held: Int

    public init(running: Int, held: Int) {
        self.running = running
        self.held = held
    }

    /// Whether an interruption would not affect any build.
    public var isNone: Bool { running == 0 && held == 0 }
}

extension BuildActivity {
    /// "2 active builds, 1 queued request".
    public var inWords: String {
        let builds = running == 0 ? nil : running == 1 ? "1 active build" : "\(running) active builds"
        let requests = held == 0 ? nil : held.requests
        return [builds, requests].compactMap { $0 }.joined(separator: ", ")
    }
}

extension Int {
    var requests: String { self == 1 ? "1 queued request" : "\(self) queued requests" }
    var requestsContinue: String { "\(requests) \(self == 1 ? "continues" : "continue")" }
}

/// The usage of the volume with BuildKit's cache, in bytes.
public struct CacheUse: Codable, Equatable, Sendable {
    public var used: Int
    public var free: Int

    public init(used: Int, free: Int) {
        self.used = used
        self.free = free
    }
}

/// Whether BuildKit sleeps, and what scales it.
public struct ScaleState: Codable, Equatable, Sendable {
    /// The name of BuildKit's Deployment.
    public var builder: String
    /// The desired number of pods.
    public var wanted: Int
    /// The number of ready pods.
    public var ready: Int
    /// The ScaledObject through which KEDA scales it; nil where it is only scaled manually.
    public var scaledObject: String?

    public init(builder: String, wanted: Int, ready: Int, scaledObject: String? = nil) {
        self.builder = builder
        self.wanted = wanted
        self.ready = ready
        self.scaledObject = scaledObject
    }

    /// "running": the state in a few words.
    public var inWords: String { wanted == 0 ? "scaled to zero" : ready > 0 ? "running" : "starting" }

    /// Whether that state has been reached.
    public func isAfter(_ scaling: ScaleTarget) -> Bool {
        wanted == scaling.replicas && (scaling == .sleep || ready > 0)
    }
}

/// When a client last connected, from the proxy's access log.
public struct LastSeen: Codable, Equatable, Sendable {
    public var time: Date
    /// The certificate that it used.
    public var serial: String
}

/// What the builder's endpoint serves, observed by our own TLS client with the files that buildx uses.
public struct ServedEndpointState: Equatable, Sendable {
    /// The endpoint that buildx dials.
    public var endpoint: Endpoint
    /// Whether the port was forwarded for the probe: no other process forwards it now.
    public var wasForwarded: Bool
    public var result: ProbeResult

    /// The certificates that the server sent, its own first; empty where the probe failed earlier.
    public var chain: [CertificateSummary] { result.endpoint?.chain ?? [] }
    public var certificate: CertificateSummary? { chain.first }
}

/// A Deployment in the namespace that has to restart where the internal certificates are replaced: BuildKit of a release.
public struct BackendDeployment: Equatable, Sendable {
    public var release: String
    public var name: String
    /// Whether its rollout is paused: it cannot be restarted.
    public var isPaused = false
    /// Whether it is known to be that of a release of this chart; others are left to the user.
    public var isRestarted = true
}

/// An installation in the cluster, also one that another machine made.
public struct ClusterInstallation: Equatable, Sendable {
    public var id: InstallationID
    public var scale: ScaleState

    public init(_ id: InstallationID, scale: ScaleState) { (self.id, self.scale) = (id, scale) }
}
