import FoundationEssentials

extension AdmissionRequest {
    /// The objects that an install creates with these answers; nil where it creates none, or required facts are
    /// unknown.
    init?(toInstall answers: Answers, _ facts: Facts, in dependencies: Dependencies) {
        // Without required facts there is no plan, and the checks report that.
        guard let known = try? InstallFacts(facts, answers), case .known(let server) = facts.server else {
            return nil
        }
        let planner = InstallPlanner(answers, known, places: dependencies.places, home: dependencies.home)
        guard !planner.releaseSteps.isEmpty else { return nil }
        let further = answers.values.isEmpty ? nil : answers.values.expanded(home: dependencies.home)
        self.init(
            values: planner.values.json, furtherValues: further, namespaceExists: planner.namespaceExists,
            namespace: planner.namespace.flatMap { step in
                guard case .create(let object) = step.action else { return nil }
                return object.manifest
            }, server: server, isUpgrade: known.release != nil)
    }
}
