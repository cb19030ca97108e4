import FoundationEssentials

extension AdmissionRequest {
    /// What an install makes with these answers; nil where it makes nothing, or too little is known to say.
    init?(toInstall answers: Answers, _ facts: Facts, in dependencies: Dependencies) {
        // What could not be read is refused elsewhere, by name.
        guard let read = try? InstallFacts(facts, answers) else { return nil }
        let planner = InstallPlanner(answers, read, places: dependencies.places, home: dependencies.home)
        guard !planner.releaseSteps.isEmpty else { return nil }
        let release = facts.release.value ?? nil
        let further = answers.values.isEmpty ? nil : answers.values.expanded(home: dependencies.home)
        self.init(
            values: planner.values.json, furtherValues: further, namespaceExists: planner.namespaceExists,
            namespace: planner.namespace.flatMap { step in
                guard case .run(let command) = step.action else { return nil }
                // The program's own manifest; where it were none, there would be nothing to ask about.
                return try? command.input.map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
            }, server: facts.server.value ?? "", isUpgrade: release != nil)
    }
}
