import FoundationEssentials
import MutualTLS

/// What goes through the proxies right now.
public struct BuildActivity: Codable, Equatable, Sendable {
    /// Clients whose requests BuildKit works on. A build has one connection, and so has whoever only asks.
    public var running: Int
    /// Requests that wait for BuildKit, because it starts, restarts or sleeps.
    public var held: Int

    public init(running: Int, held: Int) {
        self.running = running
        self.held = held
    }

    /// Whether nothing would be broken off.
    public var isNone: Bool { running == 0 && held == 0 }
}

extension BuildActivity {
    /// "2 builds run, and 1 request waits".
    var inWords: String {
        let builds = running == 0 ? nil : running == 1 ? "1 build runs" : "\(running) builds run"
        let requests = held == 0 ? nil : "\(held.requests) \(held == 1 ? "waits" : "wait")"
        return [builds, requests].compactMap { $0 }.joined(separator: ", and ")
    }
}

extension Int {
    var requests: String { self == 1 ? "1 request" : "\(self) requests" }
}

/// How full the volume is that keeps BuildKit's cache, in bytes.
public struct CacheUse: Codable, Equatable, Sendable {
    public var used: Int
    public var free: Int

    public init(used: Int, free: Int) {
        self.used = used
        self.free = free
    }
}

/// Whether BuildKit sleeps, and who decides it.
public struct ScaleState: Codable, Equatable, Sendable {
    /// The name of BuildKit's Deployment.
    public var builder: String
    /// How many pods it is to have.
    public var wanted: Int
    /// How many of them are ready.
    public var ready: Int
    /// The ScaledObject through which KEDA decides; nil where nobody does but people.
    public var scaledObject: String?

    public init(builder: String, wanted: Int, ready: Int, scaledObject: String? = nil) {
        self.builder = builder
        self.wanted = wanted
        self.ready = ready
        self.scaledObject = scaledObject
    }

    /// Whether that is so already.
    public func isAfter(_ scaling: ScaleTarget) -> Bool {
        wanted == scaling.replicas && (scaling == .sleep || ready > 0)
    }
}

/// When a client was last let in, by the proxy's access log.
public struct LastSeen: Codable, Equatable, Sendable {
    public var time: Date
    /// The certificate that it showed.
    public var serial: String
}

/// What the builder's endpoint serves, seen by a TLS client of our own with the files that buildx uses.
public struct ServedEndpointState: Equatable, Sendable {
    /// What buildx dials.
    public var endpoint: Endpoint
    /// Whether the port had to be forwarded for the look: nobody else forwards it now.
    public var wasForwarded: Bool
    public var result: ProbeResult

    /// The certificates that the server shows, its own first; empty where the look did not get so far.
    public var chain: [CertificateSummary] { result.endpoint?.chain ?? [] }
    public var certificate: CertificateSummary? { chain.first }
}
