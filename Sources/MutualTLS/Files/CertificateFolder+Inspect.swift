import FoundationEssentials

extension CertificateFolder {
    /// The pairs that people connect with, as they lie here.
    public var outer: PemSet {
        PemSet(
            server: side(.serverAuthority, .serverCertificate, .serverKey),
            client: side(.clientAuthority, .clientCertificate, .clientKey))
    }

    /// The hop from the proxy to BuildKit.
    public var inner: PemSet {
        PemSet(
            server: side(.innerAuthority, .innerServerCertificate, .innerServerKey),
            client: side(.innerAuthority, .innerClientCertificate, .innerClientKey))
    }

    /// Looks at what a client was given that has certificates of its own.
    public func inspect(client name: String, now: Date) async -> Inspection {
        let parts = ["ca", "cert", "key"].map { part("clients/\(name)/\($0).pem") }
        return await PemSet(
            server: nil, client: PemSet.Side(authority: parts[0], certificate: parts[1], key: parts[2])
        ).inspect(now: now)
    }

    /// Looks at `daemon` and `client`, whoever made them.
    /// - Parameter names: What the server's certificate is to cover.
    public func inspect(expecting names: [SubjectName] = [], now: Date) async -> Inspection {
        await outer.inspect(expecting: names, now: now)
    }

    private func side(
        _ authority: CertificateFile, _ certificate: CertificateFile, _ key: CertificateFile
    ) -> PemSet.Side {
        PemSet.Side(
            authority: part(authority.rawValue), certificate: part(certificate.rawValue),
            key: part(key.rawValue))
    }

    private func part(_ name: String) -> PemPart { PemPart(file: "\(path)/\(name)", name: name) }
}
