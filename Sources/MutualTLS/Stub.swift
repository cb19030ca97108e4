import FoundationEssentials
// Stands in until the real declarations land.
public struct CertificateOrder: Codable, Equatable, Sendable {
    public var names: [SubjectName]
    public var client: String
    public var algorithm: KeyAlgorithm
    public var authorityDays: Int
    public var days: Int
    public var keepAuthority: Bool
    public init(
        names: [SubjectName], client: String, algorithm: KeyAlgorithm, authorityDays: Int, days: Int,
        keepAuthority: Bool
    ) {
        self.names = names; self.client = client; self.algorithm = algorithm;
        self.authorityDays = authorityDays; self.days = days; self.keepAuthority = keepAuthority
    }
}
public struct Finding: Codable, Equatable, Sendable { public var sentence: String }
public struct CertificateSummary: Codable, Equatable, Sendable { public var subject: String }
public struct Inspection: Codable, Equatable, Sendable {
    public var certificates: [CertificateSummary]; public var findings: [Finding]
}
