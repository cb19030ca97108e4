/// The rules for the name of a client, and the identity in its certificate.
public enum ClientName {
    /// The prefix of every client's identity; the proxy checks it.
    public static let identityPrefix = "spiffe://buildkit/client/"

    /// The URI in the certificate of the client with that name.
    public static func identity(of name: String) -> String { identityPrefix + name }

    /// The client of an identity; nil for another kind of identity.
    public static func client(of identity: String) -> String? {
        guard identity.hasPrefix(identityPrefix) else { return nil }
        return String(identity.dropFirst(identityPrefix.count))
    }

    /// The name is one path segment of a SPIFFE ID (letters, digits, `.`, `-`, `_`), in lower case so that two names
    /// never differ only by case.
    public static func check(_ name: String) throws(NameError) {
        guard !name.isEmpty else {
            throw NameError(message: "Missing client name", example: "laptop")
        }
        guard name.utf8.count <= 63 else {
            throw NameError(
                message: "The client name has \(name.utf8.count) characters; the maximum is 63",
                example: "laptop")
        }
        guard name.utf8.allSatisfy(isAllowed), name.utf8.first != UInt8(ascii: "."),
            name.utf8.first != UInt8(ascii: "-")
        else {
            throw NameError(
                message:
                    "A client name must contain only lowercase letters, digits, dots, hyphens and underscores, "
                    + "and start with a letter or a digit",
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

/// The names in the certificates between the proxy and BuildKit.
public enum BackendTLS {
    /// The proxy dials BuildKit by the first name; probes in its pod use the second.
    public static let serverNames: [SubjectName] = [.dns("buildkitd"), .dns("localhost")]
    public static let clientName = "proxy"
}
