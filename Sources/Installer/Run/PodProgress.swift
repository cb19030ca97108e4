/// The state of a pod while a step waits for it.
public struct PodProgress: Codable, Equatable, Sendable {
    public var name: String
    /// In a few words that change only when it advances: "pulling image …".
    public var state: String
    public var isReady: Bool
    /// How often its containers were restarted.
    public var restarts: Int

    /// "CrashLoopBackOff, restarted 3 times"
    public var inWords: String {
        restarts == 0 ? state : "\(state), restarted \(restarts == 1 ? "once" : "\(restarts) times")"
    }

    private enum CodingKeys: String, CodingKey {
        case name, state
        case isReady = "ready"
        case restarts
    }

    public init(name: String, state: String, isReady: Bool = false, restarts: Int = 0) {
        (self.name, self.state) = (name, state)
        (self.isReady, self.restarts) = (isReady, restarts)
    }
}
