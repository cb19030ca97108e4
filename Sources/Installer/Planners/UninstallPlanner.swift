import MutualTLS

extension Plan {
    /// What has to be done so that what was chosen is gone. Pure: the same answers and facts always give the same
    /// plan; what is not there is not planned.
    ///
    /// The cluster comes first: where it fails, this machine still has all that it takes to go on.
    /// - Throws: where something that was chosen could not be looked at.
    public static func uninstall(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths
    ) throws(PlanRefusal) -> Plan {
        let planner = UninstallPlanner(answers, try RemovalFacts(facts, answers), places: places)
        let steps = planner.steps
        return Plan(
            title: steps.isEmpty ? "Nothing to remove" : "Remove BuildKit",
            installation: planner.installation, steps: steps,
            notes: planner.notes)
    }
}

/// Works out an uninstall step by step. No step can be taken back: a run that failed is begun again, and does what
/// is left.
struct UninstallPlanner {
    let answers: Answers
    let facts: RemovalFacts
    let installation: InstallationID
    let places: InstallerPaths
    var installedParts: [InstalledPart] { facts.parts }

    init(_ answers: Answers, _ facts: RemovalFacts, places: InstallerPaths) {
        self.answers = answers
        self.facts = facts
        self.places = places
        installation = facts.installation
    }

    var steps: [Step] {
        let steps = inCluster + onThisMachine
        return steps + (leavesRecords(steps) ? [records] : [])
    }

    /// What stays and why, and what the user should know before agreeing.
    var notes: [String] {
        var notes: [String] = []
        if facts.silence != nil {
            notes.append(
                "The cluster does not answer: only what is on this machine goes. What is in the cluster stays."
            )
        }
        notes += installedParts.filter { !$0.goes }.map { holding in
            let part = holding.part.inWords
            guard let reason = holding.keptBecause, answers.remove.contains(holding.part) else {
                return "Stays: \(part) (\(holding.what))."
            }
            return "Stays: \(part) (\(holding.what)), because \(reason)."
        }
        if let local = facts.localCluster, cluster.isEmpty {
            notes.append(
                "Stays: the \(local.cluster), because \(local.reasonToKeep ?? "it still holds the namespace")."
            )
        }
        if isTerminating {
            notes.append(
                "The namespace \(installation.namespace) is being deleted, and takes along all that is in it."
            )
        } else if installedParts[.release] != nil, installedParts[.builder] == nil {
            notes.append(
                "This machine has no builder of this installation. Another that has one keeps it until there: "
                    + "\(Buildx.remove(answers.builder))")
        }
        return notes
    }

    var isTerminating: Bool { facts.namespace?.isTerminating == true }
}

extension UninstallPlanner {
    var inCluster: [Step] {
        // What is in a cluster or a namespace that goes cannot be had apart.
        guard cluster.isEmpty else { return [builds].compactMap { $0 } + cluster }
        guard !isTerminating else { return [namespace].compactMap { $0 } }
        return [builds, release, pods, leftovers, secrets, cache, namespace].compactMap { $0 }
    }

    /// Builds that run would be broken off, and those that are held would never begin.
    private var builds: Step? {
        guard installedParts.goes(.release), let activity = facts.activity, !activity.isNone,
            !answers.force
        else { return nil }
        return Step(
            id: "builds", title: "Wait until no build runs: \(activity.inWords)",
            action: .waitForBuilds(installation: installation, timeout: answers.timeout))
    }

    /// Pods drain for as long as their builds take, unless nobody is to wait for those.
    private var pods: Step? {
        guard installedParts.goes(.release), answers.force, installedParts[.release] != nil else {
            return nil
        }
        return Step(
            id: "pods", title: "End BuildKit's pods, whatever they build",
            action: .run(
                command: installation.kubectl(
                    "delete", "pods", "--selector", KubernetesLabels.pods(of: installation),
                    "--ignore-not-found",
                    "--force",
                    "--grace-period=0", "--wait=false")))
    }

    private var release: Step? {
        guard installedParts.goes(.release), facts.release != nil else { return nil }
        return Step(
            id: "release", title: "Uninstall the release \(installation.release)",
            action: .uninstallRelease(installation: installation, timeout: answers.timeout))
    }

    /// What Helm does not take along: the pods of its tests, and all where its record is gone.
    private var leftovers: Step? {
        let objects = facts.contents?.ofRelease ?? []
        guard installedParts.goes(.release), !objects.isEmpty else { return nil }
        let isLast = facts.release == nil
        return delete(
            objects, as: "objects",
            isLast ? "Delete what a release has left: \(objects.inShort)" : "See that all of it is gone")
    }

