import MutualTLS

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

extension Rule where Value == Endpoint {
    /// `tcp://HOST:PORT`, `HOST:PORT` or `HOST`; a port that is left out is `port`'s answer, marked by 0 here.
    static let endpoint = Rule(
        example: "tcp://builder.example.com:1234",
        print: {
            $0.port == 0 ? $0.host : "\($0)"
        }
    ) { text throws(Refusal) in
        let example = "tcp://builder.example.com:1234"
        var rest = text[...]
        if rest.hasPrefix("tcp://") { rest = rest.dropFirst(6) }
        guard !rest.contains("/") else {
            throw Refusal(
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
        guard !rest.contains("*") else { throw Refusal("a wildcard cannot be dialled", example: example) }
        let name = try Rule<SubjectName>.subjectName.parse(String(rest))
        return Endpoint(host: "\(name)", port: port)
    }

    private static func portNumber(_ text: Substring) throws(Refusal) -> Int {
        guard text.first == ":", let port = Int(text.dropFirst()), (1...65535).contains(port) else {
            throw Refusal(
                "the port after ':' must be from 1 to 65535", example: "tcp://builder.example.com:1234")
        }
        return port
    }
}
