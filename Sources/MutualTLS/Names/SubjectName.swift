import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A name by which a server may be dialled, as it stands in its certificate (RFC 5280, section 4.2.1.6).
public enum SubjectName: Sendable, Hashable {
    /// A host name in lower case, perhaps with `*` as its first label.
    case dns(String)
    /// An address in network byte order: four octets or sixteen.
    case ip([UInt8])

    /// Reads a name as people type it: a host name, a wildcard, an IPv4 or an IPv6 address.
    public init(_ text: String) throws(NameProblem) {
        if let octets = Self.octets(of: text) {
            self = .ip(octets)
            return
        }
        self = .dns(try HostNameRule.accepted(text))
    }

    /// Whether a client that dials `host` finds this name fitting. A wildcard stands for exactly one label.
    public func covers(_ host: String) -> Bool {
        switch self {
        case .ip(let octets):
            return Self.octets(of: host) == octets
        case .dns(let name):
            let host = host.lowercased()
            guard Self.octets(of: host) == nil else { return false }
            guard name.hasPrefix("*.") else { return name == host }
            guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
            return host[dot...] == name.dropFirst()
        }
    }

    /// The octets of an IPv4 or IPv6 address in its usual notation.
    static func octets(of text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &octets) == 1 { return octets }
        }
        return nil
    }
}

extension SubjectName: CustomStringConvertible {
    public var description: String {
        switch self {
        case .dns(let name): return name
        case .ip(let octets):
            var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            let family = octets.count == 4 ? AF_INET : AF_INET6
            guard octets.count == 4 || octets.count == 16,
                inet_ntop(family, octets, &text, socklen_t(text.count)) != nil
            else { return octets.map { String($0) }.joined(separator: ".") }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}

extension SubjectName: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let problem as NameProblem {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
