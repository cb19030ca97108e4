extension Workflow {
    /// Looks again at what a plan was made from, now that nobody else can be at work.
    /// - Throws: where the same answers come to another plan by now, or cannot be planned.
    public func confirm(
        _ plan: Plan, _ answers: Answers, under lock: RunLock, in dependencies: Dependencies
    ) async throws {
        var facts = await survey(answers, in: dependencies).complete()
        facts.interruptedRun = .known(lock.journal.interruptedRun)
        let fresh = try self.plan(answers, facts, places: dependencies.places, home: dependencies.home)
        let differences = plan.differences(to: fresh)
        guard !differences.isEmpty else { return }
        throw InstallerError(
            "What is there has changed since the plan was made, so nothing was done",
            detail: differences.joined(separator: "\n"), hint: "Run it again, and look at the new plan.")
    }
}

extension Plan {
    /// In what another plan for the same answers differs, a line each: what is done, not how it is called.
    func differences(to fresh: Plan) -> [String] {
        let (old, new) = (steps.filter(\.isDecided), fresh.steps.filter(\.isDecided))
        let gone = old.filter { step in !new.contains { $0.doesTheSame(as: step) } }
        let come = new.filter { step in !old.contains { $0.doesTheSame(as: step) } }
        guard gone.isEmpty, come.isEmpty else {
            return gone.map { "No more: \($0.title)" } + come.map { "Now: \($0.title)" }
        }
        return old.map(\.id) == new.map(\.id) ? [] : ["The steps are in another order."]
    }
}

extension Step {
    fileprivate func doesTheSame(as other: Step) -> Bool {
        id == other.id && action == other.action && undo == other.undo
    }

    /// Builds come and go: waiting for them decides nothing.
    fileprivate var isDecided: Bool {
        if case .waitForBuilds = action { false } else { true }
    }
}
