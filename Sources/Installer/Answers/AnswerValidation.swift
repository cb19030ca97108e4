import MutualTLS

extension Answers {
    /// Contradictions between answers, each reported for the field to change.
    public var validationErrors: [AnswerError] {
        var problems: [AnswerError] = []
        if certificates == .issue, days > authorityDays {
            problems.append(
                AnswerError(
                    field: "days", message: "\(days) days exceed the CA's validity of \(authorityDays) days",
                    example: "\(authorityDays)"))
        }
        if let data = remove.first(where: \.isIrrecoverable), confirm != release {
            problems.append(
                AnswerError(
                    field: "confirm",
                    message: "deleting \(data.rawValue) is permanent; type the release name to confirm",
                    example: release))
        }
        if !names.isEmpty, let problem = uncovered { problems.append(problem) }
        if certificates == .bake, names.contains(where: { "\($0)".contains(" ") }) {
            problems.append(AnswerError(field: "sans", message: "bake accepts only names without spaces"))
        }
        return problems
    }

    /// The server certificate must cover a given server name, or no client can connect.
    private var uncovered: AnswerError? {
        guard certificates == .issue || certificates == .bake else { return nil }
        if let servername, !coverage.covers("\(servername)") {
            return AnswerError(
                field: "servername", message: "no SAN covers \(servername)",
                example: names.first { !"\($0)".contains("*") }.map { "\($0)" })
        }
        if servername == nil, coverage.expectedName(dialling: endpoint?.host ?? "") == nil {
            return AnswerError(
                field: "sans",
                message:
                    "no SAN covers the endpoint's host, and the server name cannot be a wildcard; add a name",
                example: (names.map { "\($0)" } + [endpoint?.host ?? "builder.example.com"]).joined(
                    separator: ","))
        }
        return nil
    }
}

/// The names that a server certificate covers, and which of them buildx is to expect.
public struct SubjectAltNames: Equatable, Sendable {
    public var names: [SubjectName]
    /// The name that the user expects; nil: the name that fits the endpoint.
    public var servername: String?

    public init(names: [SubjectName], servername: String? = nil) {
        self.names = names
        self.servername = servername
    }

    public func covers(_ host: String) -> Bool { names.contains { $0.covers(host) } }

    /// The name that buildx expects when it dials the host: the host where the certificate covers it, otherwise the
    /// first name that the certificate covers, so that no entry in /etc/hosts is needed. Nil: the certificate has
    /// only wildcards.
    public func expectedName(dialling host: String) -> String? {
        if let servername { return servername }
        if !host.isEmpty, covers(host) { return host }
        return names.lazy.map { "\($0)" }.first { !$0.contains("*") }
    }
}

extension Answers {
    /// The names that the requested certificates will cover.
    public var coverage: SubjectAltNames {
        SubjectAltNames(names: names, servername: servername.map { "\($0)" })
    }
}
