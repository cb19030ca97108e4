import FoundationEssentials

extension Query<Facts.Release?> {
    /// The release's last revision. `helm list` of Helm 3 hides one that is under way, `helm status` of Helm
    /// 4 brings all its objects along; `helm history` does neither, and names the chart.
    static func release(_ site: Site) -> Query {
        Query([site.helm.history(), site.helm.values()]) { results throws(Failure) in
            if results.contains(where: { $0.said == "Error: release: not found" }) { return .found(nil) }
            let sentence = "Helm cannot look at the release \(site.release)"
            let revisions: [Revision]? = try results[0].json(else: sentence)
            // Without values Helm prints null.
            let values: JSONValue? = try results[1].json(else: sentence)
            guard let last = revisions?.last else { return .found(nil) }
            return .found(
                Facts.Release(
                    status: last.status, revision: last.revision, chart: last.chart,
                    values: values.flatMap { $0 == .null ? nil : $0 } ?? [:], appVersion: last.app_version))
        }
    }

    private struct Revision: Decodable {
        var revision: Int
        var status: String
        var chart: String
        // As Helm spells it.
        var app_version: String?
    }
}
