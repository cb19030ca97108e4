import MutualTLS

// Plans of one or two steps, for commands with a single purpose.

extension Plan {
    /// Only issues certificates: all of them, or those of the hop behind Envoy.
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
            steps: [Step(id: "certificates", title: "Issue the certificates in \(folder)", action: action)])
    }

    /// Scales BuildKit to zero or one, and waits for the result.
    /// - Parameter builder: the name of BuildKit's Deployment.
    static func scale(
        _ builder: String, _ scaling: ScaleTarget, at installation: InstallationID, timeout: Int
    )
        -> Plan
    {
        let isSleep = scaling == .sleep
        return Plan(
            isSleep ? .sleep : .wake, title: isSleep ? "Scale BuildKit to zero" : "Wake BuildKit",
            installation: installation,
            steps: [
                Step(
                    id: "scale", title: "Scale \(builder) to \(scaling.replicas)",
                    action: .run(
                        command: installation.kubectl.scale("deployment/\(builder)", to: scaling.replicas))),
                Step(
                    id: "wait",
                    title: isSleep
                        ? "Wait until the BuildKit pod has terminated" : "Wait until BuildKit is ready",
                    action: .awaitBuilder(
                        name: builder, installation: installation, scaling: scaling, timeout: timeout)),
            ])
    }

    /// Writes the embedded chart to a folder.
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

/// A manual sleep or wake-up of BuildKit: its plan, and the messages.
public struct ScalePlanner: Sendable {
    private let facts: ScaleFacts
    private let timeout: Int

    private var scaling: ScaleTarget { facts.scaling }
    private var installation: InstallationID { facts.installation }

    init(_ facts: ScaleFacts, timeout: Int) { (self.facts, self.timeout) = (facts, timeout) }

    /// Reads the state of the installation; before a sleep, also the load of the proxies. A wake-up reports it while BuildKit
    /// starts.
    public static func look(
        in dependencies: Dependencies, _ scaling: ScaleTarget, _ answers: Answers
    ) async throws -> ScalePlanner {
        async let activity =
            scaling == .sleep ? Self.activity(in: dependencies, at: answers.installation) : .pending
        let state = try await ScaleState.look(in: dependencies, at: answers.installation)
        return await ScalePlanner(
            ScaleFacts(
                scaling: scaling, installation: answers.installation, state: state, activity: activity),
            timeout: answers.timeout)
    }

    private static func activity(in dependencies: Dependencies, at installation: InstallationID) async
        -> Fact<BuildActivity>
    {
        await Fact { try await BuildActivity.look(in: dependencies, at: installation) }
    }

    /// Whether the target has been reached.
    public var isDone: Bool { facts.isDone }

    /// The steps; empty where the target has been reached.
    public var plan: Plan {
        var plan = Plan.scale(facts.state.builder, scaling, at: installation, timeout: timeout)
        if isDone { plan.steps = [] }
        return plan
    }

    /// Why it is impossible, or not advisable.
    /// - Parameter isForced: whether running builds are ignored.
    public func refusal(isForced: Bool) -> InstallerError? { facts.refusal(isForced: isForced) }

    /// What the user must know before confirming.
    public var notes: [String] { facts.remark.map { ["\($0)."] } ?? [] }

    /// The messages after it is done, one line each.
    public var outcome: [String] {
        // The number of queued requests is reported where it is known.
        let held = if case .known(let activity) = facts.activity { activity.held } else { 0 }
        switch scaling {
        case .sleep:
            let waiting = held == 0 ? "" : " \(held.requests) \(held == 1 ? "waits" : "wait")."
            return [
                "BuildKit is\(isDone ? " already" : "") scaled to zero.\(waiting) New builds are queued until you run:",
                "  \((["buildkit-installer wake"] + installation.flags).joined(separator: " ")) --yes",
            ]
        case .wake:
            let waiting = held == 0 ? "" : " \(held.requestsContinue)."
            return ["BuildKit is\(isDone ? " already" : "") running.\(waiting)"]
        }
    }
}
