/// Credentials of any origin, to be checked before they are used.
public struct PEMSet: Sendable, Hashable {
    /// One end of a connection: its pair, and the CAs that it trusts for the other end.
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

    /// An end that is not available is nil; the other one is then checked alone.
    public let server: Side?
    public let client: Side?

    public init(server: Side?, client: Side?) {
        self.server = server
        self.client = client
    }
}

/// One PEM text of a set: a file, or a key of a Secret.
public struct PEMItem: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        case bytes([UInt8])
        case missing
        /// It exists and cannot be read: a sentence with the reason.
        case unreadable(String)
    }

    /// The name in messages: `daemon/cert.pem`, `buildkit-envoy-certs/server.pem`.
    public let name: String
    public let content: Content
    /// The permissions of the file; nil where it is not a file.
    public let mode: UInt32?

    public init(name: String, content: Content, mode: UInt32? = nil) {
        self.name = name
        self.content = content
        self.mode = mode
    }

    /// The content of a key of a Secret; nil means that the key does not exist.
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
    /// The content of a file, with its permissions.
    /// - Parameter name: the name in messages, where it is not the path.
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
    /// The pairs of the outer hop, from clients to the proxy.
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
