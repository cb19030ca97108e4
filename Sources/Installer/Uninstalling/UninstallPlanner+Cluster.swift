extension UninstallPlanner {
    var inCluster: [Step] {
        // What is in a namespace that goes cannot be had apart.
        guard !isTerminating else { return [namespace].compactMap { $0 } }
        return [builds, release, pods, leftovers, secrets, cache, namespace].compactMap { $0 }
    }

    /// Builds that run would be broken off, and those that are held would never begin.
    private var builds: Step? {
        guard holdings.goes(.release), let activity = facts.activity.value, !activity.isNone, !answers.force
        else { return nil }
        return Step(
            id: "builds", title: "Wait until no build runs: \(activity.inWords)",
            action: .waitForBuilds(site: site, timeout: answers.timeout))
    }

    /// Pods drain for as long as their builds take, unless nobody is to wait for those.
    private var pods: Step? {
        guard holdings.goes(.release), answers.force, holdings[.release] != nil else { return nil }
        return Step(
            id: "pods", title: "End BuildKit's pods, whatever they build",
            action: .run(
                command: site.kubectl(
                    "delete", "pods", "--selector", Labels.pods(of: site), "--ignore-not-found", "--force",
                    "--grace-period=0", "--wait=false")))
    }

    private var release: Step? {
        guard holdings.goes(.release), (facts.release.value ?? nil) != nil else { return nil }
        return Step(
            id: "release", title: "Uninstall the release \(site.release)",
            action: .run(command: site.helm.uninstall(timeout: answers.timeout)))
    }

    /// What Helm does not take along: the pods of its tests, and all where its record is gone.
    private var leftovers: Step? {
        let objects = facts.inhabitants.value?.ofRelease ?? []
        guard holdings.goes(.release), !objects.isEmpty else { return nil }
        let isLast = (facts.release.value ?? nil) == nil
        return delete(
            objects, as: "objects",
            isLast ? "Delete what a release has left: \(objects.inShort)" : "See that all of it is gone")
    }

    private var secrets: Step? {
        let state = facts.secrets.value
        let names = CertificatePlan.secretNames
        let going = [(state?.outer, names.outer), (state?.inner, names.inner)].filter { secret, _ in
            secret.map { holdings.goes($0.isOurs ? .secrets : .foreignSecrets) } ?? false
        }.map(\.1)
        guard !going.isEmpty else { return nil }
        return delete(
            going.map { "secret/\($0)" }, as: "secrets",
            "Delete the \(going.count > 1 ? "Secrets" : "Secret") \(going.inWords)")
    }

    private var cache: Step? {
        guard holdings.goes(.cache) else { return nil }
        return delete(
            ["persistentvolumeclaim/\(answers.cacheClaim)"], as: "cache",
            "Delete the cache volume \(answers.cacheClaim)")
    }

    private var namespace: Step? {
        guard holdings.goes(.namespace) || isTerminating else { return nil }
        return delete(
            ["namespace/\(site.namespace)"], as: "namespace",
            isTerminating
                ? "Wait until the namespace \(site.namespace) is gone"
                : "Delete the namespace \(site.namespace)",
            isInNamespace: false)
    }

    private func delete(_ objects: [String], as id: Step.ID, _ title: String, isInNamespace: Bool = true)
        -> Step
    {
        Step(
            id: id, title: title,
            action: .delete(
                removal: Removal(
                    context: site.context, namespace: isInNamespace ? site.namespace : nil, objects: objects,
                    timeout: answers.timeout)))
    }
}
