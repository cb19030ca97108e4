extension Verb {
    /// New certificates while builds go on.
    public static let rotate = Verb(
        id: "rotate", title: "Rotate", meaning: "new certificates while builds go on", forms: Form.rotate,
        checks: Checks.rotate, looks: [.served, .sightings],
        report: SummaryWords(
            subject: "rotation",
            outcome: { run in
                guard let first = run.plan.steps.first else {
                    return (.unchanged, "There was nothing to renew")
                }
                return first.id == "restart"
                    ? (.changed, "BuildKit has new certificates") : (.changed, "The certificates are new")
            },
            account: { $0.plan.notes },
            next: { answers, site in [] }),
        planner: { Plan.rotate($0, $1, places: $2, home: $3) })
}
