// What is looked at before an uninstall. Where something is missing, what can be removed without it still is.

extension Check {
    static let answeringServer = Check("server", .cluster, "the cluster answers") { facts, _ in
        facts.server.verdict(otherwise: { failure in
            .warning(
                "\(failure.message): only what is on this machine can be removed", hint: failure.hint)
        }) { .passed("Kubernetes \($0)") }
    }

    /// What cannot be seen cannot be removed; to go on would look like success.
    static let visible = Check("visible", .namespace, "what is to go can be looked at") { facts, answers in
        guard facts.server.failure == nil else { return .skipped("the cluster does not answer") }
        let looks = [
            PartLookup(.release, facts.release), PartLookup(.secrets, facts.secrets),
            PartLookup(.cache, facts.cacheClaim),
            PartLookup(.namespace, facts.namespace),
        ].filter { answers.remove.contains($0.part) }
        if let failure = looks.lazy.compactMap(\.failure).first {
            return .failed(
                failure.sentence,
                hint: "Ask an administrator for the right, or remove what is on this machine: "
                    + "--remove \(RemovablePart.usual.filter { !$0.isInCluster }.map(\.rawValue).joined(separator: ","))"
            )
        }
        guard !looks.contains(where: \.isPending), !facts.server.isPending else { return .pending }
        return .passed("all of it")
    }

    /// How the look at a part of the cluster fared.
    private struct PartLookup {
        let part: RemovablePart
        let failure: InstallerError?
        let isPending: Bool

        init<Value>(_ part: RemovablePart, _ fact: Fact<Value>) {
            (self.part, failure, isPending) = (part, fact.failure, fact.isPending)
        }
    }

    /// Who else has installed it still has clients that build.
    static var removalOwner: Check {
        var check = Check("owner", .namespace, "the installation was made from here") { facts, answers in
            let inCluster = answers.remove.filter(\.isInCluster)
            guard facts.server.failure == nil, !inCluster.isEmpty, !answers.takeOver,
                case .otherMachine(let evidence)? = facts.secretsOwnership
            else { return .passed("it was") }
            let here = RemovablePart.usual.filter { !$0.isInCluster }.map(\.rawValue)
            return .failed(
                "This program installed it from another machine: \(evidence)",
                hint:
                    "To remove it all the same: --take-over; its clients can build no longer. To remove only what "
                    + "is on this machine: --remove \(here.joined(separator: ","))")
        }
        check.isQuiet = true
        return check
    }

    static let removalRights = Check("rights", .namespace, "you may remove what is to go") { facts, answers in
        facts.verdict(on: facts.missingRights, otherwise: { .warning($0) }) { missing in
            guard facts.areLookedAt else { return .pending }
            let going = facts.installedParts(answers).filter(\.goes).map(\.part)
            let needed = Set(Facts.Right.needed(toRemove: going))
            let lacking = missing.filter { needed.contains($0) }
            guard !lacking.isEmpty else { return .passed("all of it") }
            return .failed(
                "You may not \(lacking.inWords) in \(answers.namespace)", hint: answers.hint(for: lacking))
        }
    }

    static let leavingNamespace = Check("namespace", .namespace, "the namespace is not being deleted already")
    {
        facts, answers in
        facts.verdict(on: facts.namespace, otherwise: { .warning($0) }) { namespace in
            guard namespace.exists else { return .passed("\(answers.namespace) is not there") }
            guard namespace.isTerminating else { return .passed("\(answers.namespace) is there") }
            let held = namespace.heldBy.isEmpty ? "" : ": \(namespace.heldBy.joined(separator: " "))"
            return .warning("The namespace \(answers.namespace) is being deleted\(held)", hint: nil)
        }
    }

    static let leavingRelease = Check("release", .namespace, "nobody else is at work on the release") {
        facts, answers in
        facts.verdictByHelm(on: facts.release, otherwise: { .warning($0) }) { release in
            guard let release else { return .passed("there is none called \(answers.release)") }
            let revision = "\(release.chart), revision \(release.revision), \(release.status)"
            guard release.isOurs else {
                return .warning(
                    "The release \(answers.release) is another chart's: \(release.chart)", hint: nil)
            }
            guard release.isLocked, release.status != "uninstalling" else { return .passed(revision) }
            if answers.force { return .warning("\(revision): it goes all the same", hint: nil) }
            if facts.interruptedRun.certainly({ $0 != nil }) {
                return .warning("\(revision): a run of this program was cut short", hint: nil)
            }
            return .failed(
                "\(revision): another Helm is at work on it, or was interrupted",
                hint: "Look who it is. If nobody is: --force")
        }
    }

    static let runningBuilds = Check("builds", .namespace, "no build runs") { facts, answers in
        if case .known(nil) = facts.release { return .skipped("there is no release") }
        return facts.verdict(on: facts.activity, otherwise: { .warning($0) }) { activity in
            guard !activity.isNone else { return .passed("none") }
            let builds = activity.inWords
            return answers.force
                ? .warning("\(builds), and will be broken off", hint: nil)
                : .warning("\(builds); they are waited for", hint: "Break them off with --force.")
        }
    }

    static let buildxForRemoval = Check("buildx", .buildx, "docker buildx can forget the builder") {
        facts, answers in
        guard facts.areLookedAt else { return .pending }
        guard facts.installedParts(answers).goes(.builder) else { return .skipped("no builder is to go") }
        return Check.buildxPlugin.verdict(facts, answers)
    }
}

extension Facts {
    /// Whether all is known that tells what goes.
    fileprivate var areLookedAt: Bool {
        let inCluster =
            server.failure != nil
            || !(release.isPending || secrets.isPending || cacheClaim.isPending || namespace.isPending
                || namespaceContents.isPending)
        return inCluster && !builders.isPending && !localState.isPending
    }
}

extension Checks {
    /// What is looked at before an uninstall.
    public static let uninstall: [Check] = [
        .answeringServer, .visible, .removalOwner,
        .readable { facts, answers throws(PlanRefusal) in _ = try RemovalFacts(facts, answers) },
        .leavingNamespace, .leavingRelease, .removalRights, .runningBuilds,
        .buildxForRemoval,
    ]
}
