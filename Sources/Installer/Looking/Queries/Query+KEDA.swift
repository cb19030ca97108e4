import FoundationEssentials

extension Facts {
    /// Whether the answers' further values ask for what only KEDA does, and the cluster has none.
    static func lacksKEDA(_ answers: Answers, in world: World) async throws -> Bool {
        guard !answers.values.isEmpty else { return false }
        let path = answers.values.expanded(home: world.home)
        // A file that cannot be read asks for nothing; Helm says so.
        guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8), text.asksForSleep
        else {
            return false
        }
        return try await !Query.hasKEDA(answers.site).value(from: world.runner)
    }
}

extension Query<Bool> {
    /// Whether the cluster knows the kinds of KEDA that the chart makes.
    static func hasKEDA(_ site: Site) -> Query {
        Query(site.cluster.look("api-versions")) { result throws(Failure) in
            try result.text(else: "The cluster's kinds cannot be listed").split(separator: "\n")
                .contains("keda.sh/v1alpha1")
        }
    }
}

extension String {
    /// Whether a file of values, in YAML or JSON, sets `builder.sleep.enabled`. This program reads no YAML: what is
    /// written in an unusual way is left to the chart, which refuses it too.
    var asksForSleep: Bool {
        let lines = split(whereSeparator: \.isNewline).map { $0.prefix { $0 != "#" } }
        let words = lines.joined(separator: " ").split { " \t{}[],:\"'".contains($0) }
        guard let sleep = words.lastIndex(of: "sleep") else { return false }
        var settings = words[(sleep + 1)...]
        while let key = settings.popFirst(), ["enabled", "after", "poll"].contains(key) {
            if settings.popFirst() == "true", key == "enabled" { return true }
        }
        return false
    }
}
