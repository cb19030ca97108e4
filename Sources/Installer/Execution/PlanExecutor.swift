import MutualTLS

/// Runs a plan step by step, and rolls back when a step fails.
///
/// It reports each event as it happens and returns their fold. The user interrupts a run by cancelling its task: the
/// running tool is stopped with all processes that it started.
public struct PlanExecutor: Sendable {
    private let dependencies: Dependencies

    public init(_ dependencies: Dependencies) { self.dependencies = dependencies }

    /// - Parameters:
    ///   - lease: excludes runs on other machines; nil: none is needed.
    ///   - keepOnFailure: keep the changes when a step fails.
    ///   - asksOnFailure: whether `interruptionPolicy` decides after a failure, too, where something can be rolled back.
    ///   - interruptionPolicy: called at most once, when the run was stopped.
    ///   - report: receives every event, in order.
    public func execute(
        _ plan: Plan, under lease: ClusterLease? = nil, keepOnFailure: Bool = false,
        asksOnFailure: Bool = false,
        interruptionPolicy: @escaping @Sendable () async -> InterruptionPolicy = { .undo },
        report: @escaping @Sendable (RunEvent) async -> Void
    ) async -> RunState {
        await ClusterConnection.sharing(dependencies.marked(as: plan.installation)) { shared in
            await PlanExecutor(shared).run(
                plan, under: lease, keepOnFailure: keepOnFailure, asksOnFailure: asksOnFailure,
                interruptionPolicy: interruptionPolicy, report: report)
        }
    }

    private func run(
        _ plan: Plan, under lease: ClusterLease?, keepOnFailure: Bool, asksOnFailure: Bool,
        interruptionPolicy: @escaping @Sendable () async -> InterruptionPolicy,
        report: @escaping @Sendable (RunEvent) async -> Void
    ) async -> RunState {
        let recorder = RunRecorder(plan, dependencies: dependencies, report: report)
        var context = ActionContext(
            dependencies: dependencies, plan: plan, lease: lease, recorder: recorder)
        context.keepsOnFailure = keepOnFailure || asksOnFailure
        await recorder.note { .began(plan: plan, at: $0) }
        if let end = await doSteps(of: plan, in: context, recorder) {
            // From here on the interruption that led here must not cancel anything.
            await Task {
                var policy = keepOnFailure ? InterruptionPolicy.keep : .undo
                let isAsked = asksOnFailure && !keepOnFailure
                let canRollBack = await recorder.run.canRollBack
                if end.wasInterrupted || (isAsked && canRollBack) {
                    policy = await interruptionPolicy()
                }
                if policy == .undo { await undo(end.revocable, in: context, recorder) }
            }.value
        } else {
            await keepAnswers(of: plan, in: context)
        }
        await recorder.note { .ended(at: $0) }
        return await recorder.run
    }

    /// How a run stopped, and the steps that had started.
    private struct Stop {
        var steps: [Step]
        var wasInterrupted: Bool

