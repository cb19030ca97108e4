/// The pair with which a probe proves who it is.
public struct ProbeIdentity: Sendable, Hashable {
    public let certificate: PemSource
    public let key: PemSource

    public init(certificate: PemSource, key: PemSource) {
        self.certificate = certificate
        self.key = key
    }
}
