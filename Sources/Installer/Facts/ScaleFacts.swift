/// The input of a sleep or a wake-up: the state of BuildKit, and what stands against a change.
struct ScaleFacts: Sendable {
    let scaling: ScaleTarget
    let installation: InstallationID
    let state: ScaleState
    /// The load of the proxies before the change.
    let activity: Fact<BuildActivity>

    /// Whether the target has been reached.
    var isDone: Bool { state.isAfter(scaling) }

    /// Why it is impossible, or not advisable.
    /// - Parameter isForced: whether running builds are ignored.
    func refusal(isForced: Bool) -> InstallerError? {
        if let scaledObject = state.scaledObject { return refusal(by: scaledObject) }
        guard scaling == .sleep, !isDone, !isForced else { return nil }
        guard case .known(let activity) = activity else {
            return InstallerError(
                "BuildKit is not scaled to zero: cannot determine whether builds are running",
                detail: activity.failure?.sentence,
                hint: "Try again, or use --force: running builds finish first", code: .buildsUnknown)
        }
        guard !activity.isNone else { return nil }
        return InstallerError(
            "BuildKit is not scaled to zero: \(activity.inWords)",
            hint: "Wait for running builds, or use --force: running builds finish first, "
                + "queued ones stay queued", code: .buildsActive)
    }

    /// What happens to builds at a sleep in spite of them, as a sentence without its full stop; nil: there are none.
    var remark: String? {
        guard scaling == .sleep, !isDone else { return nil }
        switch activity {
        case .pending: return nil
        case .unavailable(let failure):
            return
                "Cannot determine whether builds are running: \(failure.message). Running builds finish first"
        case .known(let activity):
            guard !activity.isNone else { return nil }
            return "\(activity.inWords). Running builds finish first, queued ones stay queued"
        }
    }

    private func refusal(by scaledObject: String) -> InstallerError {
        func annotate(_ value: String) -> Command {
            installation.kubectl(
                "annotate", "scaledobject", scaledObject, "autoscaling.keda.sh/paused-replicas\(value)",
                "--overwrite")
        }
        let keep = scaling == .sleep ? "keep it scaled to zero" : "keep it running"
        return InstallerError(
            "KEDA scales BuildKit automatically (ScaledObject \(scaledObject)) and would undo this",
            hint: "To \(keep) anyway: \(annotate("=\(scaling.replicas)"))\n"
                + "To resume autoscaling: \(annotate("-"))", code: .scaledByKEDA)
    }
}

extension ScaleFacts {
    /// - Throws: where the state could not be read or, for a sleep without `--force`, whether builds are running.
    init(_ scaling: ScaleTarget, _ answers: Answers, _ facts: Facts) throws(PlanRefusal) {
        var reader = FactReader(facts)
        // The current context determines the cluster.
        let isNamed = !answers.context.isEmpty || reader.machine("the kubeconfig", \.contexts) != nil
        let state = reader.cluster("BuildKit's Deployment", \.scale)
        let isAsleep = state.map { $0.isAfter(.sleep) } ?? false
        let isRead =
            scaling == .wake || isAsleep || answers.force
            || reader.cluster("the number of running builds", \.activity) != nil
        guard isNamed, isRead, let state else { throw reader.refusal }
        self.init(
            scaling: scaling, installation: answers.installation(facts), state: state,
            activity: facts.activity)
    }
}

extension Facts {
    /// Whether an uninstall ends the builds that are running. A namespace that is being deleted ends them anyway.
    func endsBuilds(_ answers: Answers) -> Bool {
        installedParts(answers).goes(.release) && !namespace.certainly(\.isTerminating)
    }
}
