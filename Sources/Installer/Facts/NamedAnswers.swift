extension Answers {
    /// The answers with the names of the chart's objects: those of the values file that an install applies, over those of the
    /// release whose values it keeps.
    public func named(by facts: Facts) -> Answers {
        var answers = self
        let release = facts.release.value ?? nil
        let released = release.map { ChartNames(values: $0.values) } ?? ChartNames()
        // Only an install reads the file. Everything else finds the objects as they are.
        answers.chartNames =
            facts.chartNames.value.map { $0.over(release?.keepsValues == true ? released : ChartNames()) }
            ?? released
        return answers
    }
}

extension Facts.Release {
    /// Whether an install keeps its values where it does not set them. An interrupted release has been rolled back to a
    /// working revision by then. A failed release does not count: its values may be the cause.
    var keepsValues: Bool { status == "deployed" || isLocked && !hasNoPriorRevision }
}

extension Facts {
    /// Marks what was read by the names of the chart's objects, or compared with them, as not read.
    mutating func forgetNamed() {
        folder = .pending
        secrets = .pending
        service = .pending
        cacheClaim = .pending
        namespaceContents = .pending
        served = .pending
    }
}
