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

    private func side(
        _ authority: CertificateFile, _ certificate: CertificateFile, _ key: CertificateFile
    ) -> PEMSet.Side {
        PEMSet.Side(
            authority: part(authority.rawValue), certificate: part(certificate.rawValue),
            key: part(key.rawValue))
    }

    func part(_ name: String) -> PEMItem { PEMItem(file: "\(path)/\(name)", name: name) }
}
