import MutualTLS

/// How builders are reached from outside the cluster.
public enum Exposure: String, CaseIterable, Codable, Sendable {
    case portForward = "port-forward"
    case loadBalancer = "load-balancer"
    case nodePort = "node-port"
}

/// The source of the certificates.
public enum CertificateSource: String, CaseIterable, Codable, Sendable {
    case issue, bake, folder, secrets
}

/// What a rotation renews.
public enum RotationScope: String, CaseIterable, Codable, Sendable {
    case certificates, authority, finish, inner
}

/// How BuildKit is isolated from its node.
public enum SecurityProfile: String, CaseIterable, Codable, Sendable {
    case rootless, userns, privileged
}

/// What a client may do with the builder; the chart enforces it.
public enum ClientRole: String, CaseIterable, Codable, Sendable {
    /// Build.
    case builder
    /// Build, prune, and read and change the build history.
    case admin
}

/// A part of an installation that can be removed separately.
public enum RemovablePart: String, CaseIterable, Codable, Sendable {
    /// The builder registration in docker buildx on this machine.
    case builder
    case release
    /// The Secrets that this program created.
    case secrets
    /// Secrets of the same names that this program did not create.
    case foreignSecrets = "foreign-secrets"
    case cache, namespace
    /// On this machine: the certificates in use, and the CA that can issue more.
    case certificates, authority
    /// The files that this program wrote: answers, journal, chart.
    case records

    /// The default selection: all parts that can be recreated.
    public static let usual: [RemovablePart] = [
        .builder, .release, .secrets, .namespace, .certificates, .records,
    ]
    /// All parts that an install created. Foreign Secrets are kept.
    public static let everything = allCases.filter { $0 != .foreignSecrets }

    var meaning: String {
        switch self {
        case .builder: "registration with docker buildx"
        case .release: "Helm release (pods, Services)"
        case .secrets: "Secrets that an install created"
        case .foreignSecrets: "same-named Secrets of others"
        case .cache: "cache volume with all layers"
        case .namespace: "if created by an install and empty"
        case .certificates: "local certificates and keys"
        case .authority: "CA key that signs new certificates"
        case .records: "local settings, journal and chart"
        }
    }

    /// Whether it cannot be recovered after removal.
    public var isIrrecoverable: Bool { [.cache, .authority, .foreignSecrets].contains(self) }
    /// Whether it is in the cluster, not on this machine.
    public var isInCluster: Bool {
        [.release, .secrets, .foreignSecrets, .cache, .namespace].contains(self)
    }
}

/// The address that buildx dials: a host and a port, written `tcp://HOST:PORT`.
public struct Endpoint: Hashable, Sendable, Codable, CustomStringConvertible {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The form that buildx accepts; an IPv6 address is in brackets.
    public var description: String { "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

extension ValueFormat where Value == Endpoint {
    /// `tcp://HOST:PORT`, `HOST:PORT` or `HOST`. Port 0 means that the port is omitted; the answer to `port` is used
    /// then.
    static let endpoint = ValueFormat(
        example: "tcp://builder.example.com:1234",
        print: {
            $0.port == 0 ? $0.host : "\($0)"
        }
    ) { text throws(FormatError) in
        let example = "tcp://builder.example.com:1234"
        var rest = text[...]
        if rest.hasPrefix("tcp://") { rest = rest.dropFirst(6) }
        guard !rest.contains("/") else {
            throw FormatError(
                "'\(text)' is not an endpoint; the remote driver supports only tcp://",
                example: example)
        }
        var port = 0
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            let after = rest[rest.index(after: end)...]
            if !after.isEmpty { port = try portNumber(after) }
            rest = rest[rest.index(after: rest.startIndex)..<end]
        } else if let colon = rest.firstIndex(of: ":"),
            rest[rest.index(after: colon)...].firstIndex(of: ":") == nil
        {
            port = try portNumber(rest[colon...])
            rest = rest[..<colon]
        }
        guard !rest.contains("*") else {
            throw FormatError("an endpoint cannot be a wildcard", example: example)
        }
        let name = try ValueFormat<SubjectName>.subjectName.parse(String(rest))
        return Endpoint(host: "\(name)", port: port)
    }

    private static func portNumber(_ text: Substring) throws(FormatError) -> Int {
        guard text.first == ":", let port = Int(text.dropFirst()), (1...65535).contains(port) else {
            throw FormatError(
                "the port must be between 1 and 65535", example: "tcp://builder.example.com:1234")
        }
        return port
    }
}

/// A registry and the mirror that BuildKit uses for it, written `REGISTRY=MIRROR`.
public struct RegistryMirror: Hashable, Sendable, Codable, CustomStringConvertible {
    public var registry: String
    public var host: String

    public init(registry: String, host: String) {
        self.registry = registry
        self.host = host
    }

    public var description: String { "\(registry)=\(host)" }
}

extension ValueFormat where Value == RegistryMirror {
    static let mirror = ValueFormat(example: "docker.io=mirror.gcr.io", print: { "\($0)" }) {
        text throws(FormatError) in
        let example = "docker.io=mirror.gcr.io"
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(\.trimmed)
        guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else {
            throw FormatError("'\(text)' is not REGISTRY=MIRROR", example: example)
        }
        guard sides.allSatisfy({ $0.allSatisfy { $0.isLetterOrDigit || "-._:/".contains($0) } }),
            !text.contains("://")
        else { throw FormatError("'\(text)' is not a valid registry name", example: example) }
        return RegistryMirror(registry: sides[0], host: sides[1])
    }
}
