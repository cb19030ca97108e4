import FoundationEssentials
import X509

extension PEMSet {
    /// Checks all parts of the set and their combination: the client's CA must verify the server certificate, and the
    /// server's CA the client certificate; the two CAs may differ.
    /// - Parameters:
    ///   - names: The names that the server certificate must cover.
    ///   - isInnerHop: Whether the server is BuildKit, whose files its builds may be able to read.
    ///   - folder: The folder of the files, for the commands in hints.
    public func inspect(
        expecting names: [SubjectName] = [], isInnerHop: Bool = false, in folder: String? = nil, now: Date
    ) async -> Inspection {
        var inspector = Inspector(now: now, folder: folder)
        var (serverAuthorities, clientAuthorities): ([Certificate], [Certificate]) = ([], [])
        if let server { serverAuthorities = inspector.authorities(in: server.authority) }
        if let client { clientAuthorities = inspector.authorities(in: client.authority) }
        // A single end is usually signed by its own CA, but need not be.
        let severity: Finding.Severity = server == nil || client == nil ? .warning : .error
        // Each end is verified by the other: buildx by Envoy and Envoy by buildx, or Envoy by BuildKit and vice
        // versa.
        let (clients, servers): (TLSLibrary, TLSLibrary) = isInnerHop ? (.go, .boringSSL) : (.boringSSL, .go)
        if let server {
            let chain = inspector.pair(in: server, role: .server)
            inspector.check(
                chain, in: server.certificate, as: .serverAuth,
                by: ChainVerifier(
                    anchors: client == nil ? serverAuthorities : clientAuthorities, library: servers),
                in: (client ?? server).authority, severity: severity)
            if let leaf = chain.first {
                inspector.check(leaf, in: server.certificate, covers: names)
                if isInnerHop { inspector.checkServesOnly(leaf, in: server.certificate) }
            }
        }
        if let client {
            let chain = inspector.pair(in: client, role: .client)
            inspector.check(
                chain, in: client.certificate, as: .clientAuth,
                by: ChainVerifier(
                    anchors: server == nil ? clientAuthorities : serverAuthorities, library: clients),
                in: (server ?? client).authority, severity: severity)
        }
        return inspector.inspection
    }
}

extension CertificateFolder {
    /// Checks the files of a client with certificates of its own.
    public func inspect(client name: String, now: Date) async -> Inspection {
        let parts = ["ca", "cert", "key"].map { part("clients/\(name)/\($0).pem") }
        return await PEMSet(
            server: nil, client: PEMSet.Side(authority: parts[0], certificate: parts[1], key: parts[2])
        ).inspect(in: path, now: now)
    }

    /// Inspects `daemon` and `client`.
    /// - Parameter names: The names that the server certificate must cover.
    public func inspect(expecting names: [SubjectName] = [], now: Date) async -> Inspection {
        await outer.inspect(expecting: names, in: path, now: now)
    }
}
