extension Query<[String]> {
    /// The last lines that a pod has printed, with nothing secret in them.
    static func lastLines(of pod: String, _ site: Site) -> Query {
        Query(site.kubectl.look("logs", pod, "--tail", "5")) { result throws(Failure) in
            let text = try result.text(else: "\(pod) has no log")
            return Redaction.of(text).split(separator: "\n").map { String($0) }
        }
    }
}
