import MutualTLS

// Plans of a step or two, for the verbs that do one thing.

extension Plan {
    /// Issues certificates and does no more: all of them, or only those of the hop behind Envoy.
    public static func issue(_ answers: Answers, innerOnly: Bool, places: InstallerPaths, home: String)
        -> Plan
    {
        let paths = CertificateLayout(answers, installation: answers.installation, places: places, home: home)
        let folder = paths.outer.path
        let action =
            innerOnly
            ? Action.issueInner(folder: folder, algorithm: answers.keyAlgorithm, days: answers.days)
            : .issueCertificates(order: paths.order, folder: folder, registry: nil)
        return Plan(
            .issue, title: "Issue certificates", installation: answers.installation,
            steps: [Step(id: "certificates", title: "Issue the certificates into \(folder)", action: action)])
    }

    /// Puts BuildKit to sleep, or wakes it, and waits until that is so.
    /// - Parameter builder: the name of BuildKit's Deployment.
    static func scale(
        _ builder: String, _ scaling: ScaleTarget, at installation: InstallationID, timeout: Int
    )
        -> Plan
    {
        let isSleep = scaling == .sleep
        return Plan(
            isSleep ? .sleep : .wake, title: isSleep ? "Put BuildKit to sleep" : "Wake BuildKit",
            installation: installation,
            steps: [
                Step(
                    id: "scale", title: "Scale \(builder) to \(scaling.replicas)",
                    action: .run(
                        command: installation.kubectl.scale("deployment/\(builder)", to: scaling.replicas))),
                Step(
                    id: "wait", title: isSleep ? "Wait until its pod has ended" : "Wait until it is ready",
                    action: .awaitBuilder(
                        name: builder, installation: installation, scaling: scaling, timeout: timeout)),
            ])
    }

    /// Writes the chart that is inside this program to a folder.
    public static func unpackChart(into folder: String) -> Plan {
        Plan(
            .unpackChart, title: "Write the chart", installation: Answers().installation,
            steps: [
                Step(
                    id: "chart", title: "Write the chart \(Chart.label) to \(folder)",
                    action: .unpackChart(folder: folder))
            ])
    }
}

/// Putting BuildKit to sleep by hand, or waking it: what was found, what stands against it, and what is said of it.
public struct ScalePlanner: Sendable {
    let scaling: ScaleTarget
    let answers: Answers
    let slumber: ScaleState
    /// What goes through the proxies.
    let activity: Fact<BuildActivity>

    private var installation: InstallationID { answers.installation }

    /// Looks at the installation that the answers are about.
    public static func look(
        in dependencies: Dependencies, _ scaling: ScaleTarget, _ answers: Answers
    ) async throws -> ScalePlanner {
        async let activity = Fact { try await BuildActivity.look(in: dependencies, at: answers.installation) }
        let slumber = try await ScaleState.look(in: dependencies, at: answers.installation)
        return await ScalePlanner(
            scaling: scaling, answers: answers, slumber: slumber, activity: activity)
    }

    /// Whether it is so already.
    public var isDone: Bool { slumber.isAfter(scaling) }

    /// What has to be done; no steps where it is so already.
    public var plan: Plan {
        var plan = Plan.scale(slumber.builder, scaling, at: installation, timeout: answers.timeout)
        if isDone { plan.steps = [] }
        return plan
    }

    /// Why it cannot be, or should not.
    /// - Parameter isForced: whether builds do not count.
    public func refusal(isForced: Bool) -> InstallerError? {
        if let scaledObject = slumber.scaledObject { return refusal(by: scaledObject) }
        guard scaling == .sleep, !isDone, !isForced else { return nil }
        guard case .known(let activity) = activity else {
            return InstallerError(
                "BuildKit is not put to sleep: whether builds run cannot be told",
                detail: activity.failure?.sentence,
                hint: "Try it again, or go on with --force: builds that run are finished first")
        }
        guard !activity.isNone else { return nil }
        return InstallerError(
            "BuildKit is not put to sleep: \(activity.inWords)",
            hint: "Wait for their end, or go on with --force: builds that run are finished first, "
                + "and those that wait go on waiting", code: .buildsActive)
    }

    private func refusal(by scaledObject: String) -> InstallerError {
        func annotate(_ value: String) -> Command {
            installation.kubectl(
                "annotate", "scaledobject", scaledObject, "autoscaling.keda.sh/paused-replicas\(value)",
                "--overwrite")
        }
        let (does, when, keep) =
            scaling == .sleep
            ? ("puts BuildKit to sleep", "nobody builds", "keep it asleep")
            : ("wakes BuildKit", "somebody builds", "keep it awake")
        return InstallerError(
            "KEDA \(does) by itself when \(when), through the ScaledObject \(scaledObject), and would undo this",
            hint: "To \(keep) all the same: \(annotate("=\(scaling.replicas)"))\n"
                + "To let KEDA decide again: \(annotate("-"))", code: .scaledByKEDA)
    }

    /// What to know before it is done.
    public var notes: [String] {
        guard scaling == .sleep, let failure = activity.failure else { return [] }
        return [
            "Whether builds run cannot be told: \(failure.message). Those that run are finished first."
        ]
    }

    /// What there is to say once it is so, a line each.
    public var outcome: [String] {
        // How many wait is told where it is known.
        let held = if case .known(let activity) = activity { activity.held } else { 0 }
        switch scaling {
        case .sleep:
            let waiting = held == 0 ? "" : " \(held.requests) \(held == 1 ? "waits" : "wait") for it."
            return [
                "BuildKit sleeps\(isDone ? " already" : "").\(waiting) Builds that are started wait until it is woken:",
                "  \((["buildkit-installer wake"] + installation.flags).joined(separator: " ")) --yes",
            ]
        case .wake:
            let waiting = held == 0 ? "" : " \(held.requests) that waited \(held == 1 ? "goes" : "go") on."
            return ["BuildKit is awake\(isDone ? " already" : "").\(waiting)"]
        }
    }
}
