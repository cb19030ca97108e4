/// What is to be made anew of certificates that are in use.
public struct RenewalOrder: Codable, Hashable, Sendable {
    /// What becomes of the authorities, which decides the rest.
    public enum Change: String, Codable, Sendable {
        /// None: the one that is there signs new certificates for the server and the clients.
        case leaves
        /// A new one signs the clients' certificates, and those of the one before are trusted still.
        case introduce
        /// The one before is trusted no longer.
        case retire
        /// A new one takes the place of the one before at once.
        case replace
        /// Only the hop from the proxy to BuildKit is made anew.
        case inner
    }

    public var change: Change
    public var certificates: CertificateOrder

    public init(_ change: Change, _ certificates: CertificateOrder) {
        self.change = change
        self.certificates = certificates
    }
}
