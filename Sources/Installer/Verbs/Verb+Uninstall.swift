extension Verb {
    /// Takes everything away again, as far as it was chosen.
    public static let uninstall = Verb(
        id: "uninstall", title: "Uninstall", meaning: "take everything away again", forms: Form.uninstall,
        checks: Checks.uninstall, looks: [.removal, .activity],
        report: SummaryWords(
            subject: "removal",
            outcome: { run in
                run.plan.steps.isEmpty
                    ? (.unchanged, "There was nothing to remove") : (.removed, "BuildKit is removed")
            },
            account: { $0.plan.notes }, next: { _, _ in [] }),
        planner: { answers, facts, places, _ in Plan.uninstall(answers, facts, places: places) })
}
