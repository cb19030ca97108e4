import FoundationEssentials

extension Query<Facts.Release?> {
    /// The release's last revision. `helm list` of Helm 3 hides one that is under way, `helm status` of Helm
    /// 4 brings all its objects along; `helm history` does neither, and names the chart.
    /// - Parameter hasValues: whether its values are asked for too; without them there are none in the answer.
    static func release(_ site: Site, hasValues: Bool = true) -> Query {
        let commands = [site.helm.history()] + (hasValues ? [site.helm.values()] : [])
        return Query(commands) { results throws(Failure) in
            if results.contains(where: { $0.said == "Error: release: not found" }) { return .found(nil) }
            let sentence = "Helm cannot look at the release \(site.release)"
            let revisions: [Revision]? = try results[0].json(else: sentence)
            // Without values Helm prints null.
            let values: JSONValue? = hasValues ? try results[1].json(else: sentence) : nil
            guard let last = revisions?.last else { return .found(nil) }
            return .found(
                Facts.Release(
                    status: last.status, revision: last.revision, chart: last.chart,
                    values: values.flatMap { $0 == .null ? nil : $0 } ?? [:], appVersion: last.version))
        }
    }

    private struct Revision: Decodable {
        var revision: Int
        var status: String
        var chart: String
        // As Helm spells it.
        var app_version: String?
        /// A chart need not say one.
        var version: String? { app_version.flatMap { $0.isEmpty ? nil : $0 } }
    }
}
