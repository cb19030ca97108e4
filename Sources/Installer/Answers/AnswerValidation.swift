import MutualTLS

extension Answers {
    /// What cannot be true at once, each named by the field to change.
    public var validationErrors: [AnswerError] {
        var problems: [AnswerError] = []
        if certificates == .issue, days > authorityDays {
            problems.append(
                AnswerError(
                    field: "days", message: "\(days) days would outlive the authority's \(authorityDays)",
                    example: "\(authorityDays)"))
        }
        if let data = remove.first(where: \.isIrrecoverable), confirm != release {
            problems.append(
                AnswerError(
                    field: "confirm",
                    message: "\(data.rawValue) cannot be brought back; give the release's name to remove it",
                    example: release))
        }
        if !names.isEmpty, let problem = uncovered { problems.append(problem) }
        if certificates == .bake, names.contains(where: { "\($0)".contains(" ") }) {
            problems.append(AnswerError(field: "sans", message: "bake takes names without spaces"))
        }
        return problems
    }

    /// A server name that was given must be one that the certificate covers, or no client will ever connect.
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
                    "no SAN covers the endpoint's host, and a wildcard alone cannot stand for it; add a name",
                example: (names.map { "\($0)" } + [endpoint?.host ?? "builder.example.com"]).joined(
                    separator: ","))
        }
        return nil
    }
}

/// The names that a server certificate covers, and which of them buildx is to expect.
public struct SubjectAltNames: Equatable, Sendable {
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
    public var coverage: SubjectAltNames {
        SubjectAltNames(names: names, servername: servername.map { "\($0)" })
    }
}
