/// The rule for the name of a client, and the identity that its certificate carries.
public enum ClientName {
    /// What every client's identity begins with; the proxy admits by it.
    public static let identityPrefix = "spiffe://buildkit/client/"

    /// The URI in the certificate of the client so named.
    public static func identity(of name: String) -> String { identityPrefix + name }

    /// The client of an identity; nil where it is of another kind.
    public static func client(of identity: String) -> String? {
        guard identity.hasPrefix(identityPrefix) else { return nil }
        return String(identity.dropFirst(identityPrefix.count))
    }

    /// The name is one path segment of a SPIFFE ID (letters, digits, `.`, `-`, `_`), in lower case so that
    /// two clients never differ by case alone.
    public static func check(_ name: String) throws(NameError) {
        guard !name.isEmpty else {
            throw NameError(message: "A client needs a name", example: "laptop")
        }
        guard name.utf8.count <= 63 else {
            throw NameError(
                message: "The client's name has \(name.utf8.count) characters; it has at most 63",
                example: "laptop")
        }
        guard name.utf8.allSatisfy(isAllowed), name.utf8.first != UInt8(ascii: "."),
            name.utf8.first != UInt8(ascii: "-")
        else {
            throw NameError(
                message:
                    "A client's name is made of lower-case letters, digits, dots, hyphens and underscores, "
                    + "and begins with a letter or a digit",
                example: "build-agent-7")
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// What the certificates between the proxy and BuildKit are called.
public enum BackendTLS {
    /// The proxy dials BuildKit by the first name; probes inside its pod by the second.
    public static let serverNames: [SubjectName] = [.dns("buildkitd"), .dns("localhost")]
    public static let clientName = "proxy"
}
