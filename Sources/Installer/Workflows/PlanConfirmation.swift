extension Workflow {
    /// Reads the facts of a plan again, now that no other run can be active.
    /// - Throws: where a check fails now, or the same answers give another plan, or no plan.
    public func confirm(
        _ plan: Plan, _ answers: Answers, under lock: RunLock, in dependencies: Dependencies
    ) async throws {
        var facts = await survey(answers, in: dependencies).complete()
        facts.interruptedRun = .known(lock.journal.interruptedRun)
        // A builder that was idle may be in use now, although the steps are the same.
        if let refusal = checks.results(facts, answers).refusal {
            throw InstallerError(
                "The state changed after planning; no changes were made", detail: refusal.message,
                hint: "Run the same command again, and review the checks.", code: refusal.code)
        }
        let fresh = try self.plan(answers, facts, places: dependencies.places, home: dependencies.home)
        let differences = plan.differences(to: fresh)
        guard !differences.isEmpty else { return }
        throw InstallerError(
            "The state changed after planning; no changes were made",
            detail: differences.joined(separator: "\n"),
            hint: "Run the same command again, and review the new plan.")
    }
}

extension Plan {
    /// The differences of another plan for the same answers, one line each, by the actions and not by the titles.
    func differences(to fresh: Plan) -> [String] {
        let (old, new) = (steps.filter(\.isDecided), fresh.steps.filter(\.isDecided))
        let gone = old.filter { step in !new.contains { $0.doesTheSame(as: step) } }
        let come = new.filter { step in !old.contains { $0.doesTheSame(as: step) } }
        guard gone.isEmpty, come.isEmpty else {
            return gone.map { "Removed step: \($0.title)" } + come.map { "New step: \($0.title)" }
        }
        return old.map(\.id) == new.map(\.id) ? [] : ["The order of the steps changed."]
    }
}

extension Step {
    fileprivate func doesTheSame(as other: Step) -> Bool {
        id == other.id && action == other.action && undo == other.undo
    }

    /// The number of builds changes: waiting for them is not a difference.
    fileprivate var isDecided: Bool {
        if case .waitForBuilds = action { false } else { true }
    }
}
