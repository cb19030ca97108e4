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

/// Waits until a component has no pods, or until those that its Deployment asks for are ready.
struct DeploymentWaiter {
    /// The interval between two queries where changes are not seen.
    private static let interval = Duration.milliseconds(100)

    private let context: ActionContext
    private let installation: InstallationID
    private let component: String

    /// - Parameter component: `builder` or `proxy`.
    init(_ context: ActionContext, of component: String, at installation: InstallationID) {
        (self.context, self.component, self.installation) = (context, component, installation)
    }

    func wait(for scaling: ScaleTarget, timeout: Int) async throws {
        let end = context.dependencies.now().addingTimeInterval(Double(timeout))
        let query = Query.pods(of: installation, component)
        try await ClusterWatch.during(query.commands[0], in: context.dependencies) { changes in
            var pods = PodsBeside(context, of: component)
            while true {
                let objects = try await query.value(from: context.dependencies.runner)
                let state = ComponentState(objects, of: component, at: installation)
                guard !state.isReached(scaling) else { return }
                guard context.dependencies.now() < end else { throw await failure(scaling, timeout) }
                // Until the controller has seen a change, the pods are those of before.
                if scaling == .wake, state.isObserved { try await pods.look() }
                try await changes.pause(Self.interval, until: end)
            }
        }
    }

    private func failure(_ scaling: ScaleTarget, _ timeout: Int) async -> InstallerError {
        let selector = ["--selector", KubernetesLabels.pods(of: installation, component)]
        switch scaling {
        case .sleep:
            return InstallerError(
                "BuildKit has not terminated within \(timeout) seconds",
                hint: "It finishes running builds and then terminates. Check the pods: "
                    + "\(installation.kubectl.command(["get", "pods"] + selector))")
        case .wake:
            // The objects only explain the failure; the timeout is known without them.
            let objects = try? await Query.objects(installation).value(from: context.dependencies.runner)
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
                hint: "The rollout continues. Details: "
                    + "\(installation.kubectl.command(["describe", "pods"] + selector))",
                code: CauseCode.notReady.rawValue)
        }
    }
}

/// A component's Deployment, and its pods.
private struct ComponentState {
    private let deployment: JSONValue?
    private let pods: [JSONValue]

    init(_ objects: ReleaseObjects, of component: String, at installation: InstallationID) {
        deployment = objects.deployments(of: installation).first
        pods = objects.pods(of: installation, component)
    }

    /// Whether the controller has seen the Deployment as it is now.
    var isObserved: Bool { count("status", "observedGeneration") >= count("metadata", "generation") }

    func isReached(_ scaling: ScaleTarget) -> Bool { scaling == .sleep ? pods.isEmpty : isRolledOut }

    /// Whether all pods are ready and of the current template. The Deployment alone, which `kubectl rollout status`
    /// looks at, still counts pods that have just been deleted.
    private var isRolledOut: Bool {
        guard let deployment, isObserved else { return false }
        let wanted = deployment["spec"]?["replicas"]?.number ?? 1
        let updated = count("status", "updatedReplicas")
        return updated >= wanted && count("status", "replicas") <= updated
            && count("status", "availableReplicas") >= updated
            && Double(pods.count { !$0.isTerminating && $0.isReady }) >= wanted
    }

    /// A number of the Deployment; the API server leaves out zeros.
    private func count(_ part: String, _ name: String) -> Double { deployment?[part]?[name]?.number ?? 0 }
}
