extension Query<Facts.Inhabitants> {
    /// Everything in the namespace, whatever its kind: first the kinds that the cluster has, then their objects.
    static func inhabitants(_ answers: Answers) -> Query {
        let site = answers.site
        let kinds = site.cluster.look(
            "api-resources", "--namespaced", "--verbs", "list,delete", "--output", "name")
        return Query([kinds]) { results throws(Failure) in
            let known = results[0].output.split(separator: "\n").map(String.init)
            // Where a part of the API is away, kubectl names the rest and fails.
            guard !known.isEmpty else {
                _ = try results[0].text(else: "The kinds of objects that the cluster has cannot be listed")
                return .found(Facts.Inhabitants(areComplete: false))
            }
            let asked = known.filter { !passing.contains($0) }
            return .ask(objects(of: asked, answers, areAll: results[0].status == 0))
        }
    }

    /// What comes by itself and goes with what it is about.
    private static let passing: Set = [
        "events", "events.events.k8s.io", "endpoints", "endpointslices.discovery.k8s.io",
        "pods.metrics.k8s.io",
    ]

    private static func objects(of kinds: [String], _ answers: Answers, areAll: Bool) -> Query {
        let site = answers.site
        let command = site.kubectl.look(
            "get", kinds.joined(separator: ","), "--ignore-not-found", "--output", "jsonpath=\(Self.row)")
        return Query(command) { result throws(Failure) in
            // Kinds that the user may not list are told on standard error, beside the objects of the others.
            guard result.status == 0 || result.errors.contains("(Forbidden)") else {
                _ = try result.text(else: "What is in the namespace \(site.namespace) cannot be listed")
                return Facts.Inhabitants(areComplete: false)
            }
            let objects = result.output.split(separator: "\n").compactMap { NamespaceObject(row: $0) }
            return Facts.Inhabitants(
                ofRelease: objects.filter { $0.belongs(to: answers) }.map(\.name).sorted(),
                others: objects.filter { $0.isSomebodyElses(than: answers) }.map(\.name).sorted(),
                areComplete: areAll && result.status == 0)
        }
    }

    /// Only what tells whose an object is: never what it holds.
    private static var row: String {
        let fields = NamespaceObject.fields.map { "{\($0)}" }.joined(separator: #"{"\t"}"#)
        return "{range .items[*]}\(fields){\"\\n\"}{end}"
    }
}
