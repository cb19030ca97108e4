extension Plan {
    /// What has to be done so that what was chosen is gone. Pure: the same answers and facts always give the same
    /// plan; what is not there is not planned.
    ///
    /// The cluster comes first: where it fails, this machine still has all that it takes to go on.
    public static func uninstall(_ answers: Answers, _ facts: Facts, places: Places) -> Plan {
        let planner = UninstallPlanner(answers, facts, places: places)
        let steps = planner.steps
        return Plan(
            title: steps.isEmpty ? "Nothing to remove" : "Remove BuildKit", site: planner.site, steps: steps,
            notes: planner.notes)
    }
}
