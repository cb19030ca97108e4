import MutualTLS

/// Runs a plan: step by step, and back again when one fails.
///
/// It reports each event as it happens and returns their fold. Cancelling its task is the user's interruption: the
/// tool that is running is stopped, with all that it started.
public struct PlanExecutor: Sendable {
    private let dependencies: Dependencies

    public init(_ dependencies: Dependencies) { self.dependencies = dependencies }

    /// - Parameters:
    ///   - lease: what keeps runs on other machines away; nil: nothing has to.
    ///   - keepOnFailure: leave what was done in place when a step fails.
    ///   - aftermath: asked once, and only when the user has stopped the run.
    ///   - report: hears every event, one after the other.
    public func execute(
        _ plan: Plan, under lease: ClusterLease? = nil, keepOnFailure: Bool = false,
        interruptionPolicy: @escaping @Sendable () async -> InterruptionPolicy = { .undo },
        report: @escaping @Sendable (RunEvent) async -> Void
    ) async -> RunState {
        let dependencies = dependencies.marked(as: plan.installation)
        let recorder = RunRecorder(plan, dependencies: dependencies, report: report)
        var context = ActionContext(
            dependencies: dependencies, plan: plan, lease: lease, recorder: recorder)
        context.keepsOnFailure = keepOnFailure
        await recorder.note { .began(plan: plan, at: $0) }
        if let end = await doSteps(of: plan, in: context, recorder) {
            // Nothing from here on may be cut short by the interruption that led here.
            await Task {
                let isKept = end.wasInterrupted ? await interruptionPolicy() == .keep : keepOnFailure
                if !isKept { await undo(end.revocable, in: context, recorder) }
            }.value
        } else {
            await keepAnswers(of: plan, in: context)
        }
        await recorder.note { .ended(at: $0) }
        return await recorder.run
    }

    /// How a run came to stop, and the steps that had begun by then.
    private struct Stop {
        var steps: [Step]
        var wasInterrupted: Bool

        /// The steps since the last one that was done for good; the one at which it stopped was not.
        var revocable: [Step] {
            let last = steps.dropLast().lastIndex(where: \.commits)
            return Array(steps[(last.map { $0 + 1 } ?? 0)...])
        }
    }

    private func doSteps(of plan: Plan, in context: ActionContext, _ recorder: RunRecorder) async -> Stop? {
        for (index, step) in plan.steps.enumerated() {
            guard !Task.isCancelled else {
                await recorder.note { .interrupted(step: step.id, at: $0) }
                return Stop(steps: Array(plan.steps[..<index]), wasInterrupted: true)
            }
            await recorder.note { .started(step: step.id, at: $0) }
            do {
                if step.action.isInCluster, !step.action.makesNamespace { try await context.lease?.ensure() }
                try await step.action.perform(in: context.at(step))
                // Where there was no namespace there was no Lease; now, before anything else, there is.
                if step.action.makesNamespace { try await context.lease?.ensure() }
                await recorder.note { .finished(step: step.id, at: $0) }
            } catch {
                let wasInterrupted = Task.isCancelled
                let failure = InstallerError(error).redacted
                await recorder.note { time in
                    wasInterrupted
                        ? .interrupted(step: step.id, at: time)
                        : .failed(step: step.id, failure: failure, at: time)
                }
                return Stop(steps: Array(plan.steps[...index]), wasInterrupted: wasInterrupted)
            }
        }
        return nil
    }

    /// What was asked for is done, whether or not it can be remembered.
    private func keepAnswers(of plan: Plan, in context: ActionContext) async {
        guard let texts = plan.answers else { return }
        let path = dependencies.places.answers(of: plan.installation)
        // What is kept already is not written again: a run that changes nothing leaves no trace.
        guard (try? AnswersFile(readingFrom: path))?.texts != texts else { return }
        do throws(InstallerError) { try AnswersFile.save(texts, to: path, home: dependencies.home) } catch {
            // Without a step there is nobody who could say so.
            guard let last = plan.steps.last else { return }
            await context.at(last).say("The answers were not kept for the next time: \(error.message)")
        }
    }

    /// Takes the steps back, the last one first, as far as they are seen to have made something. What cannot be taken
    /// back is reported, and the rest goes on, but for keys that what stays may need.
    private func undo(_ steps: [Step], in context: ActionContext, _ recorder: RunRecorder) async {
        var needsKeys = false
        for step in steps.reversed() {
            let receipts = await recorder.run[step.id].receipts
            guard StepUndoer.applies(to: step, with: receipts) else { continue }
            await recorder.note { .undoing(step: step.id, at: $0) }
            let failures =
                needsKeys && receipts.contains(where: \.holdsKeys)
                ? [Self.keptKeys] : await StepUndoer(context.at(step), receipts: receipts).undo(step)
            needsKeys = needsKeys || !failures.isEmpty && receipts.contains(where: \.needsKeys)
            await recorder.note { time in
                failures.first.map { .undoFailed(step: step.id, failure: $0, at: time) }
                    ?? .undone(step: step.id, at: time)
            }
        }
    }

