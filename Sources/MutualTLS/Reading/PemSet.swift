/// Credentials as somebody made them, to be looked at before they are used.
public struct PemSet: Sendable, Hashable {
    /// One end of a connection: its pair, and the authorities by which it judges the other end.
    public struct Side: Sendable, Hashable {
        public let authority: PemPart
        public let certificate: PemPart
        public let key: PemPart

        public init(authority: PemPart, certificate: PemPart, key: PemPart) {
            self.authority = authority
            self.certificate = certificate
            self.key = key
        }
    }

    /// An end that is not at hand is nil; the other is looked at by itself.
    public let server: Side?
    public let client: Side?

    public init(server: Side?, client: Side?) {
        self.server = server
        self.client = client
    }
}
