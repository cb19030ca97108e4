/// A look whether the proxy lets a client in.
public struct ClientLook: Codable, Equatable, Sendable {
    /// Whose proxy.
    public var site: Site
    public var client: String
    /// How the builder is reached; its folder holds the client's files.
    public var registration: Registration
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
public struct Bundle: Codable, Equatable, Sendable {
    public var client: String
    /// How the client is to register the builder; its folder holds the client's files.
    public var registration: Registration
    /// The Service that the client has to forward a port from; nil: the endpoint is reached directly.
    public var tunnel: ServiceName?
    /// A folder, or a file that ends in `.tar`.
    public var path: String
}
