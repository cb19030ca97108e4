/// The chart's values that change the names of its objects.
public struct ChartNames: Equatable, Sendable {
    /// Replaces the chart's own name; nil: not set.
    public var nameOverride: String?
    /// Replaces the whole prefix; nil: not set.
    public var fullnameOverride: String?

    public init(nameOverride: String? = nil, fullnameOverride: String? = nil) {
        self.nameOverride = nameOverride
        self.fullnameOverride = fullnameOverride
    }

    /// - Parameter values: values of the chart.
    public init(values: JSONValue) {
        // Null removes a value.
        func text(_ key: Key) -> String? { values[key.rawValue].map { $0.string ?? "" } }
        self.init(nameOverride: text(.nameOverride), fullnameOverride: text(.fullnameOverride))
    }

    /// The keys of the values.
    enum Key: String, CaseIterable { case nameOverride, fullnameOverride }

    /// These values over others, as Helm merges them.
    func over(_ others: ChartNames) -> ChartNames {
        ChartNames(
            nameOverride: nameOverride ?? others.nameOverride,
            fullnameOverride: fullnameOverride ?? others.fullnameOverride)
    }

    /// The prefix of the names of all objects of a release: `buildkit.fullname` in the chart's `templates/_names.tpl`.
    public func fullname(of release: String) -> String {
        if let fullnameOverride, !fullnameOverride.isEmpty { return fullnameOverride.shortened }
        let override = nameOverride ?? ""
        let name = (override.isEmpty ? Chart.name : override).shortened
        return (release.contains(name) ? release : "\(release)-\(name)").shortened
    }
}

extension String {
    /// At most 55 characters: the longest ending of a name has 8, and the name of a Service at most 63.
    fileprivate var shortened: String {
        let start = prefix(55)
        return String(start.hasSuffix("-") ? start.dropLast() : start)
    }
}
