import MutualTLS

extension Plan {
    /// The steps that remove the selected parts. Pure: the same answers and facts always give the same plan; parts
    /// that do not exist are not planned.
    ///
    /// The cluster comes first: where it fails, this machine still has everything that another attempt needs.
    /// - Throws: where a selected part could not be read.
    public static func uninstall(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths
    ) throws(PlanRefusal) -> Plan {
        let planner = UninstallPlanner(answers, try RemovalFacts(facts, answers), places: places)
        let steps = planner.steps
        let isPartial = planner.leavesCluster
        let title = steps.isEmpty ? "Nothing to remove" : "Uninstall BuildKit"
        return Plan(
            isPartial ? .uninstallLocal : .uninstall,
            title: isPartial ? "\(title) \(steps.isEmpty ? "on" : "from") this machine" : title,
            installation: planner.installation, steps: steps,
            notes: planner.notes)
    }
}

/// Plans an uninstall. No step can be rolled back: after a failure, another run removes the rest.
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

    /// What is kept and why, and what the user must know before confirming.
    var notes: [String] {
        var notes: [String] = []
        if leavesCluster {
            let left = answers.remove.filter(\.isInCluster).map(\.inWords)
            notes.append(
                "The cluster could not be queried: only components on this machine are removed. These remain in the "
                    + "cluster, if they exist: \(left.inWords).")
        }
        notes += installedParts.filter { !$0.goes }.map { holding in
            let part = holding.part.inWords
            guard let reason = holding.keptBecause, answers.remove.contains(holding.part) else {
                return "Kept: \(part) (\(holding.what))."
            }
            return "Kept: \(part) (\(holding.what)), because \(reason)."
        }
        if cluster.isEmpty, !isTerminating { notes += releaseNotes }
        switch facts.localCluster {
        case .known(let local?) where cluster.isEmpty:
            notes.append(
                "Kept: the \(local.cluster), because \(local.reasonToKeep ?? "it still contains the namespace")."
            )
        case .unavailable(let failure):
            notes.append(
                "A local cluster that buildkit-installer may have created is kept: \(failure.message).")
        case .known, .pending: break
        }
        if isTerminating {
            notes.append(
                "The namespace \(installation.namespace) is terminating with all of its contents."
            )
        } else if installedParts[.release] != nil, installedParts[.builder] == nil {
            notes.append(
                "No builder of this installation is registered on this machine. On other machines, remove it with: "
                    + "\(Buildx.remove(answers.builder))")
        }
        return notes
    }

    var isTerminating: Bool { facts.namespace?.isTerminating == true }

    /// Whether selected components remain because the cluster does not answer.
    var leavesCluster: Bool { facts.isSilent && answers.removesFromCluster }
}

extension UninstallPlanner {
    var inCluster: [Step] {
        // Parts in a cluster or a namespace that is deleted are not deleted separately.
        guard cluster.isEmpty else { return [builds, revocations].compactMap { $0 } + cluster }
        guard !isTerminating else { return [namespace].compactMap { $0 } }
        return [builds, revocations, release, pods, leftovers, secrets, cache, namespace].compactMap { $0 }
    }

    /// Running builds would be interrupted, and queued requests would never be processed.
    private var builds: Step? {
        guard installedParts.goes(.release), let activity = facts.activity, !activity.isNone,
            !answers.force
        else { return nil }
        return Step(
            id: "builds", title: "Wait until no builds are running: \(activity.inWords)",
            action: .waitForBuilds(installation: installation, timeout: answers.timeout))
    }

    /// A CA that is kept is used again by a later install, which must not readmit who was revoked elsewhere.
    private var revocations: Step? {
        let names = CertificateLayout.secretNames
        guard facts.hasOtherRevocations, let folder = facts.authorityFolder,
            !installedParts.goes(.authority), secrets != nil
        else { return nil }
        return Step(
            id: "revocations",
            title: "Save the revocations from the Secret \(names.outer) with the CA on this machine",
            action: .saveRevocations(
                folder: folder,
                from: SecretName(
                    context: installation.context, namespace: installation.namespace, name: names.outer)))
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
            "Delete the \(going.count > 1 ? "Secrets" : "Secret") \(going.inWords)", exclusive: installation)
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
                ? "Wait until the namespace \(installation.namespace) is deleted"
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
                action: .deleteLocalCluster(
                    removal: LocalClusterRemoval(
                        cluster: local,
                        emptied: EmptiedNamespace(
                            installation: installation, cacheClaim: answers.cacheClaim)))),
            Step(
                id: "cluster-record", title: "Delete the record of the \(local)",
                action: .remove(paths: [places.localCluster(ofContext: local.context)])),
        ]
    }

    func delete(
        _ objects: [String], as id: Step.ID, _ title: String, isNamespace: Bool = false,
        emptied: EmptiedNamespace? = nil, exclusive: InstallationID? = nil
    ) -> Step {
        Step(
            id: id, title: title,
            action: .delete(
                removal: Removal(
                    context: installation.context, namespace: isNamespace ? nil : installation.namespace,
                    objects: objects, timeout: answers.timeout, emptied: emptied, exclusive: exclusive)))
    }
}

extension UninstallPlanner {
    var onThisMachine: [Step] {
        builders + certificateFiles + authorityFiles
    }

    private var builders: [Step] {
        guard installedParts.goes(.builder), let builders = facts.builders else { return [] }
        // A builder that also has nodes of others is kept with them.
        let going = facts.ownBuilders.filter { builders.builders.contains($0) }.map(\.name)
        let pointer = builders.current.flatMap { going.contains($0) ? stepBack(builders, from: going) : nil }
        return [pointer].compactMap { $0 }
            + facts.ownBuilders.flatMap { going.contains($0.name) ? [removal(of: $0.name)] : leaving($0) }
    }

    private func removal(of builder: String) -> Step {
        Step(
            id: "builder-\(builder)", title: "Remove the builder \(builder) from docker buildx",
            action: .run(command: Buildx.remove(builder)))
    }

    private func leaving(_ builder: Facts.Builder) -> [Step] {
        builder.nodes.map { node in
            Step(
                id: "node-\(node.name)",
                title: "Remove the node \(node.name) from the builder \(builder.name)",
                action: .run(command: Buildx.leave(builder.name, node: node.name)))
        }
    }

    /// buildx would keep a removed builder as the current one.
    private func stepBack(_ builders: Facts.Builders, from going: [String]) -> Step {
        let former = (facts.localState?.formerBuilder).flatMap { name in
            builders.builders.contains { $0.name == name } && !going.contains(name) ? name : nil
        }
        return Step(
            id: "current-builder",
            title: former.map { "Set the builder \($0) as the current builder again" }
                ?? "Switch docker buildx to the default builder",
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
            remove($0.value, from: $0.key.path, as: "authority", "Delete the CA in \($0.key.path)")
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

    /// Also where there are none yet: a run with steps writes its journal.
    func leavesRecords(_ steps: [Step]) -> Bool {
        let isChosen = answers.remove.contains(.records) && facts.localState != nil
        return installedParts.goes(.records) || isChosen && !steps.isEmpty
    }

    var records: Step {
        Step(
            id: "records", title: "Delete the local state",
            action: .forget(paths: places.records(of: installation)))
    }
}
