/// Whether BuildKit sleeps, and who decides it.
public struct Slumber: Codable, Equatable, Sendable {
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
    public func isAfter(_ scaling: Scaling) -> Bool {
        wanted == scaling.replicas && (scaling == .sleep || ready > 0)
    }
}
