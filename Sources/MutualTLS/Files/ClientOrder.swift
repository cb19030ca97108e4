/// What certificate somebody wants to have for one more client.
public struct ClientOrder: Codable, Equatable, Sendable {
    /// As `ClientName` allows it.
    public var name: String
    public var algorithm: KeyAlgorithm
    public var days: Int

    public init(name: String, algorithm: KeyAlgorithm = .p256, days: Int = 365) {
        self.name = name
        self.algorithm = algorithm
        self.days = days
    }
}
