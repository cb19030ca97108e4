extension Answers {
    /// The installation that the answers are about, its context named where it is known.
    public func site(_ facts: Facts) -> Site {
        var site = site
        if site.context.isEmpty { site.context = facts.contexts.value?.current ?? "" }
        return site
    }
}
