extension Query<ReleaseObjects> {
    /// All of them by one kubectl. What the user may not list is left out, and the rest still comes.
    static func objects(_ site: Site) -> Query {
        let kinds = ReleaseObjects.kinds.joined(separator: ",")
        return Query(site.kubectl.look("get", kinds, "--output", "json")) { result throws(Failure) in
            let sentence = "The objects of \(site.namespace) cannot be looked at"
            let refused = result.errors.refusedResources
            guard result.status == 0 || !result.output.trimmed.isEmpty else {
                guard refused.isEmpty else { throw Failure(sentence, detail: result.said) }
                throw Failure.noAnswer(from: site, said: result.said)
            }
            // With something refused kubectl prints the rest, and ends with 1 all the same.
            let answer = CommandResult(output: result.output)
            let list: KubernetesList<JSONValue>? = try answer.json(else: sentence)
            return ReleaseObjects(items: list?.items ?? [], refused: refused)
        }
    }
}

extension Failure {
    /// The cluster itself is what cannot be asked.
    static func noAnswer(from site: Site, said: String?) -> Failure {
        // kubectl logs each of its attempts before it says what it comes to.
        let words = (said ?? "").split(separator: "\n").last { !$0.isLogged }
        return Failure(
            "The cluster does not answer", detail: words.map { String($0) },
            hint: "Try it: \(site.cluster.look("version"))")
    }
}

extension Substring {
    /// Whether it is a line of Kubernetes' own log: `E1122 21:04:08.987757   22803 memcache.go:265] …`.
    fileprivate var isLogged: Bool {
        "EWIF".contains(first ?? " ") && dropFirst().prefix(4).allSatisfy(\.isNumber) && contains("] ")
    }
}

extension String {
    /// The resources that kubectl says the user may not list: `Error from server (Forbidden): events is forbidden:`.
    fileprivate var refusedResources: [String] {
        split(separator: "\n").filter { $0.contains("(Forbidden)") }.compactMap { line in
            line.firstRange(of: " is forbidden").flatMap {
                line[..<$0.lowerBound].split(separator: " ").last.map(String.init)
            }
        }
    }
}
