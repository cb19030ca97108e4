/// What goes through the proxies right now.
public struct Activity: Codable, Equatable, Sendable {
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

    /// "2 builds run, 1 request waits"
    public var inWords: String {
        let builds = running == 1 ? "1 build runs" : "\(running) builds run"
        guard held > 0 else { return builds }
        return "\(builds), \(held == 1 ? "1 request waits" : "\(held) requests wait")"
    }
}
