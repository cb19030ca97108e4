extension Plan {
    /// What has to be done so that the answers come true. Pure: the same answers and facts always give the same
    /// plan; what is there already is not planned again.
    public static func install(_ answers: Answers, _ facts: Facts, places: Places, home: String) -> Plan {
        let planner = InstallPlanner(answers, facts, places: places, home: home)
        let changes = planner.changes
        return Plan(
            title: changes.isEmpty
                ? "Nothing to change" : planner.isUpgrade ? "Change BuildKit" : "Install BuildKit",
            site: planner.site, steps: changes + (answers.prove ? [planner.proof] : []), notes: planner.notes,
            differences: planner.differences,
            // Consent is not kept: it is given anew, every time.
            answers: planner.answers.texts(of: Form.install.fields.filter { $0.id != Field.takeOver.id }))
    }
}
