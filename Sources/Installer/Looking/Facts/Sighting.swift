import FoundationEssentials

/// When a client was last let in, by the proxy's access log.
public struct Sighting: Codable, Equatable, Sendable {
    public var time: Date
    /// The certificate that it showed.
    public var serial: String
}
