/// The input of an uninstall: all selected parts have been read. Without the cluster only this machine is cleaned up.
struct RemovalFacts: Sendable {
    let installation: InstallationID
    /// Whether the cluster does not answer.
    let isSilent: Bool
    /// The existing parts of the installation.
    let parts: [InstalledPart]
    let namespace: Facts.NamespaceState?
    let release: Facts.Release?
    let secrets: Facts.Secrets?
    let contents: Facts.NamespaceContents?
    /// The ReplicaSets whose pods an interrupted uninstall was to delete.
    let interruptedPods: [ReplicaSetName]
    /// The builders of docker buildx; nil: none is removed.
    let builders: Facts.Builders?
    /// This installation's builders, each with this installation's nodes only.
    let ownBuilders: [Facts.Builder]
    let localState: Facts.LocalState?
    /// The local cluster that buildkit-installer created; nil: none. Where it is unavailable, it is kept.
    let localCluster: Fact<Facts.LocalClusterState?>
    /// The local cluster, where it is deleted with the namespace.
    let localClusterToRemove: LocalCluster?
    /// The current load of the proxies; nil: unknown, or no release is removed.
    let activity: BuildActivity?
    /// Whether the Secret has revocations that the lists of the CA here lack, or these have others.
    let hasOtherRevocations: Bool
    /// The folder of that CA; nil: unknown.
    let authorityFolder: String?

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let isSilent = facts.server.failure != nil
        self.isSilent = isSilent
        var isNamed = !answers.context.isEmpty || reader.machine("the kubeconfig", \.contexts) != nil
        // The files of an installation are found by its context, which only one that was installed from a pod lacks.
        if isSilent, answers.context.isEmpty, facts.contexts.certainly(\.current.isEmpty),
            facts.settings == nil
        {
            isNamed = reader.cluster("the cluster", \.server) != nil
        }
        var isRead = isNamed
        func need<Value>(_ parts: Set<RemovablePart>, _ value: @autoclosure () -> Value?) -> Value? {
            guard !parts.isDisjoint(with: answers.remove) else { return nil }
            let value = value()
            if value == nil { isRead = false }
            return value
        }
        let inCluster: Set<RemovablePart> =
            isSilent ? [] : [.release, .secrets, .foreignSecrets, .cache, .namespace]
        namespace = need(inCluster, reader.cluster("the namespace \(answers.namespace)", \.namespace))
        release =
            need(
                inCluster.intersection([.release, .namespace]),
                reader.helm("the release \(answers.release)", \.release)) ?? nil
        secrets = need(
            inCluster, reader.cluster("the Secrets", \.secrets))
        _ = need(
            inCluster.intersection([.cache, .namespace]), reader.cluster("the cache volume", \.cacheClaim))
        contents = need(
            inCluster.intersection([.release, .namespace]),
            reader.cluster("the contents of the namespace \(answers.namespace)", \.namespaceContents))
        _ = need(
            inCluster.intersection([.secrets, .foreignSecrets]), reader.releases(answers, \.otherReleases))
        if !answers.takeOver {
            _ = need(inCluster, reader.machine("the CA", \.authorities))
            _ = need(inCluster, reader.machine("the certificate files", \.files))
        }
        builders = need([.builder], reader.machine("the builders of docker buildx", \.builders))
        _ = need([.builder], reader.machine("the records of builders", \.clientFolders))
        localState = need(
            [.builder, .certificates, .authority, .records],
            reader.machine("the local state on this machine", \.localState))
        _ = need([.certificates], reader.machine("the certificate directory", \.folder))
        // Of a cluster that does not answer, nothing is removed, although single queries may have been answered.
        parts = facts.installedParts(answers).filter { !isSilent || !$0.part.isInCluster }
        // Only the user can decide (`--force`) to end builds that could not be counted.
        let isCounted =
            isSilent || answers.force || !facts.endsBuilds(answers)
            || reader.cluster("the number of running builds", \.activity) != nil
        // The same holds for files on this machine, which an installation in a silent cluster may need.
        let isSeen =
            answers.force || !answers.removesFromCluster || !isSilent
            || reader.cluster("the cluster", \.server) != nil
        guard isRead, isCounted, isSeen else {
            throw isSilent && !(isNamed && isSeen)
                ? reader.refusal(otherwise: answers.wayWithoutCluster) : reader.refusal
        }
        installation = answers.installation(facts)
        interruptedPods = isSilent ? [] : facts.podsOfInterruptedRemoval(answers)
        localCluster = facts.localCluster
        localClusterToRemove = isSilent ? nil : facts.localClusterToRemove(answers)
        ownBuilders = facts.ownBuilders(answers)
        activity = facts.activity.value
        hasOtherRevocations = facts.revocations.needsMerge
        authorityFolder = facts.localState.value?.clientFolder.parentFolder
    }
}

extension Facts {
    /// The ReplicaSets whose pods an interrupted uninstall was to delete, where that is asked for again. They are gone with the
    /// release, but its pods that still drain name them as their controllers.
    func podsOfInterruptedRemoval(_ answers: Answers) -> [ReplicaSetName] {
        guard answers.force, answers.remove.contains(.release), let run = (interruptedRun.value ?? nil)?.run
        else { return [] }
        return run.plan.steps.flatMap { step -> [ReplicaSetName] in
            guard case .deletePods(let removal) = step.action, case .replicaSets(let seen) = removal.owners,
                run[step.id].status != .done
            else { return [] }
            return seen
        }
    }
}

extension Answers {
    /// Whether parts in the cluster are selected for removal.
    var removesFromCluster: Bool { remove.contains(where: \.isInCluster) }

    /// The hint for an uninstall whose cluster cannot be reached. The files on this machine are found by the context.
    var wayWithoutCluster: String {
        let name = context.isEmpty ? "--context NAME " : ""
        return
            "If the cluster no longer exists: \(name)--force. It removes only the components on this machine"
    }
}
