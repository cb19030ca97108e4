import FoundationEssentials

/// Waits until no build uses the builder.
struct BuildDrainWaiter {
    /// The interval between two queries, in seconds; each query takes one or two.
    private static let interval = 3

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func wait(at installation: InstallationID, timeout: Int) async throws {
        var said = ""
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        while true {
            let activity = try await BuildActivity.look(in: context.dependencies, at: installation)
            guard !activity.isNone else { return }
            if activity.inWords != said { await context.say(activity.inWords) }
            said = activity.inWords
            guard context.dependencies.now() < end else { break }
            try await context.dependencies.pause(.seconds(Self.interval))
        }
        throw InstallerError(
            "Builds are still running after \(timeout) seconds: \(said)",
            hint: "Wait longer with --timeout, or cancel them with --force.")
    }
}

/// Waits until BuildKit's pod has terminated, or is ready.
struct DeploymentWaiter {
    /// The interval between two queries where changes are not seen.
    private static let interval = Duration.milliseconds(100)
    /// The time between two queries of all objects that could block the pods, in seconds.
    private static let causeInterval = 2.0

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func wait(for scaling: ScaleTarget, at installation: InstallationID, timeout: Int) async throws {
        let watcher = RolloutWatcher(context)
        let start = context.dependencies.now()
        let end = start.addingTimeInterval(Double(timeout))
        let look = installation.kubectl.look(
            "get", "pods", "--selector", KubernetesLabels.pods(of: installation, "builder"), "--output",
            "json")
        try await ClusterWatch.during(look, in: context.dependencies) { changes in
            var judge = RolloutJudge(installation, before: nil)
            var next = start.addingTimeInterval(Self.causeInterval)
            while true {
                let pods = try JSONValue(kubectl: await context.ask(look))
                guard !Self.isReached(scaling, by: pods["items"]?.array ?? []) else { return }
                let now = context.dependencies.now()
                guard now < end else { throw await failure(scaling, installation, timeout) }
                if scaling == .wake, now >= next {
                    try await watcher.step(&judge)
                    next = context.dependencies.now().addingTimeInterval(Self.causeInterval)
                }
                try await changes.pause(Self.interval, until: end)
            }
        }
    }

    private static func isReached(_ scaling: ScaleTarget, by pods: [JSONValue]) -> Bool {
        switch scaling {
        case .sleep: pods.isEmpty
        case .wake: pods.contains { $0["metadata"]?["deletionTimestamp"] == nil && $0.isReady }
        }
    }

    private func failure(_ scaling: ScaleTarget, _ installation: InstallationID, _ timeout: Int) async
        -> InstallerError
    {
        let selector = ["--selector", KubernetesLabels.pods(of: installation, "builder")]
        switch scaling {
        case .sleep:
            return InstallerError(
                "BuildKit has not terminated within \(timeout) seconds",
                hint: "It finishes running builds and then terminates. Check the pods: "
                    + "\(installation.kubectl.command(["get", "pods"] + selector))")
        case .wake:
            // The objects only explain the failure; the timeout is known without them.
            let objects = try? await Query.objects(installation).value(from: context.dependencies.runner)
            if let objects, let failure = await RolloutWatcher(context).failure(objects) { return failure }
            let trouble =
                objects.map {
                    $0.pods(of: installation, "builder").compactMap(
                        CauseFinder($0, of: installation).trouble(of:))
                } ?? []
            return InstallerError(
                "BuildKit is not ready after \(timeout) seconds", detail: trouble.joined(separator: "\n"),
                hint: "The rollout continues. Details: "
                    + "\(installation.kubectl.command(["describe", "pods"] + selector))",
                code: CauseCode.notReady.rawValue)
        }
    }
}
