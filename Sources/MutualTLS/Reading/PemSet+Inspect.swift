import FoundationEssentials

extension PemSet {
    /// Looks at everything in the set and at how it fits together: the server's certificate must satisfy the
    /// client's authority, and the client's the server's; the two authorities need not be the same.
    /// - Parameters:
    ///   - names: What the server's certificate is to cover.
    ///   - isInnerHop: Whether the server is BuildKit, whose files its builds may come upon.
    public func inspect(
        expecting names: [SubjectName] = [], isInnerHop: Bool = false, now: Date
    ) async -> Inspection {
        var inspector = Inspector(now: now)
        let serverAuthorities = server.map { inspector.authorities(in: $0.authority) } ?? []
        let clientAuthorities = client.map { inspector.authorities(in: $0.authority) } ?? []
        // An end by itself is most often signed by its own authority, but need not be.
        let severity: Finding.Severity = server == nil || client == nil ? .warning : .error
        if let server {
            let chain = inspector.pair(in: server, role: .server)
            await inspector.check(
                chain, in: server.certificate, as: .serverAuth,
                by: client == nil ? serverAuthorities : clientAuthorities,
                in: (client ?? server).authority, severity: severity)
            if let leaf = chain.first {
                inspector.check(leaf, in: server.certificate, covers: names)
                if isInnerHop { inspector.checkServesOnly(leaf, in: server.certificate) }
            }
        }
        if let client {
            let chain = inspector.pair(in: client, role: .client)
            await inspector.check(
                chain, in: client.certificate, as: .clientAuth,
                by: server == nil ? clientAuthorities : serverAuthorities,
                in: (server ?? client).authority, severity: severity)
        }
        return inspector.inspection
    }
}
