import FoundationEssentials

/// Follows a release's pods while a tool waits for them: shows their progress, and ends the wait where it cannot
/// succeed.
struct RolloutWatcher {
    fileprivate static let interval = Duration.seconds(2)
    /// A pod changes several times within a moment: one look shows all of it.
    private static let shortest = Duration.milliseconds(300)

    private let context: ActionContext
    private let installation: InstallationID
    private let component: String?
    private let isUndone: Bool

    /// - Parameters:
    ///   - component: the component whose pods are awaited; nil: both.
    ///   - isUndone: whether a failure rolls the pods back, so that none is left to inspect.
    init(_ context: ActionContext, of component: String? = nil, isUndone: Bool = false) {
        self.context = context
        self.component = component
        self.isUndone = isUndone
        installation = context.plan.installation
    }

    /// A judge of the awaited pods.
    /// - Parameter objects: the objects when the wait began; nil: none of the pods existed before.
    func judge(before objects: ReleaseObjects? = nil) -> RolloutJudge {
        RolloutJudge(installation, of: component, before: objects)
    }

    /// Runs work that waits for pods; where the pods cannot become ready, it is cancelled and the cause is thrown.
    func follow(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let before = try await look()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask { try await watch(since: before) }
            defer { group.cancelAll() }
            while let isDone = try await group.next() {
                if isDone { return }
            }
        }
    }

    /// Returns only by the cause that ends the wait, or where it is cancelled.
    private func watch(since before: ReleaseObjects?) async throws -> Bool {
        let pods = installation.kubectl.look(
            "get", "pods", "--selector", KubernetesLabels.objects(of: installation), "--output",
            "json")
        return try await ClusterWatch.during(pods, in: context.dependencies) { changes in
            var judge = judge(before: before)
            while true {
                try await changes.pause(Self.interval, atLeast: Self.shortest, until: .distantFuture)
                try await step(&judge)
            }
        }
    }

    /// Reads the objects once, and shows the changes.
    /// - Parameter needsAll: false where one ready pod is enough: then another one's trouble is not the cause.
    /// - Throws: the cause that ends the wait, or `CancellationError`.
    func step(_ judge: inout RolloutJudge, needsAll: Bool = true) async throws {
        guard let objects = try await look() else { return }
        let verdict = judge.judge(objects, at: context.dependencies.now())
        for line in verdict.lines { await context.say(line) }
        if let pods = verdict.pods { await context.show(pods) }
        guard let cause = verdict.cause else { return }
        guard needsAll || !objects.pods(of: installation, component).contains(where: \.isReady) else {
            return
        }
        let log = await log(of: cause)
        // The previous BuildKit still holds the cache; this one is restarted until the previous one has ended.
        guard !log.contains(where: { $0.contains("another instance running") }) else { return }
        throw failure(cause, log)
    }

    /// Nil where the cluster does not answer: nothing is concluded from that.
    private func look() async throws -> ReleaseObjects? {
        try Task.checkCancellation()
        do { return try await Query.objects(installation).value(from: context.dependencies.runner) } catch {
            if error is CancellationError { throw error }
            return nil
        }
    }

    /// The cause of a failure, from the current objects; nil where they show none.
    /// - Parameter said: the output of the tool that waited.
    func failure(_ objects: ReleaseObjects, said: String? = nil) async -> InstallerError? {
        guard let cause = CauseFinder(objects, of: installation).causes(of: component).first else {
            return nil
        }
        return failure(cause, await log(of: cause), said: said)
    }

    private func failure(_ cause: Cause, _ log: [String], said: String? = nil) -> InstallerError {
        let failure = cause.failure(installation, log: log, said: said)
        guard isUndone, let hint = failure.hint, hint.contains(": kubectl ") else { return failure }
        return InstallerError(
            failure.message, detail: failure.detail,
            hint:
                "\(hint)\nTo keep the pods for inspection, run the same command again with --keep-on-failure.",
            code: failure.code)
    }

    /// The last lines of the container that ended, otherwise of the one that runs.
    private func log(of cause: Cause) async -> [String] {
        guard let pod = cause.log, let container = cause.container else { return [] }
        for isPrevious in [true, false] {
            let query = Query.lastLines(of: container, in: pod, installation, ofPrevious: isPrevious)
            // A container that has not started has no log, which is not a failure.
            if let lines = try? await query.value(from: context.dependencies.runner), !lines.isEmpty {
                return lines
            }
        }
        return []
    }
}

/// Watches a component's pods beside a wait that has looks of its own.
struct PodsBeside {
    private let context: ActionContext
    private let watcher: RolloutWatcher
    private var judge: RolloutJudge
    private var next: Date

    init(_ context: ActionContext, of component: String) {
        self.context = context
        watcher = RolloutWatcher(context, of: component)
        judge = watcher.judge()
        next = Self.later(context)
    }

    /// Looks at the pods, unless it did so within the last two seconds.
    /// - Throws: the cause that ends the wait, or `CancellationError`.
    mutating func look(needsAll: Bool = true) async throws {
        guard context.dependencies.now() >= next else { return }
        try await watcher.step(&judge, needsAll: needsAll)
        next = Self.later(context)
    }

    private static func later(_ context: ActionContext) -> Date {
        context.dependencies.now().addingTimeInterval(RolloutWatcher.interval / .seconds(1))
    }
}