    private static let keptKeys = InstallerError(
        "The keys and certificates stay: what is left in the cluster may need them",
        hint: "Run the same command again: it goes on from there.")
}

extension InstallerError {
    /// Any error in the form that users are told.
    public init(_ error: any Error) {
        switch error {
        case let failure as InstallerError: self = failure
        case let refusal as PlanRefusal: self = refusal.failure
        case let error as CredentialsError: self.init(error)
        default: self.init("Something unexpected happened", detail: error.reason)
        }
    }

}

/// What becomes of the work of a run that the user stopped.
public enum InterruptionPolicy: Sendable {
    /// Take back what was done.
    case undo
    /// Leave it; a later run goes on from there.
    case keep
}

extension Action {
    /// Whether it changes something in the cluster, or rests on what is there.
    var isInCluster: Bool {
        switch self {
        case .run(let command): [.kubectl, .helm].contains(command.tool)
        case .create, .changeRelease, .uninstallRelease, .freeRelease, .applySecret, .refreshProxies,
            .awaitRollout, .awaitClientAccess, .delete, .awaitBuilder:
            true
        default: false
        }
    }

    var makesNamespace: Bool {
        if case .create(let object) = self { object.reference.kind == .namespace } else { false }
    }

    /// Does what the action says. Each case is done in one place.
    func perform(in context: ActionContext) async throws {
        switch self {
        case .run(let command): try await context.run(command)
        case .create(let object): try await ObjectCreator(context).create(object)
        case .changeRelease(let change): try await ReleaseChanger(context).change(change)
        case .uninstallRelease(let installation, let timeout):
            try await ReleaseChanger(context).uninstall(installation, timeout: timeout)
        case .freeRelease(let locked): try await ReleaseChanger(context).free(locked)
        case .issueCertificates(let order, let folder, let registry):
            try await WrittenFiles.noting(in: folder, context) {
                try await CertificateIssuer(context).issue(order, into: folder, registry)
            }
        case .bakeCertificates(let command, let folder):
            try await WrittenFiles.noting(in: folder, context) {
                try await BakedCertificates(context).bake(command, into: folder)
            }
        case .issueInner(let folder, let algorithm, let days):
            try await WrittenFiles.noting(in: folder, context) {
                try await CertificateIssuer(context).issueInner(
                    into: folder, algorithm: algorithm, days: days)
            }
        case .saveClient(let folder, let secret):
            try await WrittenFiles.noting(in: folder, context) {
                try await ClientExporter(context).save(secret, into: folder)
            }
        case .applySecret(let recipe): try await SecretWriter(context).apply(recipe)
        case .prepareRenewal(let order, let folder, let registry):
            try await CertificateRenewer(context).prepare(order, in: folder, registry)
        case .installRenewal(let folder): try await CertificateRenewer(context).install(in: folder)
        case .saveServer(let folder, let secret):
            try await ServerExporter(context).save(secret, into: folder)
        case .refreshProxies(let installation): try await ProxyRefresher(context).nudge(installation)
        case .awaitRollout(let rollout): try await RolloutWaiter(context).wait(for: rollout)
        case .issueClient(let order, let folder, let serial, let registry):
            try await ClientIssuer(context).issue(order, into: folder, replacing: serial, registry)
        case .revoke(let serials, let client, let folder):
            try await ClientIssuer(context).revoke(serials, of: client, in: folder)
        case .awaitClientAccess(let look): try await ClientAccessWaiter(context).watch(look)
        case .writeBundle(let bundle): try await ClientBundleWriter(context).write(bundle)
        case .unpackChart(let folder): try await ChartUnpacker(context).unpack(into: folder)
        case .waitForAddress(let service, let exposure, let timeout):
            try await ServiceAddressWaiter(context).wait(for: service, exposure, timeout: timeout)
        case .awaitBuilder(_, let installation, let scaling, let timeout):
            try await DeploymentWaiter(context).wait(for: scaling, at: installation, timeout: timeout)
        case .register(let registration, let found):
            try await BuilderRegistrar(context).register(registration, replacing: found)
        case .useBuilder(let name): try await BuilderRegistrar(context).use(name)
        case .verifyBuild(let verification): try await BuildVerifier(context).verify(verification)
        case .remove(let paths): try FileRemover(context).remove(paths)
        case .removeCertificates(let folder, let files):
            try FileRemover(context).removeCertificates(files, from: folder)
        case .delete(let removal): try await ObjectDeleter(context).delete(removal)
        case .forget(let paths): try FileRemover(context).remove(paths)
        case .waitForBuilds(let installation, let timeout):
            try await BuildDrainWaiter(context).wait(at: installation, timeout: timeout)
        }
    }
}
