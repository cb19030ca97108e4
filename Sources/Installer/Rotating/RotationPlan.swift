extension Plan {
    /// What has to be done so that the certificates are new. Pure: the same answers and facts always give the same plan.
    ///
    /// What an interrupted rotation has made is not made again: the plan goes on from there.
    public static func rotate(_ answers: Answers, _ facts: Facts, places: Places, home: String) -> Plan {
        let planner = RotationPlanner(answers, facts, places: places, home: home)
        let steps = planner.steps
        return Plan(
            title: steps.isEmpty ? "Nothing to renew" : planner.title, site: planner.site, steps: steps,
            notes: planner.notes, answers: steps.isEmpty ? nil : planner.keptAnswers)
    }
}
