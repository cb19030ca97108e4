extension Answers {
    /// What cannot be true at once, each named by the field to change.
    public var contradictions: [Problem] {
        var problems: [Problem] = []
        if certificates == .issue, days > authorityDays {
            problems.append(
                Problem(
                    field: "days", message: "\(days) days would outlive the authority's \(authorityDays)",
                    example: "\(authorityDays)"))
        }
        if let data = remove.first(where: \.isData), confirm != release {
            problems.append(
                Problem(
                    field: "confirm",
                    message: "\(data.rawValue) cannot be brought back; give the release's name to remove it",
                    example: release))
        }
        if !names.isEmpty, let problem = uncovered { problems.append(problem) }
        if certificates == .bake, names.contains(where: { "\($0)".contains(" ") }) {
            problems.append(Problem(field: "sans", message: "bake takes names without spaces"))
        }
        return problems
    }

    /// A server name that was given must be one that the certificate covers, or no client will ever connect.
    private var uncovered: Problem? {
        guard certificates == .issue || certificates == .bake else { return nil }
        if let servername, !coverage.covers("\(servername)") {
            return Problem(
                field: "servername", message: "no SAN covers \(servername)",
                example: names.first { !"\($0)".contains("*") }.map { "\($0)" })
        }
        if servername == nil, coverage.expectedName(dialling: endpoint?.host ?? "") == nil {
            return Problem(
                field: "sans",
                message:
                    "no SAN covers the endpoint's host, and a wildcard alone cannot stand for it; add a name",
                example: (names.map { "\($0)" } + [endpoint?.host ?? "builder.example.com"]).joined(
                    separator: ","))
        }
        return nil
    }
}
