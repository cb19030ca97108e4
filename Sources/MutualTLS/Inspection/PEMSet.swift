import FoundationEssentials
import X509

/// Credentials as somebody made them, to be looked at before they are used.
public struct PEMSet: Sendable, Hashable {
    /// One end of a connection: its pair, and the authorities by which it judges the other end.
    public struct Side: Sendable, Hashable {
        public let authority: PEMItem
        public let certificate: PEMItem
        public let key: PEMItem

        public init(authority: PEMItem, certificate: PEMItem, key: PEMItem) {
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

/// One PEM text of a set, wherever it comes from: a file, or a key of a Secret.
public struct PEMItem: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        case bytes([UInt8])
        case missing
        /// It is there and cannot be read: a sentence that says why.
        case unreadable(String)
    }

    /// How people know it, as in `daemon/cert.pem` or `buildkit-envoy-certs/server.pem`.
    public let name: String
    public let content: Content
    /// The permissions of the file, where it is one.
    public let mode: UInt32?

    public init(name: String, content: Content, mode: UInt32? = nil) {
        self.name = name
        self.content = content
        self.mode = mode
    }

    /// What a Secret holds under a key; nil means that the key is not there.
    public init(name: String, bytes: [UInt8]?) {
        self.init(name: name, content: bytes.map(Content.bytes) ?? .missing)
    }
}

extension PEMItem: CustomStringConvertible, CustomReflectable {
    /// The name only: the content may be a key.
    public var description: String { name }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension PEMItem {
    /// What a file holds, with its permissions.
    /// - Parameter name: how people know it, where that is not its path.
    public init(file path: String, name: String? = nil) {
        let name = name ?? path
        guard SecureFile.exists(path) else {
            self.init(name: name, content: .missing)
            return
        }
        do {
            let contents = try SecureFile.contents(of: path)
            self.init(name: name, content: .bytes(contents.bytes), mode: contents.mode)
        } catch {
            self.init(name: name, content: .unreadable(error.sentence))
        }
    }
}

extension PEMSet {
    /// Looks at everything in the set and at how it fits together: the server's certificate must satisfy the
    /// client's authority, and the client's the server's; the two authorities need not be the same.
    /// - Parameters:
    ///   - names: What the server's certificate is to cover.
    ///   - isInnerHop: Whether the server is BuildKit, whose files its builds may come upon.
    ///   - folder: Where the files are that the parts are named after, for commands that mend them.
    public func inspect(
        expecting names: [SubjectName] = [], isInnerHop: Bool = false, in folder: String? = nil, now: Date
    ) async -> Inspection {
        var inspector = Inspector(now: now, folder: folder)
        var (serverAuthorities, clientAuthorities): ([Certificate], [Certificate]) = ([], [])
        if let server { serverAuthorities = inspector.authorities(in: server.authority) }
        if let client { clientAuthorities = inspector.authorities(in: client.authority) }
        // An end by itself is most often signed by its own authority, but need not be.
        let severity: Finding.Severity = server == nil || client == nil ? .warning : .error
        // Each end is judged by the other: buildx by Envoy and Envoy by buildx, or Envoy by BuildKit and the reverse.
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
    /// The pairs that people connect with, as they lie here.
    public var outer: PEMSet {
        PEMSet(
            server: side(.serverAuthority, .serverCertificate, .serverKey),
            client: side(.clientAuthority, .clientCertificate, .clientKey))
    }

    /// The hop from the proxy to BuildKit.
    public var inner: PEMSet {
        PEMSet(
            server: side(.innerAuthority, .innerServerCertificate, .innerServerKey),
            client: side(.innerAuthority, .innerClientCertificate, .innerClientKey))
    }

    /// Looks at what a client was given that has certificates of its own.
    public func inspect(client name: String, now: Date) async -> Inspection {
        let parts = ["ca", "cert", "key"].map { part("clients/\(name)/\($0).pem") }
        return await PEMSet(
            server: nil, client: PEMSet.Side(authority: parts[0], certificate: parts[1], key: parts[2])
        ).inspect(in: path, now: now)
    }

    /// Looks at `daemon` and `client`, whoever made them.
    /// - Parameter names: What the server's certificate is to cover.
    public func inspect(expecting names: [SubjectName] = [], now: Date) async -> Inspection {
        await outer.inspect(expecting: names, in: path, now: now)
    }

    private func side(
        _ authority: CertificateFile, _ certificate: CertificateFile, _ key: CertificateFile
    ) -> PEMSet.Side {
        PEMSet.Side(
            authority: part(authority.rawValue), certificate: part(certificate.rawValue),
            key: part(key.rawValue))
    }

    private func part(_ name: String) -> PEMItem { PEMItem(file: "\(path)/\(name)", name: name) }
}
