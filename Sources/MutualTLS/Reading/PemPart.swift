/// One PEM text of a set, wherever it comes from: a file, or a key of a Secret.
public struct PemPart: Sendable, Hashable {
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

extension PemPart: CustomStringConvertible, CustomReflectable {
    /// The name only: the content may be a key.
    public var description: String { name }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
