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
            hint: "Wait longer with --timeout, or cancel them with --force.", code: .buildsActive)
    }
}

/// Waits for the pods of a component after it was scaled or its pods were replaced.
struct DeploymentWaiter {
    /// The interval between two queries where changes are not seen.
    private static let interval = Duration.milliseconds(100)
    /// The time after which the queue of a BuildKit that wakes up is counted.
    static let patience = Duration.seconds(1)

    private let context: ActionContext
    private let installation: InstallationID
    private let component: String

    /// - Parameter component: `builder` or `proxy`.
    init(_ context: ActionContext, of component: String, at installation: InstallationID) {
        (self.context, self.component, self.installation) = (context, component, installation)
    }

    /// - Parameter name: the name of the Deployment that was scaled.
    func wait(for scaling: ScaleTarget, of name: String, timeout: Int) async throws {
        switch scaling {
        case .sleep: try await waitForEnd(of: name, timeout: timeout)
        case .wake:
            async let _ = reportQueue()
            try await waitUntilReady(timeout: timeout)
        }
    }

    /// Reports the queued requests, unless BuildKit starts before they are of interest: to count them takes a process.
    private func reportQueue() async {
        do {
            try await context.dependencies.pause(Self.patience)
            let held = try await BuildActivity.look(in: context.dependencies, at: installation).held
            if held > 0 { await context.say("\(held.requestsContinue) when BuildKit is ready") }
        } catch {
            // Nothing depends on their number.
        }
    }

    /// Waits until all pods that the component's Deployment asks for are ready.
    func waitUntilReady(timeout: Int) async throws {
        var pods = PodsBeside(context, of: component)
        try await wait(timeout) { objects in
            let state = objects.deployments(of: installation).first.map { DeploymentState($0) }
            if state?.isRolledOut(with: objects.pods(of: installation, component)) == true { return true }
            // Until the controller has seen a change, the pods are those of before.
            if state?.isObserved != false { try await pods.look() }
            return false
        } failure: {
            await notReady(after: timeout)
        }
    }

    /// Waits until a Deployment that was scaled to zero has no pods.
    ///
    /// It is found by its name: where it has lost a mark since it was scaled, its pods no longer count as the release's, and run.
    private func waitForEnd(of name: String, timeout: Int) async throws {
        try await wait(timeout) { objects in
            guard objects.runningPods(ofDeployment: name).isEmpty else { return false }
            var deployment = objects.object("Deployment", name)
            if deployment == nil {
                // One without the labels is not listed.
                let query = Query.deployment(name, installation)
                deployment = try await query.value(from: context.dependencies.runner)
            }
            // One that was deleted has no pods, either.
            return deployment.map { DeploymentState($0).isScaledToZero } ?? true
        } failure: {
            notTerminated(after: timeout)
        }
    }

    /// - Parameter isReached: whether the objects with the component's labels show what is awaited.
    private func wait(
        _ timeout: Int, until isReached: (ReleaseObjects) async throws -> Bool,
        failure: () async -> InstallerError
    ) async throws {
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        let query = Query.pods(of: installation, component)
        try await ClusterWatch.during(query.commands[0], in: context.dependencies) { changes in
            while try await !isReached(query.value(from: context.dependencies.runner)) {
                guard context.dependencies.now() < end else { throw await failure() }
                try await changes.pause(Self.interval, until: end)
            }
        }
    }

    private var selector: [String] { ["--selector", KubernetesLabels.pods(of: installation, component)] }

    private func notTerminated(after timeout: Int) -> InstallerError {
        InstallerError(
            "BuildKit has not terminated within \(timeout) seconds",
            hint: "It finishes running builds and then terminates. Check the pods: "
                + "\(installation.kubectl.command(["get", "pods"] + selector))")
    }

    private func notReady(after timeout: Int) async -> InstallerError {
        // The objects only explain the failure; the timeout is known without them.
        let objects = try? await Query.objects(installation).value(from: context.dependencies.runner)
        let deployment = objects?.deployment(of: installation, component)
        let paused = deployment.flatMap { $0.hasPausedRollout ? $0 : nil }
        let failure = await notReady(after: timeout, objects, continues: paused == nil)
        guard let paused else { return failure }
        let name = "deployment/\(paused.name)"
        let resume = "Resume it: \(installation.kubectl("rollout", "resume", name))"
        return InstallerError(
            "\(failure.message), and the rollout of \(name) is paused: its pods keep their former settings",
            detail: failure.detail, hint: [resume, failure.hint].compactMap(\.self).joined(separator: "\n"),
            code: failure.code, subject: failure.subject)
    }

    /// - Parameter continues: whether the rollout may still end well.
    private func notReady(
        after timeout: Int, _ objects: ReleaseObjects?, continues: Bool
    ) async -> InstallerError {
        if let objects, let failure = await RolloutWatcher(context, of: component).failure(objects) {
            return failure
        }
        let trouble =
            objects.map {
                $0.pods(of: installation, component).compactMap(
                    CauseFinder($0, of: installation).trouble(of:))
            } ?? []
        return InstallerError(
            "\(component == "proxy" ? "The proxy pods are" : "BuildKit is") not ready after \(timeout) seconds",
            detail: trouble.isEmpty ? nil : trouble.joined(separator: "\n"),
            hint: (continues ? "The rollout continues. " : "")
                + "Details: \(installation.kubectl.command(["describe", "pods"] + selector))",
            code: CauseCode.notReady.rawValue)
    }
}

/// A Deployment, as its controller sees it.
private struct DeploymentState {
    private let deployment: JSONValue

    init(_ deployment: JSONValue) { self.deployment = deployment }

    /// Whether the controller has seen the Deployment as it is now.
    var isObserved: Bool { count("status", "observedGeneration") >= count("metadata", "generation") }

    /// Whether the controller has no pods for it. It does not count those that are ending.
    var isScaledToZero: Bool { isObserved && count("status", "replicas") == 0 }

    /// Whether all pods are ready and of the current template. The Deployment alone, which `kubectl rollout status`
    /// looks at, still counts pods that have just been deleted.
    func isRolledOut(with pods: [JSONValue]) -> Bool {
        guard isObserved else { return false }
        let wanted = deployment["spec"]?["replicas"]?.number ?? 1
        let all = count("status", "replicas")
        // A paused one keeps the pods of the former template, and still scales them.
        let current = deployment.hasPausedRollout ? all : count("status", "updatedReplicas")
        return current >= wanted && all <= current && count("status", "availableReplicas") >= current
            && Double(pods.count { !$0.isTerminating && $0.isReady }) >= wanted
    }

    /// A number of the Deployment; the API server leaves out zeros.
    private func count(_ part: String, _ name: String) -> Double { deployment[part]?[name]?.number ?? 0 }
}
