extension InstallPlanner {
    var secretSteps: [Step] {
        guard answers.certificates != .secrets else { return [] }
        return [
            secret(
                "envoy-secret", "Envoy", certificates.outerSecret,
                certificates.outerFiles,
                facts.secrets.value?.outer),
            secret(
                innerSecretStep, "BuildKit", certificates.innerSecret,
                certificates.innerFiles, facts.secrets.value?.inner),
        ].compactMap { $0 }
    }

    func secret(
        _ id: Step.ID, _ reader: String, _ name: SecretName, _ files: [String: String],
        _ state: Facts.SecretState?
    ) -> Step? {
        let digests = facts.files.value ?? [:]
        if let state,
            files.allSatisfy({ key, path in digests[path] != nil && digests[path] == state.digests[key] })
        {
            return nil
        }
        let recipe = SecretRecipe(secret: name, labels: Labels.ours, files: files, replaces: state != nil)
        return Step(
            id: id, title: "\(state == nil ? "Store" : "Replace") the Secret \(name.name), for \(reader)",
            action: .applySecret(recipe: recipe),
            undo: state == nil
                ? [.run(command: site.kubectl.delete("secret", name.name))]
                : [.restoreSecret(name: name)] + (id == innerSecretStep && runs ? [restartAction] : []))
    }

    var innerSecretStep: Step.ID { "buildkit-secret" }

    /// Whether a BuildKit is there that has read its certificates already.
    private var runs: Bool { facts.release.value??.status == "deployed" }

    private var restartAction: Action {
        .run(command: site.kubectl("rollout", "restart", "deployment/\(answers.fullname)-builder"))
    }

    /// Envoy takes new certificates up by itself; BuildKit reads its own only when it starts. It drains before that,
    /// so no build is lost.
    var restart: Step? {
        guard runs, facts.secrets.value?.inner != nil,
            secretSteps.contains(where: { $0.id == innerSecretStep })
        else {
            return nil
        }
        return Step(
            id: "restart", title: "Restart BuildKit with its new certificates, once no build runs",
            action: restartAction)
    }
}
