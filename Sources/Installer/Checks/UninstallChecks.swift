// Checks before an uninstall. A missing tool does not prevent the removal of parts that do not need it.

extension Check {
    /// Without the cluster, where BuildKit may still run, this machine is cleaned up by consent only.
    static let answeringServer = Check("server", .cluster, "API server") { facts, answers in
        facts.server.verdict(otherwise: { failure in
            let cause = failure.sentence.withFullStop
            // A missing context is not a matter of the network.
            let remedy: String? =
                if case .failed(_, let choice) = Check.context.verdict(facts, answers) {
                    choice
                } else {
                    failure.hint
                }
            guard answers.removesFromCluster else {
                // The cluster may still trust it.
                let key = answers.remove.contains(.authority) && !answers.force ? "; the CA key is kept" : ""
                return .warning(
                    "\(cause) Only components on this machine are selected\(key)", hint: remedy)
            }
            guard answers.force else {
                let ways = [remedy, answers.wayWithoutCluster].compactMap(\.self)
                return .failed(
                    "\(cause) Only components on this machine could be removed; if BuildKit still runs in the "
                        + "cluster, no client on this machine could connect to it",
                    hint: ways.joined(separator: "\n"))
            }
            return .warning("\(cause) Only components on this machine are removed", hint: remedy)
        }) { .passed("Kubernetes \($0)") }
    }

    /// Resources that cannot be read cannot be removed; continuing would look like success.
    static let visible = Check("visible", .namespace, "resources to remove") { facts, answers in
        guard facts.server.failure == nil else { return .skipped("the cluster does not respond") }
        let looks = [
            PartLookup(.release, facts.release), PartLookup(.secrets, facts.secrets),
            PartLookup(.secrets, facts.otherReleases), PartLookup(.cache, facts.cacheClaim),
            PartLookup(.namespace, facts.namespace),
        ].filter { answers.remove.contains($0.part) }
        if let failure = looks.lazy.compactMap(\.failure).first {
            return .failed(
                failure.sentence,
                hint:
                    "Ask an administrator for the permission, or remove only the components on this machine: "
                    + "--remove "
                    + "\(RemovablePart.usual.filter { !$0.isInCluster }.map(\.rawValue).joined(separator: ","))"
            )
        }
        guard !looks.contains(where: \.isPending), !facts.server.isPending else { return .pending }
        return .passed("all readable")
    }

    /// The result of reading a part of the cluster.
    private struct PartLookup {
        let part: RemovablePart
        let failure: InstallerError?
        let isPending: Bool

        init<Value>(_ part: RemovablePart, _ fact: Fact<Value>) {
            (self.part, failure, isPending) = (part, fact.failure, fact.isPending)
        }
    }

    /// Another user who installed it still has clients that build.
    static var removalOwner: Check {
        var check = Check("owner", .namespace, "owner of the installation") { facts, answers in
            let inCluster = answers.remove.filter(\.isInCluster)
            let isAtStake = facts.server.failure == nil && !inCluster.isEmpty && !answers.takeOver
            let here = RemovablePart.usual.filter { !$0.isInCluster }.map(\.rawValue)
            let anyway =
                "To remove it anyway: --take-over; its clients lose access. To remove only the components "
                + "on this machine: --remove \(here.joined(separator: ","))"
            switch isAtStake ? facts.secretsOwnership : nil {
            case .otherFolder(let folder):
                return .failed(
                    "The installation belongs to \(folder.inWords)",
                    hint: "To use it: --certs \(folder.path.shellQuoted). \(anyway)")
            case .otherMachine(let evidence):
                return .failed(
                    "The installation was created by buildkit-installer on another machine: \(evidence)",
                    hint: anyway)
            case .absent, .ours, .foreign, nil: return .passed("installed from this machine")
            }
        }
        check.isQuiet = true
        return check
    }

