import FoundationEssentials

/// Waits until nothing goes through the builder any more.
struct BuildDrainWaiter {
    /// How long to wait between two looks, in seconds; each look takes one or two.
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
            "Builds still ran after \(timeout) seconds: \(said)",
            hint: "Wait longer with --timeout, or break them off with --force.")
    }
}

/// Waits until BuildKit's pod has ended, or is ready.
struct DeploymentWaiter {
    private static let interval = Duration.milliseconds(500)
    /// After so many looks at the pods, one at all that could keep them.
    private static let looksPerCause = 4

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    func wait(for scaling: ScaleTarget, at installation: InstallationID, timeout: Int) async throws {
        let watcher = RolloutWatcher(context)
        var judge = RolloutJudge(installation, before: nil)
        var looks = 0
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        let look = installation.kubectl(
            "get", "pods", "--selector", KubernetesLabels.pods(of: installation, "builder"), "--output",
            "json")
        while true {
            let pods = try JSONValue(kubectl: await context.ask(look))
            guard !Self.isReached(scaling, by: pods["items"]?.array ?? []) else { return }
            guard context.dependencies.now() < end else {
                throw await failure(scaling, installation, timeout)
            }
            looks += 1
            if scaling == .wake, looks.isMultiple(of: Self.looksPerCause) { try await watcher.step(&judge) }
            try await context.dependencies.pause(Self.interval)
        }
    }

    private static func isReached(_ scaling: ScaleTarget, by pods: [JSONValue]) -> Bool {
        switch scaling {
        case .sleep: pods.isEmpty
        case .wake: pods.contains { $0["metadata"]?["deletionTimestamp"] == nil && PodProblems.isReady($0) }
        }
    }

    private func failure(_ scaling: ScaleTarget, _ installation: InstallationID, _ timeout: Int) async
        -> InstallerError
    {
        let selector = ["--selector", KubernetesLabels.pods(of: installation, "builder")]
        switch scaling {
        case .sleep:
            return InstallerError(
                "BuildKit has not ended within \(timeout) seconds",
                hint: "It finishes the builds that run, and then ends by itself. To look at it: "
                    + "\(installation.kubectl.command(["get", "pods"] + selector))")
        case .wake:
            // It only explains; that the time is up is known without it.
            let objects = try? await Query.objects(installation).value(from: context.dependencies.runner)
            if let objects, let failure = await RolloutWatcher(context).failure(objects) { return failure }
            let trouble =
                objects.map { PodProblems($0.pods(of: installation, "builder"), in: $0).sentences } ?? []
            return InstallerError(
                "BuildKit is not ready after \(timeout) seconds", detail: trouble.joined(separator: "\n"),
                hint: "It goes on trying. To look at it: "
                    + "\(installation.kubectl.command(["describe", "pods"] + selector))",
                code: CauseCode.notReady.rawValue)
        }
    }
}
