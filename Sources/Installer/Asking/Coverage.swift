import MutualTLS

/// The names that a server certificate covers, and which of them buildx is to expect.
public struct Coverage: Equatable, Sendable {
    public var names: [SubjectName]
    /// The name that the user wants expected; nil: the one that fits.
    public var servername: String?

    public init(names: [SubjectName], servername: String? = nil) {
        self.names = names
        self.servername = servername
    }

    public func covers(_ host: String) -> Bool { names.contains { $0.covers(host) } }

    /// The name that buildx is to expect when it dials the host: the host itself where the certificate covers it,
    /// else the first name that it does cover, so that nobody edits /etc/hosts. Nil: there is none but wildcards.
    public func expectedName(dialling host: String) -> String? {
        if let servername { return servername }
        if !host.isEmpty, covers(host) { return host }
        return names.lazy.map { "\($0)" }.first { !$0.contains("*") }
    }
}

extension Answers {
    /// What the certificates that the answers ask for will cover.
    public var coverage: Coverage { Coverage(names: names, servername: servername.map { "\($0)" }) }
}
