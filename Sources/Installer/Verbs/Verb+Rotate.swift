extension Verb {
    /// New certificates while builds go on.
    public static let rotate = Verb(
        id: "rotate", title: "Rotate", meaning: "new certificates while builds go on", forms: Form.rotate,
        checks: Checks.rotate, looks: [.served, .sightings],
        report: SummaryWords(
            subject: "rotation",
            outcome: { run in
                let steps = run.plan.steps
                guard !steps.isEmpty else { return (.unchanged, "There was nothing to renew") }
                if steps.contains(where: { $0.id == "restart" }) {
                    return (.changed, "BuildKit has new certificates")
                }
                let answers = steps.contains { $0.id.hasPrefix("uptake") }
                return (
                    .changed,
                    "The certificates are new" + (answers ? ", and the builder answers with them" : "")
                )
            },
            remarks: { $0.plan.notes + unseen($0.plan) },
            next: { _, _ in [NextCommand("See how it is", "buildkit-installer status")] }),
        planner: { Plan.rotate($0, $1, places: $2, home: $3) })

    /// What nobody has looked at.
    private static func unseen(_ plan: Plan) -> [String] {
        guard plan.steps.contains(where: { $0.id.hasPrefix("nudge") }) else { return [] }
        return ["Whether the endpoint shows them was not looked at, as you asked: prove is no."]
    }
}
