/// What certificates somebody wants to have.
public struct CertificateOrder: Codable, Hashable, Sendable {
    /// The names and addresses by which the builder is dialled.
    public var names: [SubjectName]
    /// The first client's name, as `ClientName` allows it.
    public var client: String
    public var algorithm: KeyAlgorithm
    /// How long the authority lives. The inner hop lives as long, since renewing it restarts BuildKit.
    public var authorityDays: Int
    /// How long the server's and the client's certificates live.
    public var days: Int
    /// Whether the authority's key is kept, so that clients can be added and certificates renewed with it.
    public var keepAuthority: Bool
    /// What the authority is called in its certificate; people see it in other tools.
    public var subject: String

    public init(
        names: [SubjectName], client: String, algorithm: KeyAlgorithm = .p256, authorityDays: Int = 3650,
        days: Int = 365, keepAuthority: Bool = true, subject: String = "buildkit authority"
    ) {
        self.names = names
        self.client = client
        self.algorithm = algorithm
        self.authorityDays = authorityDays
        self.days = days
        self.keepAuthority = keepAuthority
        self.subject = subject
    }
}
