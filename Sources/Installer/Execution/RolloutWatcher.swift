import FoundationEssentials

/// Follows a release's pods while something waits for them: shows how far they are, and ends the wait where it cannot
/// end well.
struct RolloutWatcher {
    private static let interval = Duration.seconds(2)

    private let context: ActionContext
    private let installation: InstallationID
    private let isUndone: Bool

    /// - Parameter isUndone: whether a failure takes the pods back, so that nothing is left to look at.
    init(_ context: ActionContext, isUndone: Bool = false) {
        self.context = context
        self.isUndone = isUndone
        installation = context.plan.installation
    }

    /// Does something that waits for pods; where the pods cannot get ready, it is cancelled and the cause is thrown.
    func follow(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let before = try await look()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask {
                var judge = RolloutJudge(installation, before: before)
                while true {
                    try await context.dependencies.pause(Self.interval)
                    try await step(&judge)
                }
            }
            defer { group.cancelAll() }
            while let isDone = try await group.next() {
                if isDone { return }
            }
        }
    }

    /// Looks once, and shows what is new.
    /// - Throws: the cause for which waiting is given up, or `CancellationError`.
    func step(_ judge: inout RolloutJudge) async throws {
        guard let objects = try await look() else { return }
        let verdict = judge.judge(objects, at: context.dependencies.now())
        for line in verdict.lines { await context.say(line) }
        guard let cause = verdict.cause else { return }
        let log = await log(of: cause)
        // The BuildKit before still has the cache; this one is started again and again until that has ended.
        guard !log.contains(where: { $0.contains("another instance running") }) else { return }
        throw failure(cause, log)
    }

    /// Nil where the cluster does not say: nothing is concluded from that.
    private func look() async throws -> ReleaseObjects? {
        try Task.checkCancellation()
        do { return try await Query.objects(installation).value(from: context.dependencies.runner) } catch {
            if error is CancellationError { throw error }
            return nil
        }
    }

    /// The cause of what has failed already, by what the cluster says now; nil where it says nothing of the kind.
    /// - Parameter said: what the tool said that waited.
    func failure(_ objects: ReleaseObjects, said: String? = nil) async -> InstallerError? {
        guard let cause = CauseFinder(objects, of: installation).causes.first else { return nil }
        return failure(cause, await log(of: cause), said: said)
    }

    private func failure(_ cause: Cause, _ log: [String], said: String? = nil) -> InstallerError {
        let failure = cause.failure(installation, log: log, said: said)
        guard isUndone, let hint = failure.hint, hint.contains(": kubectl ") else { return failure }
        return InstallerError(
            failure.message, detail: failure.detail,
            hint: "\(hint)\nTo have the pods to look at, run it again with --keep-on-failure.",
            code: failure.code)
    }

    /// The last lines of the container that ended, or of the one that runs.
    private func log(of cause: Cause) async -> [String] {
        guard let pod = cause.log else { return [] }
        for isPrevious in [true, false] {
            let query = Query.lastLines(of: pod, installation, ofPrevious: isPrevious)
            // A container that has not begun has no log, which is no failure.
            if let lines = try? await query.value(from: context.dependencies.runner), !lines.isEmpty {
                return lines
            }
        }
        return []
    }
}
