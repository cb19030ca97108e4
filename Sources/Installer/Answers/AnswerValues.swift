import MutualTLS

/// How builders are reached from outside the cluster.
public enum Exposure: String, CaseIterable, Codable, Sendable {
    case portForward = "port-forward"
    case loadBalancer = "load-balancer"
    case nodePort = "node-port"
}

/// Where the certificates come from.
public enum CertificateSource: String, CaseIterable, Codable, Sendable {
    case issue, bake, folder, secrets
}

/// What a rotation makes anew.
public enum RotationScope: String, CaseIterable, Codable, Sendable {
    case certificates, authority, finish, inner
}

/// How BuildKit is kept from the node that it runs on.
public enum SecurityProfile: String, CaseIterable, Codable, Sendable {
    case rootless, userns, privileged
}

/// What a client may do with the builder; the chart enforces it.
public enum ClientRole: String, CaseIterable, Codable, Sendable {
    /// Build.
    case builder
    /// Build, prune, and see and change the history of builds.
    case admin
}

/// A part of an installation that can be removed by itself.
public enum RemovablePart: String, CaseIterable, Codable, Sendable {
    /// What docker buildx on this machine knows of it.
    case builder
    case release
    /// The Secrets that this program made.
    case secrets
    /// Secrets of the same names that came from elsewhere.
    case foreignSecrets = "foreign-secrets"
    case cache, namespace
    /// On this machine: those that are used, and the authority that can issue more.
    case certificates, authority
    /// What this program has written down: answers, journal, chart.
    case records

    /// What goes unless somebody says otherwise: all that can be had again.
    public static let usual: [RemovablePart] = [
        .builder, .release, .secrets, .namespace, .certificates, .records,
    ]
    /// All that an install has brought. What came from elsewhere stays.
    public static let everything = allCases.filter { $0 != .foreignSecrets }

    /// What it is, in a few words.
    var meaning: String {
        switch self {
        case .builder: "what docker buildx on this machine knows of it"
        case .release: "the Helm release: pods, Services, configuration"
        case .secrets: "the Secrets that this program made"
        case .foreignSecrets: "Secrets of the same names that came from elsewhere"
        case .cache: "the volume that keeps layers between builds"
        case .namespace: "the namespace, if this program made it and nobody else uses it"
        case .certificates: "the certificates and their keys on this machine"
        case .authority: "the authority's key on this machine, which can sign more of them"
        case .records: "what is written down on this machine: answers, journal, chart"
        }
    }

    /// Whether nobody can bring it back.
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

    /// As buildx takes it; an IPv6 address stands in brackets.
    public var description: String { "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

extension ValueFormat where Value == Endpoint {
    /// `tcp://HOST:PORT`, `HOST:PORT` or `HOST`; a port that is left out is `port`'s answer, marked by 0 here.
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
                "'\(text)' is not an endpoint; only tcp:// is understood by the remote driver",
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
        guard !rest.contains("*") else { throw FormatError("a wildcard cannot be dialled", example: example) }
        let name = try ValueFormat<SubjectName>.subjectName.parse(String(rest))
        return Endpoint(host: "\(name)", port: port)
    }

    private static func portNumber(_ text: Substring) throws(FormatError) -> Int {
        guard text.first == ":", let port = Int(text.dropFirst()), (1...65535).contains(port) else {
            throw FormatError(
                "the port after ':' must be from 1 to 65535", example: "tcp://builder.example.com:1234")
        }
        return port
    }
}

/// A registry and the place that BuildKit asks instead of it, written `REGISTRY=MIRROR`.
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
        else { throw FormatError("'\(text)' holds what no registry's name holds", example: example) }
        return RegistryMirror(registry: sides[0], host: sides[1])
    }
}
