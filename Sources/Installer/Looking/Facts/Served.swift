import MutualTLS

/// What the builder's endpoint serves, seen by a TLS client of our own with the files that buildx uses.
public struct Served: Equatable, Sendable {
    /// What buildx dials.
    public var endpoint: Endpoint
    /// Whether the port had to be forwarded for the look: nobody else forwards it now.
    public var wasForwarded: Bool
    public var result: ProbeResult

    /// The certificates that the server shows, its own first; empty where the look did not get so far.
    public var chain: [CertificateSummary] { result.endpoint?.chain ?? [] }
    public var certificate: CertificateSummary? { chain.first }
}
