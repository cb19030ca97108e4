/// What becomes of BuildKit's pod: it goes, and its cache stays, or it comes again.
public enum Scaling: String, Codable, Sendable {
    case sleep, wake

    /// How many pods there are then.
    public var replicas: Int { self == .sleep ? 0 : 1 }
}