    static let removalRights = Check("rights", .namespace, "permission to remove the resources") {
        facts, answers in
        facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
            guard facts.areLookedAt else { return .pending }
            let going = facts.installedParts(answers).filter(\.goes).map(\.part)
            let endsOthers = !facts.podsOfInterruptedRemoval(answers).isEmpty
            let needed = Set(
                Facts.Right.needed(toRemove: going, endsBuilds: answers.force)
                    + (endsOthers ? Facts.Right.toEndBuilds : []))
            return .permissions(lacking: missing.filter(needed.contains), answers)
        }
    }

    static let leavingNamespace = Check("namespace", .namespace, "namespace") {
        facts, answers in
        facts.verdict(on: facts.namespace, otherwise: { .warning($0) }) { namespace in
            guard namespace.exists else { return .passed("\(answers.namespace) does not exist") }
            guard namespace.isTerminating else { return .passed("\(answers.namespace) exists") }
            let held = namespace.heldBy.isEmpty ? "" : ": \(namespace.heldBy.joined(separator: " "))"
            return .warning("The namespace \(answers.namespace) is being deleted\(held)", hint: nil)
        }
    }

    static let leavingRelease = Check("release", .namespace, "Helm release") {
        facts, answers in
        facts.verdictByHelm(on: facts.release, otherwise: { .warning($0) }) { release in
            guard let release else { return .passed("no release \(answers.release)") }
            let revision = "\(release.chart), revision \(release.revision), \(release.status)"
            guard release.isOurs else {
                return .warning(
                    "The release \(answers.release) belongs to another chart: \(release.chart)", hint: nil)
            }
            guard release.isLocked, release.status != "uninstalling" else { return .passed(revision) }
            if answers.force { return .warning("\(revision): will be removed anyway", hint: nil) }
            if facts.explainsLock {
                return .warning("\(revision): a run of buildkit-installer was interrupted", hint: nil)
            }
            return .failed(
                "\(revision): another Helm operation is in progress, or was interrupted",
                hint: "If no operation is running: --force")
        }
    }

    /// Builds that cannot be counted may be running, as for a sleep.
    static let runningBuilds = Check("builds", .namespace, "running builds") { facts, answers in
        guard facts.areLookedAt else { return .pending }
        guard facts.endsBuilds(answers) else { return .skipped("no release is removed") }
        return facts.verdict(
            on: facts.activity,
            otherwise: { failure in
                let unknown = "Cannot determine whether builds are running: \(failure.sentence)"
                return answers.force
                    ? .warning("\(unknown.withFullStop) Any running builds will be canceled", hint: nil)
                    : .failed(
                        unknown, hint: "Try again. To uninstall anyway and cancel any running builds: --force"
                    )
            }
        ) { activity in
            guard !activity.isNone else { return .passed("none") }
            let builds = activity.inWords
            return answers.force
                ? .warning("\(builds); running builds will be canceled", hint: nil)
                : .warning("\(builds); running builds finish first", hint: "To cancel them instead: --force")
        }
    }

    static let buildxForRemoval = Check("buildx", .buildx, "registration with docker buildx") {
        facts, answers in
        guard facts.areLookedAt else { return .pending }
        guard facts.installedParts(answers).goes(.builder) else {
            return .skipped("no builder is selected for removal")
        }
        return Check.buildxPlugin.verdict(facts, answers)
    }
}

extension Facts {
    /// Whether all facts that determine the removal are known.
    fileprivate var areLookedAt: Bool {
        let inCluster =
            server.failure != nil
            || !(release.isPending || secrets.isPending || cacheClaim.isPending || namespace.isPending
                || namespaceContents.isPending || otherReleases.isPending)
        return inCluster && !builders.isPending && !clientFolders.isPending && !localState.isPending
    }
}

extension Checks {
    public static let uninstall: [Check] = [
        .answeringServer, .visible, .removalOwner,
        .readable { facts, answers throws(PlanRefusal) in
            // Builds that cannot be counted have a check of their own, which names `--force`.
            var answers = answers
            answers.force = true
            _ = try RemovalFacts(facts, answers)
        },
        .leavingNamespace, .leavingRelease, .removalRights, .runningBuilds,
        .buildxForRemoval,
    ]
}
