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
}

extension Activity {
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