        /// The steps since the last completed one that commits; the step at which the run stopped does not count as
        /// completed.
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
                // Without a namespace there was no Lease; it is created now, before any other object.
                if step.action.makesNamespace { try await context.lease?.ensure() }
                await recorder.note { .finished(step: step.id, at: $0) }
            } catch {
                let wasInterrupted = Task.isCancelled
                let failure = pinned(
                    await InstallerError(error).explained(by: dependencies.runner).redacted, of: plan)
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

    /// The plan is done, whether or not its answers can be saved.
    private func keepAnswers(of plan: Plan, in context: ActionContext) async {
        guard let texts = plan.answers else { return }
        let path = dependencies.places.answers(of: plan.installation)
        // Unchanged answers are not written again: a run that changes nothing leaves no trace.
        guard (try? AnswersFile(savedAt: path))?.texts != texts else { return }
        do throws(InstallerError) { try AnswersFile.save(texts, to: path, home: dependencies.home) } catch {
            // Without a step there is none to report the failure.
            guard let last = plan.steps.last else { return }
            await context.at(last).say("The settings were not saved for the next run: \(error.message)")
        }
    }

    /// Rolls the steps back, the last one first, as far as they are known to have created something. What cannot be
    /// rolled back is reported and the rollback continues, except for keys that remaining objects may need.
    private func undo(_ steps: [Step], in context: ActionContext, _ recorder: RunRecorder) async {
        var needsKeys = false
        for step in steps.reversed() {
            let run = await recorder.run
            guard run.canRollBack(step) else { continue }
            let receipts = run[step.id].receipts
            await recorder.note { .undoing(step: step.id, at: $0) }
            let failures =
                if needsKeys && receipts.contains(where: \.holdsKeys) {
                    [Self.keptKeys]
                } else if let loss = await lossOfLease(before: step, in: context) {
                    [loss]
                } else {
                    await StepUndoer(context.at(step), receipts: receipts).undo(step)
                }
            needsKeys = needsKeys || !failures.isEmpty && receipts.contains(where: \.needsKeys)
            if failures.isEmpty { await recorder.note { .undone(step: step.id, at: $0) } }
            for failure in failures {
                let failure = pinned(failure, of: context.plan)
                await recorder.note { .undoFailed(step: step.id, failure: failure, at: $0) }
            }
        }
    }

    /// The failure with commands that name the installation.
    private func pinned(_ failure: InstallerError, of plan: Plan) -> InstallerError {
        failure.pinned(to: plan.installation, settings: dependencies.settings(of: plan.installation))
    }

    /// A rollback in the cluster needs the Lease as its step did: a run that was suspended may have lost it.
    private func lossOfLease(before step: Step, in context: ActionContext) async -> InstallerError? {
        guard step.action.isInCluster else { return nil }
        do { try await context.lease?.ensure() } catch { return InstallerError(error) }
        return nil
    }

    private static let keptKeys = InstallerError(
        "Keys and certificates are kept: resources left in the cluster may need them",
        hint: "Run the same command again to resume.", code: .keysKept)
}

extension InstallerError {
    /// Converts any error to the form that is shown to users.
    public init(_ error: any Error) {
        switch error {
        case let failure as InstallerError: self = failure
        case let refusal as PlanRefusal: self = refusal.failure
        case let error as CredentialsError: self.init(error)
        default: self.init("Internal error", detail: error.reason, code: .internalError)
        }
    }
}

/// Whether the changes of an interrupted run are rolled back.
public enum InterruptionPolicy: Sendable {
    /// Roll the changes back.
    case undo
    /// Keep the changes; a later run continues from there.
    case keep
}

extension Action {
    /// Whether it changes something in the cluster, or depends on the cluster's state.
    var isInCluster: Bool {
        switch self {
        case .run(let command): [.kubectl, .helm].contains(command.tool)
        case .create, .changeRelease, .uninstallRelease, .freeRelease, .applySecret, .refreshProxies,
            .awaitRollout, .awaitClientAccess, .delete, .deleteLocalCluster, .awaitBuilder, .awaitPods,
            .restart, .deletePods:
            true
        default: false
        }
    }

    var makesNamespace: Bool {
        if case .create(let object) = self { object.reference.kind == .namespace } else { false }
    }

    /// Performs the action. Each case is implemented in one place.
    func perform(in context: ActionContext) async throws {
        switch self {
        case .run(let command): try await context.run(command)
        case .create(let object): try await ObjectCreator(context).create(object)
        case .changeRelease(let change): try await ReleaseChanger(context).change(change)
        case .uninstallRelease(let installation, let revision, let timeout):
            try await ReleaseChanger(context).uninstall(installation, at: revision, timeout: timeout)
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
        case .removeFormerAuthority(let folder):
            try await CertificateRenewer(context).removeFormerAuthority(in: folder)
        case .saveServer(let folder, let secret):
            try await ServerExporter(context).save(secret, into: folder)
        case .saveRevocations(let folder, let secret):
            try await ServerExporter(context).saveRevocations(secret, into: folder)
        case .refreshProxies(let installation): try await ProxyRefresher(context).nudge(installation)
        case .restart(let installation, let deployment):
            try await DeploymentRestarter(context).restart(deployment, of: installation)
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
        case .awaitBuilder(let name, let installation, let scaling, let timeout):
            try await DeploymentWaiter(context, of: "builder", at: installation).wait(
                for: scaling, of: name, timeout: timeout)
        case .awaitPods(let component, _, let installation, let timeout):
            try await DeploymentWaiter(context, of: component, at: installation).waitUntilReady(
                timeout: timeout)
        case .register(let registration, let found):
            try await BuilderRegistrar(context).register(registration, replacing: found)
        case .useBuilder(let name): try await BuilderRegistrar(context).use(name)
        case .verifyBuild(let verification): try await BuildVerifier(context).verify(verification)
        case .remove(let paths): try FileRemover(context).remove(paths)
        case .removeCertificates(let folder, let files):
            try FileRemover(context).removeCertificates(files, from: folder)
        case .delete(let removal): try await ObjectDeleter(context).delete(removal)
        case .deletePods(let removal): try await PodDeleter(context).delete(removal)
        case .deleteLocalCluster(let removal): try await LocalClusterDeleter(context).delete(removal)
        case .forget(let paths): try FileRemover(context).remove(paths)
        case .waitForBuilds(let installation, let timeout):
            try await BuildDrainWaiter(context).wait(at: installation, timeout: timeout)
        }
    }
}