    private var secrets: Step? {
        let state = facts.secrets
        let names = CertificateLayout.secretNames
        let going = [(state?.outer, names.outer), (state?.inner, names.inner)].filter { secret, _ in
            secret.map { installedParts.goes($0.isOurs ? .secrets : .foreignSecrets) } ?? false
        }.map(\.1)
        guard !going.isEmpty else { return nil }
        return delete(
            going.map { "secret/\($0)" }, as: "secrets",
            "Delete the \(going.count > 1 ? "Secrets" : "Secret") \(going.inWords)")
    }

    private var cache: Step? {
        guard installedParts.goes(.cache) else { return nil }
        return delete(
            ["persistentvolumeclaim/\(answers.cacheClaim)"], as: "cache",
            "Delete the cache volume \(answers.cacheClaim)")
    }

    private var namespace: Step? {
        guard installedParts.goes(.namespace) || isTerminating else { return nil }
        return delete(
            ["namespace/\(installation.namespace)"], as: "namespace",
            isTerminating
                ? "Wait until the namespace \(installation.namespace) is gone"
                : "Delete the namespace \(installation.namespace)",
            isNamespace: true,
            emptied: isTerminating
                ? nil : EmptiedNamespace(installation: installation, cacheClaim: answers.cacheClaim))
    }

    private var cluster: [Step] {
        guard let local = facts.localClusterToRemove else { return [] }
        return [
            Step(
                id: "cluster", title: "Delete the \(local)",
                action: .run(command: local.delete)),
            Step(
                id: "cluster-record", title: "Delete the record of the \(local)",
                action: .remove(paths: [places.localCluster(ofContext: local.context)])),
        ]
    }

    private func delete(
        _ objects: [String], as id: Step.ID, _ title: String, isNamespace: Bool = false,
        emptied: EmptiedNamespace? = nil
    ) -> Step {
        Step(
            id: id, title: title,
            action: .delete(
                removal: Removal(
                    context: installation.context, namespace: isNamespace ? nil : installation.namespace,
                    objects: objects, timeout: answers.timeout, emptied: emptied)))
    }
}

extension UninstallPlanner {
    var onThisMachine: [Step] {
        builders + certificateFiles + authorityFiles
    }

    private var builders: [Step] {
        guard installedParts.goes(.builder), let builders = facts.builders else { return [] }
        let names = facts.ownBuilders
        let pointer = builders.current.flatMap { names.contains($0) ? stepBack(builders, from: names) : nil }
        return [pointer].compactMap { $0 }
            + names.map { name in
                Step(
                    id: "builder-\(name)", title: "Remove the builder \(name) from docker buildx",
                    action: .run(command: Buildx.remove(name)))
            }
    }

    /// buildx would keep naming a builder that is gone as the current one.
    private func stepBack(_ builders: Facts.Builders, from going: [String]) -> Step {
        let former = (facts.localState?.formerBuilder).flatMap { name in
            builders.builders.contains { $0.name == name } && !going.contains(name) ? name : nil
        }
        return Step(
            id: "current-builder",
            title: former.map { "Make the builder \($0) the current one again" }
                ?? "Let docker buildx use its default builder",
            action: .run(command: Buildx.use(former ?? builders.dockerContext)))
    }

    private var certificateFiles: [Step] {
        guard installedParts.goes(.certificates) else { return [] }
        return (facts.localState?.certificates ?? [:]).sorted { $0.key.path < $1.key.path }.map {
            remove(
                $0.value, from: $0.key.path, as: "certificates", "Delete the certificates in \($0.key.path)")
        }
    }

    private var authorityFiles: [Step] {
        guard installedParts.goes(.authority) else { return [] }
        return (facts.localState?.authority ?? [:]).sorted { $0.key.path < $1.key.path }.map {
            remove($0.value, from: $0.key.path, as: "authority", "Delete the authority in \($0.key.path)")
        }
    }

    private func remove(
        _ files: [String], from folder: String, as id: Step.ID, _ title: String
    ) -> Step {
        let isOwn = folder == places.certificates(of: installation)
        return Step(
            id: isOwn ? id : "\(id)-of-yours", title: title,
            action: .removeCertificates(folder: folder, files: files))
    }

    /// Also where there are none yet: a run that does something writes its journal.
    func leavesRecords(_ steps: [Step]) -> Bool {
        let isChosen = answers.remove.contains(.records) && facts.localState != nil
        return installedParts.goes(.records) || isChosen && !steps.isEmpty
    }

    var records: Step {
        Step(
            id: "records", title: "Delete what is written down about the installation",
            action: .forget(paths: places.records(of: installation)))
    }
}
