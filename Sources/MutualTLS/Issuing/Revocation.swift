import FoundationEssentials

/// One certificate taken back.
public struct Revocation: Sendable, Hashable {
    /// As in `CertificateSummary.serial`: hexadecimal digits.
    public let serial: String
    public let date: Date
}
