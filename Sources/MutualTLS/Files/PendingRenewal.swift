/// New certificates that wait beside those in use until they are in use themselves.
public struct PendingRenewal: Codable, Hashable, Sendable {
    public let order: RenewalOrder
    /// SHA-256 of each of its folders: by it one that waits is told from one that has been put into place, whose
    /// predecessor lies there then.
    let parts: [String: String]

    /// The folder that the proxy's pair is in.
    static let server = "daemon"
    /// The folder of the hop from the proxy to BuildKit.
    static let inner = "inner"
    /// Where it is written down, beside the folders.
    static let file = "renewal.json"
}
