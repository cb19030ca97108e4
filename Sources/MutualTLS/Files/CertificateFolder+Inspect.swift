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

    /// Looks at `daemon` and `client`, whoever made them.
    /// - Parameter names: What the server's certificate is to cover.
    public func inspect(expecting names: [SubjectName] = [], now: Date) async -> Inspection {
        await outer.inspect(expecting: names, now: now)
    }

    private func side(
        _ authority: CertificateFile, _ certificate: CertificateFile, _ key: CertificateFile
    ) -> PemSet.Side {
        PemSet.Side(authority: part(authority), certificate: part(certificate), key: part(key))
    }

    private func part(_ file: CertificateFile) -> PemPart {
        let path = path(of: file)
        guard SecureFile.exists(path) else { return PemPart(name: file.rawValue, content: .missing) }
        do {
            let contents = try SecureFile.contents(of: path)
            return PemPart(name: file.rawValue, content: .bytes(contents.bytes), mode: contents.mode)
        } catch {
            return PemPart(name: file.rawValue, content: .unreadable(error.sentence))
        }
    }
}
